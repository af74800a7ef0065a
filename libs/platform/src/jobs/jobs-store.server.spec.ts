import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { LEASES } from '../../../../test/support/lease-options.js';
import { quiet } from '../../../../test/support/quiet.js';
import { aDetection, aValidation } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import { JobsStore, Leases, Notifications, silentAnnouncer } from './index.js';

let database: PrismaDatabase;
let databaseUrl: string;
let drop: () => Promise<void>;
let teamId: string;
let leases: Leases;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  ({ database, url: databaseUrl, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(async () => {
  await database.pool.query('TRUNCATE teams, outbox, workers CASCADE');
  teamId = (await aTeam(database)).id;
  leases = new Leases(database, LEASES, silentAnnouncer);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const claim = async (taskId: string) => (await leases.claim(taskId, 'worker-a'))!.lease;
const taskRow = (id: string) => database.task.findUniqueOrThrow({ where: { id } });

describe('JobsStore', () => {
  const store = () => new JobsStore(database, silentAnnouncer);
  const jobRow = (id: string) => database.job.findUniqueOrThrow({ where: { id } });

  it('cancels what waits and what runs, at once, and tells the workers', async () => {
    const notifications = new Notifications(databaseUrl, quiet);
    cleanups.push(() => notifications.close());
    const heard: string[] = [];
    notifications.listen('lightfold_cancelled', (payload) => heard.push(payload));
    await expect.poll(() => heard).toEqual(['']); // it listens
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 3 });
    const lease = await claim(taskIds[0]);
    const done = await claim(taskIds[1]);
    await leases.complete(done, async () => undefined, {});

    expect(await store().cancel(teamId, jobId)).toEqual({
      outcome: 'cancelled',
      status: 'cancelled',
    });
    expect((await Promise.all(taskIds.map(taskRow))).map((task) => task.status)).toEqual([
      'cancelled',
      'completed',
      'cancelled',
    ]);
    await expect.poll(() => heard).toContain(jobId);
    const beat = { lease, progress: 1, stage: 'search', message: '' };
    expect(await leases.heartbeat([beat])).toEqual({ lost: [], cancelled: [lease] });
    await expect(leases.complete(lease, async () => undefined, {})).rejects.toThrow('lease');
    expect(await leases.claim(taskIds[2], 'worker-b')).toBeNull();
    expect(await jobRow(jobId)).toMatchObject({ status: 'cancelled', tasksCompleted: 1 });
    expect(await database.outboxMessage.count()).toBe(0);
  });

  it('cancels twice as once, and says how a finished job ended', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    await leases.complete(await claim(taskIds[0]), async () => undefined, {});
    expect(await store().cancel(teamId, jobId)).toEqual({
      outcome: 'finished',
      status: 'completed',
    });
    const second = await aDetection(database, teamId);
    await store().cancel(teamId, second.jobId);
    const before = (await jobRow(second.jobId)).eventSeq;
    expect(await store().cancel(teamId, second.jobId)).toMatchObject({ outcome: 'cancelled' });
    expect((await jobRow(second.jobId)).eventSeq).toBe(before);
  });

  it('finds nothing of another team', async () => {
    const stranger = (await aTeam(database)).id;
    const { jobId, taskIds } = await aDetection(database, teamId);
    expect(await store().cancel(stranger, jobId)).toBeNull();
    expect(await store().replayTask(stranger, taskIds[0])).toBeNull();
    expect((await jobRow(jobId)).status).toBe('queued');
  });

  it('leaves a dataset invalid whose validation was cancelled', async () => {
    const { jobId, datasetId } = await aValidation(database, teamId, [{ filename: 'a.fits' }]);
    await store().cancel(teamId, jobId);
    const dataset = await database.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    expect(dataset.status).toBe('invalid');
  });

  it('replays a parked task with all its attempts, and judges its dataset anew', async () => {
    const { jobId, datasetId, taskIds, fileIds } = await aValidation(database, teamId, [
      { filename: 'a.fits' },
    ]);
    const failure = { kind: 'fatal', code: 'bug', message: 'It broke' } as const;
    await leases.fail(await claim(taskIds[0]), failure);
    await database.outboxMessage.deleteMany();
    expect(await store().replayTask(teamId, taskIds[0])).toEqual({ outcome: 'replayed', jobId });
    expect(await taskRow(taskIds[0])).toMatchObject({
      status: 'queued',
      failures: 0,
      failure: null,
    });
    expect(await jobRow(jobId)).toMatchObject({
      status: 'queued',
      tasksFailed: 0,
      finishedAt: null,
    });
    const read = () => database.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    expect((await read()).status).toBe('validating');
    await leases.complete(
      await claim(taskIds[0]),
      async (client) => {
        await client.query(`UPDATE dataset_files SET status = 'valid' WHERE id = $1`, [fileIds[0]]);
      },
      {},
    );
    expect((await read()).status).toBe('valid');
    expect(await jobRow(jobId)).toMatchObject({ status: 'completed', tasksCompleted: 1 });
  });

  it('refuses to replay what has not failed', async () => {
    const { taskIds } = await aDetection(database, teamId);
    expect(await store().replayTask(teamId, taskIds[0])).toMatchObject({
      outcome: 'refused',
      taskStatus: 'queued',
    });
  });

  it('C.30 counts what waits and what runs, by kind', async () => {
    const { taskIds } = await aDetection(database, teamId, { targets: 3 });
    await aValidation(database, teamId, [{ filename: 'a.fits' }, { filename: 'b.fits' }]);
    await claim(taskIds[0]);
    expect(await store().backlog()).toEqual([
      { kind: 'validation', state: 'queued', tasks: 2 },
      { kind: 'detection', state: 'queued', tasks: 2 },
      { kind: 'detection', state: 'running', tasks: 1 },
    ]);
    expect(await store().outboxPending()).toBe(5);
  });
});
