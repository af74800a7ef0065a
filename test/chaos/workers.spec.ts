/** What becomes of tasks while the workers that run them are killed, frozen, stopped or misled. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCurveCsv } from '../support/curves.js';
import type { WorkerProcess } from '../support/worker-process.js';
import { aWorkerWorld, type WorkerWorld } from '../support/worker-world.js';

const PLANET = { filename: 'planet.csv', bytes: aCurveCsv({ depthPpm: 3000 }) };

let world: WorkerWorld;

beforeEach(async () => {
  world = await aWorkerWorld();
});
afterEach(() => world.close());

const jobRow = (id: string) => world.database.job.findUniqueOrThrow({ where: { id } });
const taskOf = (jobId: string) => world.database.task.findFirstOrThrow({ where: { jobId } });
const untilJob = (id: string, status: string, timeout = 60_000) =>
  expect.poll(async () => (await jobRow(id)).status, { timeout }).toBe(status);
const untilHeld = (count = 1) =>
  expect.poll(() => world.proxy.held, { timeout: 30_000 }).toBe(count);
const ownerOf = async (jobId: string, workers: readonly WorkerProcess[]) => {
  const { leaseOwner } = await taskOf(jobId);
  const owner = workers.find(({ pid }) => leaseOwner?.endsWith(`-${pid}`));
  if (!owner) throw new Error(`No worker of ours holds the task: ${leaseOwner}`);
  return owner;
};

/** A validated dataset of one planet, before the interesting workers start. */
async function aPlanet(): Promise<{ datasetId: string; fileIds: string[] }> {
  const worker = await world.startWorker();
  const { datasetId, fileIds, jobId } = await world.validate([PLANET]);
  await untilJob(jobId, 'completed');
  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
  return { datasetId, fileIds };
}

describe('a worker that is killed in the middle of a task', () => {
  it('leaves it to another, which stores one set of results', async () => {
    const { datasetId, fileIds } = await aPlanet();
    const workers = [await world.startWorker(), await world.startWorker()];
    // The first attempt has stored its plots and stands before its report.
    const letGo = world.proxy.hold('/1/report.pdf', 'PUT');
    const jobId = await world.detect(datasetId, fileIds);
    await untilHeld();
    const victim = await ownerOf(jobId, workers);
    const { id: taskId } = await taskOf(jobId);
    const leftBehind = `teams/${world.teamId}/jobs/${jobId}/${taskId}/1/1-phase.svg`;
    expect(await world.store.head(leftBehind)).not.toBeNull();
    victim.signal('SIGKILL');
    expect(await victim.ended).toBe('SIGKILL');
    letGo();

    await untilJob(jobId, 'completed');
    const task = await taskOf(jobId);
    expect(task).toMatchObject({ status: 'completed', attempt: 2, failures: 1 });
    const candidates = await world.database.candidate.findMany({ where: { jobId } });
    expect(candidates.map((candidate) => candidate.rank)).toEqual([
      ...new Set(candidates.map((candidate) => candidate.rank)),
    ]);
    expect(candidates.length).toBe((task.result as { candidates: number }).candidates);
    expect(candidates.length).toBeGreaterThan(0);
    for (const { plots } of candidates) {
      for (const key of Object.values(plots as Record<string, string>)) {
        expect(key).toContain('/2/');
        expect(await world.store.head(`${key}.svg`)).not.toBeNull();
      }
    }
    // What the dead one had stored is cleared away.
    await expect.poll(() => world.store.head(leftBehind), { timeout: 20_000 }).toBeNull();
    const events = await world.database.jobEvent.findMany({ where: { jobId } });
    const ends = events.filter((event) => (event.body as { type: string }).type === 'complete');
    expect(ends).toHaveLength(1);
  });

  it('costs the task an attempt each time, until it is parked', async () => {
    const { datasetId, fileIds } = await aPlanet();
    const letGo = world.proxy.hold('/uploads/');
    const jobId = await world.detect(datasetId, fileIds);
    for (let kill = 1; kill <= 3; kill++) {
      const worker = await world.startWorker({ LEASE_SECONDS: '2' });
      await expect
        .poll(async () => (await taskOf(jobId)).leaseOwner, { timeout: 30_000 })
        .toMatch(new RegExp(`-${worker.pid}$`));
      worker.signal('SIGKILL');
      await worker.ended;
    }
    const last = await world.startWorker();
    await untilJob(jobId, 'failed');
    expect(await taskOf(jobId)).toMatchObject({
      status: 'parked',
      failure: { code: 'worker_lost', message: 'Its worker was lost 3 times while it ran' },
    });
    letGo();
    const { id } = await taskOf(jobId);
    expect(await world.jobs.replayTask(world.teamId, id)).toMatchObject({ outcome: 'replayed' });
    await untilJob(jobId, 'completed');
    expect(last.errors()).toBe('');
  });
});

describe('a worker that freezes and comes back', () => {
  it('finds that it lost its lease, and writes nothing', async () => {
    const { datasetId, fileIds } = await aPlanet();
    const frozen = await world.startWorker();
    const letGo = world.proxy.hold('/1/report.pdf', 'PUT');
    const jobId = await world.detect(datasetId, fileIds);
    await untilHeld();
    frozen.signal('SIGSTOP');
    await world.startWorker();
    await untilJob(jobId, 'completed');
    const before = await world.database.candidate.findMany({ where: { jobId } });
    letGo();
    frozen.signal('SIGCONT');
    await expect
      .poll(
        () => frozen.lines.some((line) => line.msg === 'Task ended' && line.outcome === 'lost'),
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(await world.database.candidate.findMany({ where: { jobId } })).toEqual(before);
    expect(await taskOf(jobId)).toMatchObject({ status: 'completed', attempt: 2 });
    const plots = before[0].plots as Record<string, string>;
    expect(await world.store.head(`${plots.phase}.png`)).not.toBeNull();
    const { id } = await taskOf(jobId);
    const late = `teams/${world.teamId}/jobs/${jobId}/${id}/1/report.pdf`;
    await expect.poll(() => world.store.head(late), { timeout: 20_000 }).toBeNull();
  });
});

describe('a worker that is asked to stop', () => {
  it('ends what it has begun, takes nothing new, and leaves', async () => {
    const worker = await world.startWorker();
    const letGo = world.proxy.hold('/uploads/');
    const { jobId } = await world.validate([PLANET]);
    await untilHeld();
    worker.signal('SIGTERM');
    await expect
      .poll(async () => (await fetch(`${worker.url}/readiness`).catch(() => null))?.status)
      .toBe(503);
    const second = await world.validate([PLANET]);
    letGo();
    expect(await worker.ended).toBe(0);
    expect(await jobRow(jobId)).toMatchObject({ status: 'completed' });
    expect(await jobRow(second.jobId)).toMatchObject({ status: 'queued' });
    expect(await world.database.worker.count()).toBe(0);
  });

  it('hands back what does not end in time, which costs the task nothing', async () => {
    const worker = await world.startWorker({ DRAIN_SECONDS: '1' });
    const letGo = world.proxy.hold('/uploads/');
    const { jobId } = await world.validate([PLANET]);
    await untilHeld();
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(await taskOf(jobId)).toMatchObject({ status: 'queued', failures: 0, attempt: 1 });
    letGo();
    await world.startWorker();
    await untilJob(jobId, 'completed');
    expect(await taskOf(jobId)).toMatchObject({ attempt: 2 });
  });
});

describe('a task', () => {
  it('stops within a second when its job is cancelled', async () => {
    const worker = await world.startWorker({ HEARTBEAT_SECONDS: '1', LEASE_SECONDS: '5' });
    const { datasetId, fileIds, jobId: validation } = await world.validate([PLANET]);
    await untilJob(validation, 'completed');
    const letGo = world.proxy.hold('/uploads/');
    const jobId = await world.detect(datasetId, fileIds);
    await untilHeld();
    const started = performance.now();
    expect(await world.jobs.cancel(world.teamId, jobId)).toMatchObject({ outcome: 'cancelled' });
    await expect
      .poll(
        () =>
          worker.lines.some((line) => line.msg === 'Task ended' && line.outcome === 'cancelled'),
        { interval: 20, timeout: 5000 },
      )
      .toBe(true);
    expect(performance.now() - started).toBeLessThan(1000);
    letGo();
    expect(await taskOf(jobId)).toMatchObject({ status: 'cancelled', result: null });
    // The thread that was ended has been replaced: there is work for it.
    const next = await world.detect(datasetId, fileIds);
    await untilJob(next, 'completed');
  });

  it('that fails again and again is parked with its reason, and can be replayed', async () => {
    await world.startWorker();
    const mend = world.proxy.fail('/uploads/');
    const { jobId, datasetId } = await world.validate([PLANET]);
    await untilJob(jobId, 'failed');
    const parked = await taskOf(jobId);
    expect(parked).toMatchObject({
      status: 'parked',
      attempt: 3,
      failure: { kind: 'transient', code: 'storage_unavailable' },
    });
    const statusOf = async () =>
      (await world.database.dataset.findUniqueOrThrow({ where: { id: datasetId } })).status;
    expect(await statusOf()).toBe('invalid');
    mend();
    expect(await world.jobs.replayTask(world.teamId, parked.id)).toEqual({
      outcome: 'replayed',
      jobId,
    });
    await untilJob(jobId, 'completed');
    expect(await statusOf()).toBe('valid');
  });
});
