/** What is queued and what is refused, without a worker. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { aVersion } from '../../../../test/support/models.js';
import { aDataset, aFile, aModelRow, countMessages } from '../../../../test/support/rows.js';
import { Trainer } from '../../../../test/support/trainer.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

const COLUMNS = ['kepid', 'depth', 'a/b', 'disposition'];

describe('POST /api/v1/train', () => {
  let api: TestApi;
  let trainer: Trainer;
  let datasetId: string;

  beforeAll(async () => {
    api = await startApi(createApp, AppModule, { TRAINING_MAX_CELLS: '5000' });
    trainer = new Trainer(await aLoggedInTeam(api));
    datasetId = await aTable();
  });
  afterAll(() => api.close());

  /** A table as its validation has left it. */
  async function aTable({ rows = 100, files = 1, ...fields }: Fields = {}): Promise<string> {
    const { teamId } = trainer.team;
    const { id } = await aDataset(api.database, { teamId, kind: 'table', ...fields });
    for (let position = 0; position < files; position++) {
      const summary = { points: rows, columns: COLUMNS };
      await aFile(api.database, { teamId, datasetId: id, position, filename: 'a.csv', summary });
    }
    return id;
  }

  const taskOf = (jobId: string) =>
    api.database.task.findFirstOrThrow({ where: { jobId }, include: { job: true } });

  it('D.18 D.19 queues one task with all that is known of the wish', async () => {
    const jobId = await trainer.start(datasetId, { name: 'mine', seed: 7 });
    const task = await taskOf(jobId);
    expect(task).toMatchObject({ kind: 'training', status: 'queued', target: 'mine@1.0.0' });
    expect(task.payload).toMatchObject({ requested_by: trainer.team.userId });
    expect(task.job.params).toMatchObject({
      name: 'mine',
      version: '1.0.0',
      description: 'A classification of disposition by random forest, learnt from Dataset.',
      target_column: 'disposition',
      encoding: 'one_hot',
      split: { test_share: 0.2 },
      seed: 7,
    });
    expect(await countMessages(api.database, [task.id], 'training')).toBe(1);
  });

  it('gives a model without a name one that nobody has', async () => {
    const jobs = [await trainer.start(datasetId), await trainer.start(datasetId)];
    const names = await Promise.all(jobs.map(async (id) => (await taskOf(id)).target));
    expect(names[0]).toMatch(/^random-forest-[0-9a-f]{12}@1\.0\.0$/);
    expect(new Set(names).size).toBe(2);
  });

  it('counts versions on from those that are registered and those under way, also at once', async () => {
    const { teamId } = trainer.team;
    const { metadata } = aVersion({ name: 'counted', version: '2.3.1' });
    await aModelRow(api.database, { teamId, name: 'counted', metadata });
    const asked = await Promise.all(
      [1, 2, 3].map(() => trainer.start(datasetId, { name: 'counted' })),
    );
    const targets = await Promise.all(asked.map(async (id) => (await taskOf(id)).target));
    expect(targets.sort()).toEqual(['counted@2.4.0', 'counted@2.5.0', 'counted@2.6.0']);
  });

  it('refuses a version that is registered or being trained, and a name of the platform', async () => {
    const wish = { name: 'taken', version: '1.0.0' };
    await trainer.start(datasetId, wish);
    const { status, body } = await trainer.ask(datasetId, wish);
    expect([status, body.type]).toEqual([409, '/problems/version-in-training']);
    expect(body.detail).toContain('taken@1.0.0');
    const { metadata } = aVersion({ name: 'registered' });
    await aModelRow(api.database, { teamId: trainer.team.teamId, name: 'registered', metadata });
    const registered = await trainer.ask(datasetId, { name: 'registered', version: '1.0.0' });
    expect([registered.status, registered.body.type, registered.body.is_registered]).toEqual([
      409,
      '/problems/version-exists',
      true,
    ]);
    const ofPlatform = await trainer.ask(datasetId, { name: 'koi-forest' });
    expect([ofPlatform.status, ofPlatform.body.type]).toEqual([403, '/problems/platform-model']);
  });

  it('D.25 gives a version free again when its training was cancelled', async () => {
    const wish = { name: 'freed', version: '1.0.0' };
    const jobId = await trainer.start(datasetId, wish);
    await trainer.team.post(`/api/v1/jobs/${jobId}/cancel`);
    expect((await trainer.ask(datasetId, wish)).status).toBe(202);
  });

  it('is done once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [one, again] = [
      await trainer.ask(datasetId, {}, key),
      await trainer.ask(datasetId, {}, key),
    ];
    expect([again.status, again.body]).toEqual([202, one.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it.each([
    ['pending_upload', 'The upload is not complete'],
    ['validating', 'still being validated'],
    ['invalid', 'The validation found errors'],
    ['expired', 'not finished in time'],
  ] as const)('refuses a dataset that is %s', async (status, why) => {
    const answer = await trainer.ask(await aTable({ status }));
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      type: '/problems/dataset-not-valid',
      dataset_status: status,
      detail: expect.stringContaining(why),
    });
  });

  it('refuses light curves, two tables, and one that is too large', async () => {
    const { body: curves } = await trainer.ask(await aTable({ kind: 'light_curve' }));
    expect([curves.type, curves.detail]).toEqual([
      '/problems/dataset-not-valid',
      'The dataset is of light curves; a model learns from a table.',
    ]);
    const { body: two } = await trainer.ask(await aTable({ files: 2 }));
    expect(two.detail).toBe('The dataset has 2 tables; a model learns from one.');
    const { status, body: large } = await trainer.ask(await aTable({ rows: 2000 }));
    expect(status).toBe(409);
    expect(large).toMatchObject({
      type: '/problems/table-too-large',
      rows: 2000,
      columns: 4,
      most_cells: 5000,
    });
  });

  it('D.25 names every column that the table does not have', async () => {
    const { status, body } = await trainer.ask(datasetId, {
      target_column: 'verdict',
      roles: { depth: 'number', 'x/y': 'group' },
      encodings: { 'a/b': 'ordinal', colour: 'target' },
    });
    expect(status).toBe(422);
    const has = 'it has kepid, depth, a/b, disposition';
    expect(body.errors).toEqual([
      { pointer: '#/target_column', detail: `The table has no column "verdict"; ${has}` },
      { pointer: '#/roles/x~1y', detail: `The table has no column "x/y"; ${has}` },
      { pointer: '#/encodings/colour', detail: `The table has no column "colour"; ${has}` },
    ]);
  });

  it.each([
    [{ model_config: { selected_model: 'catboost' } }, '#/model_config/selected_model'],
    [{ model_config: { selected_model: 'ridge' } }, '#/model_config/selected_model'],
    [{ model_config: { selected_model: 'ridge', neighbours: 5 } }, '#/model_config/neighbours'],
    [{ task_type: 'clustering' }, '#/task_type'],
    [{ name: '../etc/passwd' }, '#/name'],
    [{ version: '1' }, '#/version'],
    [{ epochs: 5 }, '#/epochs'],
  ])('D.25 refuses %j, and says where', async (fields, pointer) => {
    const { status, body } = await trainer.ask(datasetId, fields);
    expect(status).toBe(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('D.25 is for those who may work, on what is theirs', async () => {
    const reviewer = new Trainer(await aLoggedInMember(api, trainer.team, 'reviewer'));
    expect((await reviewer.ask(datasetId)).status).toBe(403);
    const stranger = new Trainer(await aLoggedInTeam(api));
    const { status, body } = await stranger.ask(datasetId);
    expect([status, body.type]).toEqual([404, '/problems/not-found']);
  });

  it('leaves nothing behind when it is refused', async () => {
    const jobs = () => api.database.job.count();
    const before = await jobs();
    await trainer.ask(datasetId, { target_column: 'verdict' });
    expect(await jobs()).toBe(before);
  });
});

interface Fields {
  readonly rows?: number;
  readonly files?: number;
  readonly kind?: 'light_curve' | 'table';
  readonly status?: 'valid' | 'pending_upload' | 'validating' | 'invalid' | 'expired';
}
