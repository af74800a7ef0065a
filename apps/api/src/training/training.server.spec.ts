/** With a worker: from a table to what its models say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLoggedInTeam, call, startApi, type TestApi } from '../../../../test/support/api.js';
import { type LiveMessage, openSocket } from '../../../../test/support/live.js';
import { aKoiTable } from '../../../../test/support/tables.js';
import { Trainer } from '../../../../test/support/trainer.js';
import { startWorker, type WorkerProcess } from '../../../../test/support/worker-process.js';
import { ApiProcessModule } from '../api-process.module.js';
import { createApp } from '../http/create-app.js';

/** Shallow and loud, as the confirmed ones of the table are. */
const SIGNAL = { period: 10, depth: 300, snr: 34, source: 'KEPLER' };
const PLANET = { ...SIGNAL, radius: 1.9 };
/** Of the larger table: takes some seconds. */
const SLOW = { selected_model: 'random_forest', n_estimators: 5000, max_depth: 6 };

describe('training over the api', () => {
  let api: TestApi;
  let worker: WorkerProcess;
  let trainer: Trainer;
  let datasetId: string;
  let largeDatasetId: string;

  beforeAll(async () => {
    api = await startApi(createApp, ApiProcessModule, { OUTBOX_POLL_SECONDS: '0.5' });
    // On the database and the queues of this process.
    worker = await startWorker({ TELEMETRY_UPDATE_INTERVAL: '0.1' });
    trainer = new Trainer(await aLoggedInTeam(api));
    datasetId = await trainer.upload(aKoiTable());
    largeDatasetId = await trainer.upload(aKoiTable({ rows: 3000 }));
  });
  afterAll(async () => {
    worker?.signal('SIGKILL');
    await worker?.ended;
    await api.close();
  });

  const version = async (name: string, at: string) =>
    (await trainer.team.get(`/api/v1/models/${name}/versions/${at}`)).body;

  it('D.1 D.3 D.4 D.19 D.22 D.23 goes from an uploaded table to a prediction by what it trained', async () => {
    const { status, body } = await trainer.ask(datasetId, { name: 'my-koi' });
    expect([status, body]).toEqual([
      202,
      {
        job_id: expect.any(String),
        status: 'queued',
        message: 'my-koi@1.0.0 waits to be trained',
      },
    ]);
    const job = await trainer.ended(body.job_id);
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(job).toMatchObject({
      type: 'training',
      status: 'completed',
      progress: 100,
      dataset_id: datasetId,
      params: { name: 'my-koi', version: '1.0.0', target_column: 'disposition', seed: 1 },
      results: {
        status: 'completed',
        accuracy: expect.any(Number),
        model_path: '/api/v1/models/my-koi/versions/1.0.0',
        model: { name: 'my-koi', version: '1.0.0', sha256 },
        metrics: { macro_auc: expect.any(Number) },
      },
    });
    expect(job.results.accuracy).toBeGreaterThan(0.7);
    expect((await trainer.predict('my-koi', PLANET)).body).toMatchObject({
      prediction: { class_name: 'CONFIRMED' },
      model: { name: 'my-koi', version: '1.0.0', sha256: job.results.model.sha256 },
    });
    expect(await version('my-koi', 'champion')).toMatchObject({
      version: '1.0.0',
      owner: 'team',
      created_by: trainer.team.email,
      metadata: { framework: 'lightfold', training: { seed: 1 } },
    });
    const validated = await trainer.team.post('/api/v1/models/my-koi/versions/1.0.0/validate');
    expect(validated.body).toMatchObject({ is_good: true });
  });

  it.each([
    ['extra_trees', { n_estimators: 20 }],
    ['gradient_boosting', { n_estimators: 20 }],
    ['logistic_regression', {}],
    ['k_nearest', { neighbours: 7 }],
  ])('D.8 trains %s, and its model predicts', async (selected_model, settings) => {
    const name = selected_model.replaceAll('_', '-');
    const model_config = { selected_model, ...settings };
    const results = await trainer.trained(datasetId, { name, model_config });
    expect(results.accuracy).toBeGreaterThan(0.6);
    const { body } = await trainer.predict(name, PLANET);
    expect(body.prediction.class_name).toBe('CONFIRMED');
  });

  it('D.18 trains ridge and a forest for a regression', async () => {
    for (const selected_model of ['ridge', 'random_forest']) {
      const name = `radius-by-${selected_model.replaceAll('_', '-')}`;
      const results = await trainer.trained(datasetId, {
        name,
        target_column: 'radius',
        task_type: 'regression',
        model_config: { selected_model },
        roles: { disposition: 'ignore' },
      });
      expect(results.metrics.r2).toBeGreaterThan(0.5);
      const { body } = await trainer.predict(name, { ...SIGNAL, depth: 1000 });
      expect(body.prediction.value).toBeGreaterThan(2);
    }
    const plots = '/api/v1/models/radius-by-ridge/versions/latest/plots';
    expect((await trainer.team.get(`${plots}/importances.svg`)).status).toBe(200);
    expect((await trainer.team.get(`${plots}/confusion.svg`)).body.type).toBe(
      '/problems/not-found',
    );
  });

  it('D.8 encodes, balances, cross-validates and searches as it is asked to', async () => {
    const results = await trainer.trained(datasetId, {
      name: 'searched',
      model_config: { selected_model: 'gradient_boosting', n_estimators: 10 },
      encoding: 'target',
      imbalance: 'smote',
      split: { method: 'group', test_share: 0.25 },
      roles: { kepid: 'group' },
      folds: 3,
      search: { trials: 3, rungs: 1 },
      seed: 5,
    });
    const { body } = await trainer.team.get('/api/v1/models/searched/versions/latest/report');
    expect(body.fold_scores).toHaveLength(3);
    expect(body.metrics).toEqual(results.metrics);
    expect(body.roles).toContainEqual({ name: 'kepid', role: 'group', why: 'asked for' });
    expect((await version('searched', '1.0.0')).metadata.training.seed).toBe(5);
  });

  it('makes the same model of the same table and seed, and another of another seed', async () => {
    const sha256Of = async (fields: object) =>
      (await trainer.trained(datasetId, fields)).model.sha256;
    const [one, again, other] = [
      await sha256Of({ seed: 3 }),
      await sha256Of({ seed: 3 }),
      await sha256Of({ seed: 4 }),
    ];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('D.5 D.20 D.21 tells epochs and metrics as they are, and at last what came of it', async () => {
    const jobId = await trainer.start(largeDatasetId, { name: 'watched', model_config: SLOW });
    const client = await openSocket(api, jobId, { token: trainer.team.accessToken });
    await expect.poll(() => client.messages.at(-1)?.type, { timeout: 50_000 }).toBe('complete');
    client.socket.close();
    const told = client.messages.filter(
      (message): message is LiveMessage & Epochs => 'epoch' in message,
    );
    expect(told.length).toBeGreaterThan(1);
    for (const message of told) {
      expect(message).toMatchObject({
        type: 'progress',
        task_id: jobId,
        status: 'running',
        stage: 'fit',
        epoch: expect.any(Number),
        total_epochs: 5000,
        metrics: { accuracy: expect.any(Number) },
      });
      expect(message.message).toMatch(/^Training: \d+ of 5000, accuracy 0\.\d{4}$/);
      expect(message.progress).toBeGreaterThan(5);
    }
    const epochs = told.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(client.messages.at(-1)).toMatchObject({
      type: 'complete',
      progress: 100,
      message: '1 of 1 tasks completed',
      results: {
        status: 'completed',
        accuracy: expect.any(Number),
        model_path: '/api/v1/models/watched/versions/1.0.0',
      },
    });
  }, 60_000);

  it('D.7 is gone within a second when it is cancelled, and registers nothing', async () => {
    const jobId = await trainer.start(largeDatasetId, { name: 'cancelled', model_config: SLOW });
    await expect
      .poll(async () => (await trainer.team.get(`/api/v1/jobs/${jobId}`)).body.stage, {
        timeout: 20_000,
      })
      .toBe('fit');
    const start = performance.now();
    await trainer.team.post(`/api/v1/jobs/${jobId}/cancel`);
    const end = () =>
      worker.lines.find((line) => line.msg === 'Task ended' && line.jobId === jobId)?.outcome;
    await expect.poll(end, { interval: 20 }).toBe('cancelled');
    expect(performance.now() - start).toBeLessThan(1000);
    expect((await trainer.team.get('/api/v1/models/cancelled')).status).toBe(404);
    expect((await trainer.team.get(`/api/v1/jobs/${jobId}`)).body).toMatchObject({
      status: 'cancelled',
      results: null,
    });
  });

  it('lets the first version serve, and the next wait until it is promoted', async () => {
    await trainer.trained(datasetId, { name: 'again' });
    const { model } = await trainer.trained(datasetId, { name: 'again', seed: 2 });
    expect(model.version).toBe('1.1.0');
    const { body } = await trainer.team.get('/api/v1/models/again');
    expect(body.aliases).toEqual({ champion: '1.0.0', latest: '1.1.0' });
    expect((await trainer.predict('again', PLANET)).body.model.version).toBe('1.0.0');
    expect((await trainer.predict('again@latest', PLANET)).body.model.version).toBe('1.1.0');
  });

  it('D.21 keeps a card, a report and plots beside the version', async () => {
    await trainer.trained(datasetId, { name: 'pictured', description: 'Tells planets apart' });
    const path = '/api/v1/models/pictured/versions/champion';
    const read = (rest: string) =>
      fetch(`${api.url}${path}/${rest}`, {
        headers: { authorization: `Bearer ${trainer.team.accessToken}` },
      });
    const card = await (await read('card')).text();
    expect(card).toContain('# pictured 1.0.0\n\nTells planets apart');
    const addresses = [...card.matchAll(/!\[[^\]]+\]\((plots\/\w+\.svg)\)/g)].map(([, at]) => at);
    expect(addresses).toHaveLength(5);
    for (const address of addresses) {
      const svg = await read(address);
      expect(svg.headers.get('content-type')).toBe('image/svg+xml');
      expect(await svg.text()).toContain('pictured 1.0.0: ');
      const png = await read(address.replace('.svg', '.png'));
      const bytes = Buffer.from(await png.arrayBuffer());
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    }
    const { body: report } = await trainer.team.get(`${path}/report`);
    const counted = report.confusion.flat().reduce((sum: number, count: number) => sum + count, 0);
    expect(counted).toBe(report.rows.tested);
    expect(report.classes.map(({ label }: { label: string }) => label)).toEqual([
      'CANDIDATE',
      'CONFIRMED',
      'FALSE POSITIVE',
    ]);
    expect(report.classes[0].curve[0]).toEqual({
      threshold: null,
      false_positive_rate: 0,
      true_positive_rate: 0,
      precision: 1,
    });
    expect(report.importances).toHaveLength(5);
  });

  it('D.26 fails with a sentence its owner can act on where nothing can be learnt', async () => {
    const jobId = await trainer.start(datasetId, {
      target_column: 'source',
      task_type: 'regression',
    });
    const job = await trainer.ended(jobId);
    expect([job.status, job.results]).toEqual(['failed', null]);
    expect(job.message).toMatch(/"source" has "(KEPLER|TESS)", which is not a number/);
    const { body } = await trainer.team.get(`/api/v1/jobs/${jobId}/tasks`);
    expect(body.items[0]).toMatchObject({
      status: 'failed',
      failure: { kind: 'usage', code: 'cannot_train' },
    });
  });

  it('D.27 measures trainings as it measures all kinds of tasks', async () => {
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    expect(metrics).toMatch(
      /lightfold_tasks_total\{kind="training",outcome="completed",app="worker"\} [1-9]/,
    );
    expect(metrics).toMatch(/lightfold_orphaned_tasks\{app="worker"\} 0/);
    const { body } = await trainer.team.get('/api/v1/workers/status');
    expect(body.workers[0].queues).toContain('training');
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'training', ready: 0 }));
    expect((await call(api, 'GET', '/metrics')).body).toContain('lightfold_outbox_pending');
  });
});

interface Epochs {
  readonly epoch: number;
  readonly message: string;
  readonly progress: number;
}
