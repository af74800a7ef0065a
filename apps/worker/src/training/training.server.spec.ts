/** Trainings whose workers are killed or stopped, whose messages come twice, whose Redis is emptied. */
import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bullOptions, TaskQueue } from '#platform/queues';
import { aTraining } from '../../../../test/support/job-rows.js';
import { quiet } from '../../../../test/support/quiet.js';
import { aDataset, aFile } from '../../../../test/support/rows.js';
import { setting } from '../../../../test/support/services.js';
import { aKoiTable } from '../../../../test/support/tables.js';
import type { WorkerProcess } from '../../../../test/support/worker-process.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';
import { attemptVersionId, keysOfEarlierVersions } from './attempt-version.js';

/** Of its own: it is emptied. */
const REDIS_DATABASE = 8;
const TABLE = aKoiTable();

let world: WorkerWorld;
let redis: Redis;
let fileId: string;
let objectKey: string;

beforeEach(async () => {
  const url = `${setting('REDIS_URL').replace(/\/\d*$/, '')}/${REDIS_DATABASE}`;
  world = await aWorkerWorld({ REDIS_URL: url });
  redis = new Redis(url);
  await storeTable();
});
afterEach(async () => {
  redis.disconnect();
  await world.close();
});

/** As validation leaves it. */
async function storeTable() {
  const { database, teamId, store } = world;
  objectKey = `teams/${teamId}/uploads/${randomUUID()}`;
  await store.put(objectKey, TABLE, 'text/csv');
  const { id: datasetId } = await aDataset(database, { teamId, kind: 'table' });
  const sha256 = createHash('sha256').update(TABLE).digest('hex');
  const file = { filename: 'koi.csv', objectKey, sha256, sizeBytes: BigInt(TABLE.length) };
  fileId = (await aFile(database, { teamId, datasetId, ...file })).id;
}

async function start(params: object = {}) {
  const { jobId, taskIds } = await aTraining(world.database, world.teamId, { fileId, ...params });
  return { jobId, taskId: taskIds[0] };
}

const jobRow = (id: string) => world.database.job.findUniqueOrThrow({ where: { id } });
const taskRow = (id: string) => world.database.task.findUniqueOrThrow({ where: { id } });
const untilJob = (id: string, status: string) =>
  expect.poll(async () => (await jobRow(id)).status, { timeout: 30_000 }).toBe(status);
/** Of the team: those of the platform are there as well. */
const versions = () =>
  world.database.modelVersion.findMany({
    where: { model: { teamId: world.teamId } },
    include: { model: true },
    orderBy: { version: 'asc' },
  });
const ends = async (jobId: string) => {
  const events = await world.database.jobEvent.findMany({ where: { jobId } });
  return events.filter(({ body }) => (body as { type: string }).type === 'complete');
};
const isStored = async (key: string) => (await world.store.head(key)) !== null;
const ownerOf = async (taskId: string, workers: readonly WorkerProcess[]) => {
  const { leaseOwner } = await taskRow(taskId);
  return workers.find(({ pid }) => leaseOwner?.endsWith(`-${pid}`))!;
};
const untilHeld = () => expect.poll(() => world.proxy.held, { timeout: 30_000 }).toBe(1);

/** The last object that a training stores. */
const LAST = '/importances.png';

describe('a training', () => {
  it('D.7 D.26 goes on with another worker when its own is killed: one version, and no rests', async () => {
    const letGo = world.proxy.hold(LAST, 'PUT');
    const { jobId, taskId } = await start();
    const workers = [await world.startWorker(), await world.startWorker()];
    await untilHeld();
    const leftBehind = keysOfEarlierVersions({ taskId, attempt: 2 }).filter(
      (key) => !key.endsWith(LAST),
    );
    for (const key of leftBehind) expect([key, await isStored(key)]).toEqual([key, true]);
    const victim = await ownerOf(taskId, workers);
    victim.signal('SIGKILL');
    expect(await victim.ended).toBe('SIGKILL');
    letGo();

    await untilJob(jobId, 'completed');
    expect(await taskRow(taskId)).toMatchObject({ attempt: 2, failures: 1 });
    expect(await versions()).toMatchObject([
      {
        id: attemptVersionId({ taskId, attempt: 2 }),
        version: '1.0.0',
        model: { name: 'a-model' },
      },
    ]);
    expect(await ends(jobId)).toHaveLength(1);
    await expect
      .poll(async () => Promise.all(leftBehind.map(isStored)), { timeout: 20_000 })
      .toEqual(leftBehind.map(() => false));
    for (const key of keysOfEarlierVersions({ taskId, attempt: 3 }).slice(leftBehind.length + 1)) {
      expect([key, await isStored(key)]).toEqual([key, true]);
    }
  });

  it('D.26 is done when Redis was emptied while it was queued', async () => {
    // Relays and reaps, and takes no training.
    await world.startWorker({ WORKER_QUEUES: 'validation' });
    const { jobId, taskId } = await start();
    const waiting = () => redis.llen(`{${world.queuePrefix}lightfold}:training:wait`);
    await expect.poll(waiting).toBe(1);
    await expect.poll(async () => (await taskRow(taskId)).publishedAt).not.toBeNull();
    await redis.flushdb();
    expect(await waiting()).toBe(0);
    const worker = await world.startWorker();
    await untilJob(jobId, 'completed');
    expect(await taskRow(taskId)).toMatchObject({ attempt: 1, failures: 0 });
    expect(await versions()).toHaveLength(1);
    expect(worker.errors()).toBe('');
  });

  it('D.26 ends as if nothing was when Redis is emptied while it runs, and others follow', async () => {
    const worker = await world.startWorker();
    const letGo = world.proxy.hold(objectKey);
    const { jobId } = await start();
    await untilHeld();
    await redis.flushdb();
    letGo();
    await untilJob(jobId, 'completed');
    const next = await start({ version: '1.1.0' });
    await untilJob(next.jobId, 'completed');
    expect((await versions()).map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
    expect(worker.errors()).toBe('');
  });

  it('is done once when its message comes twice, and again when it is done', async () => {
    const settings = {
      REDIS_URL: world.redisUrl,
      REDIS_PASSWORD: undefined,
      QUEUE_PREFIX: world.queuePrefix,
    };
    const queue = new TaskQueue('training', bullOptions(settings), quiet);
    await vi.waitUntil(() => queue.isConnected);
    const workers = [await world.startWorker(), await world.startWorker()];
    const letGo = world.proxy.hold(objectKey);
    const { jobId, taskId } = await start();
    await untilHeld();
    const { teamId } = world;
    const again = () =>
      queue.publish('training', {
        task_id: taskId,
        job_id: jobId,
        team_id: teamId,
        request_id: null,
      });
    const inVain = () =>
      workers.flatMap(({ lines }) =>
        lines.filter(
          ({ msg, taskId: of }) => msg === 'Nothing to do for a message' && of === taskId,
        ),
      ).length;
    await again();
    await expect.poll(inVain).toBe(1);
    letGo();
    await untilJob(jobId, 'completed');
    await again();
    await expect.poll(inVain).toBe(2);
    await queue.close();
    expect(await taskRow(taskId)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(await versions()).toHaveLength(1);
    expect(await ends(jobId)).toHaveLength(1);
  });

  it('D.28 is handed to another when its worker is stopped, and that is no failure', async () => {
    const letGo = world.proxy.hold(objectKey);
    const first = await world.startWorker({ DRAIN_SECONDS: '0' });
    const { jobId, taskId } = await start();
    await untilHeld();
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    letGo();
    await world.startWorker();
    await untilJob(jobId, 'completed');
    expect(await taskRow(taskId)).toMatchObject({ attempt: 2, failures: 0 });
    expect(await versions()).toHaveLength(1);
  });

  it('reads only what was validated: a URL signed for the upload may still be good', async () => {
    await world.store.put(objectKey, aKoiTable({ seed: 12 }), 'text/csv');
    await world.startWorker();
    const { jobId, taskId } = await start();
    await untilJob(jobId, 'failed');
    expect((await taskRow(taskId)).failure).toMatchObject({ kind: 'usage', code: 'file_changed' });
    expect(await versions()).toEqual([]);
  });

  it('waits for its owner where the storage of the team is full', async () => {
    const { database, teamId } = world;
    const setQuota = (storageQuotaBytes: bigint) =>
      database.team.update({ where: { id: teamId }, data: { storageQuotaBytes } });
    await setQuota(1n);
    await world.startWorker();
    const { jobId, taskId } = await start();
    await untilJob(jobId, 'failed');
    expect((await taskRow(taskId)).failure).toMatchObject({ kind: 'usage', code: 'version_full' });
    expect(await versions()).toEqual([]);
    await setQuota(10n ** 9n);
    await world.jobs.replayTask(teamId, taskId);
    await untilJob(jobId, 'completed');
    expect(await versions()).toHaveLength(1);
  });

  it('gives way where its version was registered meanwhile, and leaves nothing behind', async () => {
    const letGo = world.proxy.hold(objectKey);
    const both = [await start(), await start()];
    await world.startWorker();
    await expect.poll(() => world.proxy.held, { timeout: 30_000 }).toBe(2);
    letGo();
    const states = async () => await Promise.all(both.map(({ jobId }) => jobRow(jobId)));
    await expect
      .poll(async () => (await states()).map(({ status }) => status).sort(), { timeout: 30_000 })
      .toEqual(['completed', 'failed']);
    const failed = (await states()).find(({ status }) => status === 'failed')!;
    const { taskId } = both.find(({ jobId }) => jobId === failed.id)!;
    expect(await taskRow(taskId)).toMatchObject({
      status: 'failed',
      failure: { kind: 'usage', code: 'version_taken' },
    });
    expect(await versions()).toHaveLength(1);
    const keys = keysOfEarlierVersions({ taskId, attempt: 2 });
    await expect
      .poll(async () => Promise.all(keys.map(isStored)), { timeout: 20_000 })
      .toEqual(keys.map(() => false));
  });
});
