import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInMember,
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import {
  aDataset,
  aFile,
  aJob,
  anEvent,
  aTask,
  countMessages,
} from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';

describe('detections', () => {
  let api: TestApi;
  let team: Client;
  let others: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    [team, others] = await Promise.all([aLoggedInTeam(api), aLoggedInTeam(api)]);
  });
  afterAll(() => api.close());

  const teamDataset = (fields: object = {}) =>
    aDataset(api.database, { teamId: team.teamId, ...fields });
  const teamFile = (datasetId: string, fields: object = {}) =>
    aFile(api.database, { teamId: team.teamId, datasetId, ...fields });
  const teamJob = (fields: object = {}) => aJob(api.database, { teamId: team.teamId, ...fields });

  async function aSearchableDataset() {
    const { id } = await teamDataset();
    await teamFile(id);
    return id;
  }

  describe('POST /api/v1/run', () => {
    it('B.4 queues one task per target, files of one target together', async () => {
      const { id } = await teamDataset();
      const one = await teamFile(id, { position: 0, target: 'KIC 1' });
      const other = await teamFile(id, { position: 1, target: 'TIC 2' });
      const again = await teamFile(id, { position: 2, target: 'kic  1' });
      await teamFile(id, { position: 3, target: 'KIC 3', status: 'invalid' });
      const nameless = await teamFile(id, { position: 4, target: null, filename: 'star.fits.gz' });

      const { status, body } = await team.post('/api/v1/run', { dataset_id: id });

      expect(status).toBe(202);
      expect(body).toEqual({ job_id: expect.any(String), status: 'queued' });
      const tasks = await api.database.task.findMany({
        where: { jobId: body.job_id },
        orderBy: { target: 'asc' },
      });
      expect(tasks.map(({ target, payload }) => [target, payload])).toEqual([
        ['KIC 1', { file_ids: [one.id, again.id] }],
        ['TIC 2', { file_ids: [other.id] }],
        ['star', { file_ids: [nameless.id] }],
      ]);
      const ids = tasks.map(({ id }) => id);
      expect(await countMessages(api.database, ids, 'detection')).toBe(3);
    });

    it('B.5 B.29 B.31 shows the job it made: queued, with all parameters and its first event', async () => {
      const datasetId = await aSearchableDataset();
      const { body } = await team.post('/api/v1/run', {
        dataset_id: datasetId,
        params: { max_planets: 2, max_period_days: 20 },
      });
      const status = await team.get(`/api/v1/status/${body.job_id}`);
      expect(status.body).toMatchObject({
        job_id: body.job_id,
        type: 'detection',
        dataset_id: datasetId,
        status: 'queued',
        progress: 0,
        tasks: { total: 1, completed: 0, failed: 0 },
        params: {
          min_period_days: 0.5,
          max_period_days: 20,
          max_planets: 2,
          detrend: 'biweight',
          seed: 1,
        },
        seq: 1,
        finished_at: null,
      });
      expect(new Date(status.body.created_at).getTime()).toBeGreaterThan(Date.now() - 60_000);
    });

    it.each([
      ['pending_upload', 'The upload is not complete'],
      ['validating', 'still being validated'],
      ['invalid', 'The validation found errors'],
      ['expired', 'not finished in time'],
    ])('refuses a dataset that is %s', async (datasetStatus, why) => {
      const { id } = await teamDataset({ status: datasetStatus });
      await teamFile(id);
      const { status, body } = await team.post('/api/v1/run', { dataset_id: id });
      expect(status).toBe(409);
      expect(body).toMatchObject({
        type: '/problems/dataset-not-valid',
        dataset_status: datasetStatus,
        detail: expect.stringContaining(why),
      });
    });

    it('refuses a table, and a dataset without files', async () => {
      const table = await teamDataset({ kind: 'table' });
      await teamFile(table.id);
      const empty = await teamDataset();
      const [ofTable, ofEmpty] = await Promise.all(
        [table, empty].map(({ id }) => team.post('/api/v1/run', { dataset_id: id })),
      );
      expect([ofTable.status, ofTable.body.detail]).toEqual([
        409,
        'The dataset is a table; a search needs light curves.',
      ]);
      expect([ofEmpty.status, ofEmpty.body.type]).toEqual([409, '/problems/dataset-not-valid']);
    });

    it('names every fault of the parameters', async () => {
      const { status, body } = await team.post('/api/v1/run', {
        dataset_id: randomUUID(),
        params: { min_period_days: 0, max_planet: 3, max_planets: 999 },
      });
      expect(status).toBe(422);
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
        '#/params/max_planet',
        '#/params/max_planets',
        '#/params/min_period_days',
      ]);
      const swapped = await team.post('/api/v1/run', {
        dataset_id: randomUUID(),
        params: { min_period_days: 5, max_period_days: 3 },
      });
      expect(swapped.body.errors).toEqual([
        { pointer: '#/params/max_period_days', detail: 'Must be longer than min_period_days' },
      ]);
    });

    it('leaves nothing behind when it is refused', async () => {
      const jobs = () => api.database.job.count({ where: { teamId: team.teamId } });
      const before = await jobs();
      const { id } = await teamDataset({ status: 'invalid' });
      await team.post('/api/v1/run', { dataset_id: id });
      expect(await jobs()).toBe(before);
    });

    it('is for those who may work, not for reviewers', async () => {
      const reviewer = await aLoggedInMember(api, team, 'reviewer');
      const datasetId = await aSearchableDataset();
      const { status } = await reviewer.post('/api/v1/run', { dataset_id: datasetId });
      expect(status).toBe(403);
    });
  });

  describe('GET /api/v1/status/{job_id}', () => {
    it('B.30 waits for news when asked to', async () => {
      const { id } = await teamJob({ status: 'running' });
      await anEvent(api.database, id);
      const waiting = team.get(`/api/v1/status/${id}?wait_seconds=20&after=1`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const start = performance.now();
      await anEvent(api.database, id);
      const { status, body } = await waiting;
      expect([status, body.seq]).toEqual([200, 2]);
      expect(performance.now() - start).toBeLessThan(10_000);
    });

    it('answers at once when there is news, and when the job is over', async () => {
      const running = await teamJob({ status: 'running' });
      await anEvent(api.database, running.id);
      const over = await teamJob({ status: 'completed', finishedAt: new Date() });
      const start = performance.now();
      await team.get(`/api/v1/status/${running.id}?wait_seconds=30&after=0`);
      await team.get(`/api/v1/status/${over.id}?wait_seconds=30`);
      expect(performance.now() - start).toBeLessThan(5000);
    });

    it('answers what there is when the time is up', async () => {
      const { id } = await teamJob();
      const { status, body } = await team.get(`/api/v1/status/${id}?wait_seconds=0.2&after=5`);
      expect([status, body.status]).toEqual([200, 'queued']);
    });

    it('refuses to wait longer than half a minute', async () => {
      const { id } = await teamJob();
      const { status, body } = await team.get(`/api/v1/status/${id}?wait_seconds=31`);
      expect([status, body.errors[0].pointer]).toEqual([422, '#/wait_seconds']);
    });
  });

  describe('GET /api/v1/jobs', () => {
    it('lists the newest first, page by page, filtered', async () => {
      const lister = await aLoggedInTeam(api);
      const mine = (fields: object) => aJob(api.database, { teamId: lister.teamId, ...fields });
      const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
      const jobs = [];
      for (const minute of [1, 2, 2, 3]) jobs.push(await mine({ createdAt: at(minute) }));
      await mine({ type: 'validation', status: 'failed', createdAt: at(4) });

      const first = await lister.get('/api/v1/jobs?type=detection&limit=2');
      const second = await lister.get(
        `/api/v1/jobs?type=detection&limit=2&cursor=${first.body.next_cursor}`,
      );
      const shown = [...first.body.items, ...second.body.items].map((job) => job.job_id);
      expect(shown).toHaveLength(4);
      expect(new Set(shown)).toEqual(new Set(jobs.map((job) => job.id)));
      expect([shown[0], shown[3]]).toEqual([jobs[3].id, jobs[0].id]);
      expect(second.body.next_cursor).toBeNull();
      const failed = await lister.get('/api/v1/jobs?status=failed');
      expect(failed.body.items).toMatchObject([{ type: 'validation', status: 'failed' }]);
    });

    it('refuses a cursor it did not make, and a status there is not', async () => {
      expect((await team.get('/api/v1/jobs?cursor=abc')).body.errors[0].pointer).toBe('#/cursor');
      expect((await team.get('/api/v1/jobs?status=done')).status).toBe(422);
    });
  });

  describe('a job', () => {
    it('D.4 is cancelled once, with its tasks', async () => {
      const datasetId = await aSearchableDataset();
      const { body } = await team.post('/api/v1/run', { dataset_id: datasetId });
      const path = `/api/v1/jobs/${body.job_id}`;
      const [one, again] = [await team.post(`${path}/cancel`), await team.post(`${path}/cancel`)];
      expect([one.status, one.body.status, again.status]).toEqual([200, 'cancelled', 200]);
      const tasks = await team.get(`${path}/tasks`);
      expect(tasks.body.items).toMatchObject([{ target: 'KIC 1', status: 'cancelled' }]);
    });

    it('cannot be cancelled when it is over', async () => {
      const { id } = await teamJob({ status: 'completed', finishedAt: new Date() });
      const { status, body } = await team.post(`/api/v1/jobs/${id}/cancel`);
      expect([status, body.type]).toEqual([409, '/problems/job-finished']);
    });

    it('tells which of its tasks were given up, and why', async () => {
      const job = await teamJob({ status: 'failed', tasksTotal: 2, tasksFailed: 1 });
      const failure = { kind: 'usage', code: 'no-points', message: 'The curve has no points.' };
      const parked = await aTask(api.database, {
        teamId: team.teamId,
        jobId: job.id,
        status: 'parked',
        failure,
      });
      await aTask(api.database, { teamId: team.teamId, jobId: job.id, status: 'completed' });
      const { body } = await team.get(`/api/v1/jobs/${job.id}/tasks?status=parked`);
      expect(body.items).toMatchObject([{ task_id: parked.id, status: 'parked', failure }]);
    });
  });

  describe('a task', () => {
    it('A.19 is shown with its state and progress', async () => {
      const job = await teamJob();
      const task = await aTask(api.database, { teamId: team.teamId, jobId: job.id, progress: 40 });
      const { status, body } = await team.get(`/api/v1/tasks/${task.id}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ task_id: task.id, job_id: job.id, progress: 40 });
    });

    it('is replayed when it was parked, and its job opens again', async () => {
      const job = await teamJob({
        status: 'failed',
        tasksTotal: 1,
        tasksFailed: 1,
        finishedAt: new Date(),
      });
      const task = await aTask(api.database, {
        teamId: team.teamId,
        jobId: job.id,
        status: 'parked',
        attempt: 3,
      });
      const { status, body } = await team.post(`/api/v1/tasks/${task.id}/replay`);
      expect([status, body.status]).toEqual([202, 'queued']);
      expect((await team.get(`/api/v1/jobs/${job.id}`)).body.status).toBe('queued');
    });

    it('cannot be replayed while it is queued', async () => {
      const job = await teamJob();
      const task = await aTask(api.database, { teamId: team.teamId, jobId: job.id });
      const { status, body } = await team.post(`/api/v1/tasks/${task.id}/replay`);
      expect(status).toBe(409);
      expect(body).toMatchObject({
        type: '/problems/task-not-replayable',
        task_status: 'queued',
        detail: `Task ${task.id} is queued; only a failed or parked one can be replayed.`,
      });
    });
  });

  it("answers another team as it answers for what does not exist, in every route's words", async () => {
    const datasetId = await aSearchableDataset();
    const job = await teamJob({ tasksTotal: 1 });
    const task = await aTask(api.database, { teamId: team.teamId, jobId: job.id });
    const asked: [string, (id: string) => string, string][] = [
      ['GET', (id) => `/api/v1/status/${id}`, job.id],
      ['GET', (id) => `/api/v1/jobs/${id}`, job.id],
      ['POST', (id) => `/api/v1/jobs/${id}/cancel`, job.id],
      ['GET', (id) => `/api/v1/jobs/${id}/tasks`, job.id],
      ['GET', (id) => `/api/v1/tasks/${id}`, task.id],
      ['POST', (id) => `/api/v1/tasks/${id}/replay`, task.id],
    ];
    const headers = { authorization: `Bearer ${others.accessToken}` };
    for (const [method, path, id] of asked) {
      const nobodys = randomUUID();
      const [foreign, missing] = await Promise.all(
        [id, nobodys].map((of) => call(api, method, path(of), { headers })),
      );
      expect([method, foreign.status, missing.status]).toEqual([method, 404, 404]);
      expect(JSON.stringify(foreign.body).replaceAll(id, nobodys)).toBe(
        JSON.stringify(missing.body),
      );
    }
    const run = await others.post('/api/v1/run', { dataset_id: datasetId });
    expect(run.status).toBe(404);
    expect((await team.get(`/api/v1/jobs/${job.id}`)).body.status).toBe('queued');
  });

  it('asks everybody who they are', async () => {
    const id = randomUUID();
    for (const path of ['status', 'jobs', 'tasks']) {
      expect((await call(api, 'GET', `/api/v1/${path}/${id}`)).status).toBe(401);
    }
  });
});
