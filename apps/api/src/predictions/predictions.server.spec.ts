import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVersion } from '#inference';
import { ModelsStore } from '#platform/models';
import { ObjectStore } from '#platform/storage';
import {
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aModelFolder, type ModelFolder } from '../../../../test/support/model-folder.js';
import {
  aCategory,
  aNumber,
  evenly,
  softmax,
  type VersionOptions,
} from '../../../../test/support/models.js';
import { countMessages } from '../../../../test/support/rows.js';
import { aStoredModel } from '../../../../test/support/stored-models.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

/** The inputs that A.26 names. */
const COLUMNS = [
  aNumber('period', { least: 0, unit: 'd' }),
  aNumber('radius'),
  ...['period_err', 'radius_err'].map((name) =>
    aNumber(name, {
      when_missing: { impute: 0 },
      missing_share: 0.1,
      distribution: evenly(-1, 1),
    }),
  ),
  aCategory('source', ['KEPLER', 'TESS'], { when_missing: 'unknown', missing_share: 0.1 }),
];
const WEIGHTS = [[0.01, 0, 0], [0, 0.1, 0], ...[0, 1, 2, 3].map(() => [0, 0, 0])];
const KOI: VersionOptions = { name: 'koi-one', columns: COLUMNS, weights: WEIGHTS };
const INPUTS = { period: 10, radius: 2, period_err: 0.01, radius_err: 0.1, source: 'KEPLER' };

describe('predictions', () => {
  let folder: ModelFolder;
  let api: TestApi;
  let team: Client;
  let others: Client;

  beforeAll(async () => {
    folder = await aModelFolder([
      KOI,
      { ...KOI, version: '1.1.0', bias: [0, 0, 9] },
      { ...KOI, name: 'koi-two', bias: [2, 0, 0] },
      { name: 'views', columns: [aNumber('a'), aNumber('b'), aNumber('c')] },
    ]);
    const { registry } = folder;
    await registry.move('koi-one', 'champion', '1.0.0', 'test', '');
    await registry.move('koi-one', 'challenger', '1.1.0', 'test', '');
    api = await startApi(createApp, AppModule, {
      MODEL_REGISTRY_PATH: registry.folder,
      DEFAULT_MODEL: 'koi-one',
      MAX_BATCH_SIZE: '100',
    });
    team = await aLoggedInTeam(api);
    others = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await folder.remove();
  });

  const predict = (body: object, client = team) => client.post('/api/v1/predict', body);
  const expected = softmax([0.1, 0.2, 0]);

  describe('POST /api/v1/predict', () => {
    it('A.17 A.26 E.7 E.10 says a class, how sure it is, and which version said so', async () => {
      const { status, body } = await predict({ inputs: INPUTS });
      expect(status).toBe(200);
      expect(body).toEqual({
        prediction: { class_name: 'CANDIDATE', confidence: expect.closeTo(expected[1], 6) },
        model: {
          name: 'koi-one',
          version: '1.0.0',
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        input_schema: 'inputs',
        variant: 'champion',
      });
    });

    it('E.8 takes a vector, gives all probabilities, and lets the model be named', async () => {
      const { body } = await predict({
        features: [10, 2, 0, 0, 1, 0],
        model: 'koi-one@latest',
        return_probabilities: true,
      });
      expect(body.model.version).toBe('1.1.0');
      expect(body.variant).toBe('named');
      const sum = Object.values<number>(body.prediction.probabilities).reduce((a, b) => a + b);
      expect(Object.keys(body.prediction.probabilities)).toEqual([
        'CONFIRMED',
        'CANDIDATE',
        'FALSE_POSITIVE',
      ]);
      expect(sum).toBeCloseTo(1, 6);
    });

    it('E.9 asks all models that take the input, and says how far they agree', async () => {
      const { body } = await predict({ inputs: INPUTS, return_all_models: true });
      expect(body).toEqual({
        ensemble_prediction: { class_name: 'CONFIRMED', confidence: expect.any(Number) },
        agreement_score: 0.5,
        individual_predictions: {
          'koi-one': expect.objectContaining({ class_name: 'CANDIDATE', version: '1.0.0' }),
          'koi-two': expect.objectContaining({ class_name: 'CONFIRMED', version: '1.0.0' }),
        },
      });
    });

    it('warns of what the model has hardly seen, and counts it', async () => {
      const { body } = await predict({ inputs: { ...INPUTS, period: 5000 } });
      expect(body.drift.warnings).toEqual([
        { column: 'period', value: 5000, message: expect.stringContaining('99.8 %') },
      ]);
      const { body: metrics } = await call(api, 'GET', '/metrics');
      expect(metrics).toMatch(/lightfold_input_drift_total\{model="koi-one"[^}]*\} 1/);
    });

    it('keeps each with model, version and SHA-256, for its team alone', async () => {
      const before = await api.database.prediction.count({ where: { teamId: others.teamId } });
      const { body, headers } = await predict({ inputs: INPUTS });
      const row = await api.database.prediction.findFirst({
        where: { teamId: team.teamId, requestId: headers.get('x-request-id') },
      });
      expect(row).toMatchObject({
        modelName: 'koi-one',
        modelVersion: '1.0.0',
        modelSha256: body.model.sha256,
        inputSchema: 'inputs',
        input: INPUTS,
        output: { class_name: 'CANDIDATE', probabilities: expect.any(Object) },
        variant: 'champion',
      });
      const after = await api.database.prediction.count({ where: { teamId: others.teamId } });
      expect(after).toBe(before);
    });

    it.each([
      [{ inputs: { ...INPUTS, period: 'long' } }, '#/inputs/period', 'must be a number'],
      [{ inputs: { ...INPUTS, period: -1 } }, '#/inputs/period', 'at least 0 d'],
      [{ inputs: { ...INPUTS, source: 'PLATO' } }, '#/inputs/source', 'one of KEPLER, TESS'],
      [{ inputs: { radius: 2 } }, '#/inputs/period', 'is missing'],
      [{ inputs: { ...INPUTS, mass: 1 } }, '#/inputs/mass', 'is none of period'],
      [{ features: [1, 2] }, '#/features', 'must have 6 numbers, not 2'],
      [{ features: [1, 2, null, 0, 0, 0] }, '#/features/2', ''],
      [{ inputs: INPUTS, features: [1] }, '#/inputs', 'either inputs or features'],
      [{}, '#/inputs', 'either inputs or features'],
      [{ input: INPUTS }, '#/input', 'is not a known field'],
    ])('E.33 refuses %j', async (body, pointer, detail) => {
      const answer = await predict({ model: 'koi-one', ...body });
      expect([answer.status, answer.body.type]).toEqual([422, '/problems/invalid-request']);
      const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
      expect(pointers).toContain(pointer);
      expect(answer.body.detail).toContain(detail);
    });

    it('says what each model takes where none takes the input', async () => {
      const { status, body } = await predict({ inputs: { mass: 1 } });
      expect([status, body.type]).toEqual([422, '/problems/no-model-fits']);
      expect(body.models).toContainEqual({ name: 'views', takes: ['a, b, c'] });
    });

    it.each(['koi-three', 'koi-one@9.9.9', 'koi-one@champion@x'])(
      'does not know the model %s',
      async (model) => {
        const { status, body } = await predict({ model, inputs: INPUTS });
        expect([status, body.type]).toEqual([404, '/problems/not-found']);
        expect(body.detail).toContain(model);
      },
    );
  });

  describe('POST /api/v1/predict/batch', () => {
    const batch = (body: object) => team.post('/api/v1/predict/batch', body);

    it('A.18 A.27 answers many inputs in their order', async () => {
      const predictions = Array.from({ length: 100 }, (_, i) => ({ ...INPUTS, period: i + 1 }));
      const { status, body } = await batch({ predictions, return_probabilities: true });
      expect(status).toBe(200);
      expect(body.predictions).toHaveLength(100);
      for (const [i, { prediction }] of body.predictions.entries()) {
        const [confirmed] = softmax([0.01 * (i + 1), 0.2, 0]);
        expect(prediction.probabilities.CONFIRMED).toBeCloseTo(confirmed, 6);
      }
    });

    it('E.11 answers vectors', async () => {
      const samples = [
        [10, 2, 0, 0, 1, 0],
        [1000, 2, 0, 0, 1, 0],
      ];
      const { body } = await batch({ samples });
      const classes = body.predictions.map(
        (each: { prediction: { class_name: string } }) => each.prediction.class_name,
      );
      expect(classes).toEqual(['CANDIDATE', 'CONFIRMED']);
    });

    it('A.32 refuses more than fit, and names every fault by its place', async () => {
      const tooMany = await batch({ predictions: Array.from({ length: 101 }, () => INPUTS) });
      expect([tooMany.status, tooMany.body.type]).toEqual([422, '/problems/batch-too-large']);
      expect(tooMany.body.most).toBe(100);
      const faulty = await batch({
        model: 'koi-one',
        predictions: [INPUTS, { ...INPUTS, period: 'x' }, { radius: 1 }],
      });
      expect(faulty.body.errors).toEqual([
        { pointer: '#/predictions/1/period', detail: 'must be a number, not "x"' },
        { pointer: '#/predictions/2/period', detail: 'is missing' },
      ]);
    });
  });

  describe('with Prefer: respond-async', () => {
    const later = (path: string, body: object, prefer = 'respond-async, wait=5') =>
      call(api, 'POST', `/api/v1/predict${path}`, {
        body,
        headers: { authorization: `Bearer ${team.accessToken}`, prefer },
      });
    const taskRow = (id: string) => api.database.task.findUniqueOrThrow({ where: { id } });

    it.each([
      ['', { inputs: INPUTS }, 'one'],
      ['', { inputs: INPUTS, return_all_models: true }, 'all_models'],
      ['/batch', { predictions: [INPUTS, INPUTS] }, 'batch'],
    ])('A.17 A.18 queues POST /predict%s for a worker', async (path, body, asked) => {
      const { status, headers, body: accepted } = await later(path, body);
      expect(status).toBe(202);
      expect(headers.get('preference-applied')).toBe('respond-async');
      expect(accepted).toEqual({
        task_id: expect.any(String),
        job_id: expect.any(String),
        status: 'queued',
      });
      const { kind, payload } = await taskRow(accepted.task_id);
      expect([kind, payload]).toEqual(['prediction', expect.objectContaining({ asked })]);
      expect(await countMessages(api.database, [accepted.task_id], 'prediction')).toBe(1);
      const task = await team.get(`/api/v1/tasks/${accepted.task_id}`);
      expect(task.body).toMatchObject({ kind: 'prediction', result: null });
    });

    it('A.19 shows the result once a worker has written it, to the team alone', async () => {
      const { body: accepted } = await later('', { inputs: INPUTS });
      const result = { prediction: { class_name: 'CONFIRMED', confidence: 0.9 } };
      const data = { status: 'completed', result } as const;
      await api.database.task.update({ where: { id: accepted.task_id }, data });
      const path = `/api/v1/tasks/${accepted.task_id}`;
      expect((await team.get(path)).body).toMatchObject({ status: 'completed', result });
      expect((await others.get(path)).status).toBe(404);
    });

    it('refuses at once what cannot be done later, either', async () => {
      expect((await later('', { inputs: INPUTS, model: 'koi-three' })).status).toBe(404);
      const tooMany = Array.from({ length: 101 }, () => INPUTS);
      expect((await later('/batch', { predictions: tooMany })).status).toBe(422);
      expect((await later('', {})).status).toBe(422);
    });

    it('answers at once where another preference is named', async () => {
      expect((await later('', { inputs: INPUTS }, 'return=minimal')).status).toBe(200);
    });
  });

  it('E.23 E.24 E.25 E.26 E.27 shows what is predicted, how fast, and what is in memory', async () => {
    await predict({ inputs: INPUTS });
    const { body } = await call(api, 'GET', '/metrics');
    expect(body).toMatch(
      /predictions_total\{model="koi-one",variant="champion",outcome="answered"[^}]*\} [1-9]/,
    );
    expect(body).toMatch(/prediction_latency_seconds_bucket\{.*kind="one".*\} [1-9]/);
    expect(body).toMatch(/model_load_time_seconds(\{[^}]*\})? 0\.\d+/);
    expect(body).toMatch(/active_models_count(\{[^}]*\})? [1-3]\n/);
    expect(body).toMatch(/cache_hits_total(\{[^}]*\})? [1-9]/);
    expect(body).toMatch(/cache_misses_total(\{[^}]*\})? [1-9]/);
    expect(body).toMatch(/lightfold_prediction_rows_waiting(\{[^}]*\})? 0/);
  });

  describe('a model whose file is damaged in the store', () => {
    it('E.31 is a problem document, and the others go on', async () => {
      await aStoredModel(api.database, api.app.get(ObjectStore), {
        teamId: team.teamId,
        name: 'broken',
        stored: { 'inputs.onnx': Buffer.from('no graph') },
      });
      const input = { inputs: { period: 10, radius: 2 }, model: 'broken' };
      const { status, body, headers } = await predict(input);
      expect([status, body.type]).toEqual([503, '/problems/model-unavailable']);
      expect(body.model).toBe('broken@1.0.0');
      expect(body.detail).toContain('inputs.onnx is not the file that was registered');
      expect(headers.get('retry-after')).toBe('30');
      expect((await predict({ inputs: INPUTS })).status).toBe(200);
      expect((await predict(input, others)).status).toBe(404);
    });
  });

  it('takes in the platform’s models once, and refuses one that changed under its name', async () => {
    const store = api.app.get(ModelsStore);
    const before = await api.database.modelAliasMove.count();
    await store.publish(await folder.registry.list());
    expect(await api.database.modelAliasMove.count()).toBe(before);
    const other = await folder.draft({ ...KOI, bias: [1, 1, 1] });
    const changed = await openVersion(other, 'koi-one@1.0.0');
    const model = {
      name: 'koi-one',
      versions: new Map([['1.0.0', changed]]),
      moves: [],
    };
    await expect(store.publish([model])).rejects.toThrow(/koi-one 1\.0\.0 .* give what changed/);
  });
});
