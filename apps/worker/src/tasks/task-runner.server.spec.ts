import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { queueNames } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import {
  type ClaimedTask,
  JobMetrics,
  JobsStore,
  Leases,
  OutboxRelay,
  silentAnnouncer,
} from '#platform/jobs';
import { Broker } from '#platform/messaging';
import { createTestDatabase } from '../../../../test/support/database.js';
import { quiet } from '../../../../test/support/quiet.js';
import { setting } from '../../../../test/support/services.js';
import { aDetection, aValidation } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import { Heartbeat } from './heartbeat.js';
import { TaskError } from './task-error.js';
import type { FinishedTask, TaskContext } from './task-handler.js';
import { TaskRunner, type TaskRunnerOptions } from './task-runner.js';

const DONE: FinishedTask = { result: {}, write: async () => undefined };

let database: PrismaDatabase;
let drop: () => Promise<void>;
let teamId: string;
let broker: Broker;
let leases: Leases;
let relay: OutboxRelay;
const runners: TaskRunner[] = [];

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  teamId = (await aTeam(database)).id;
});
afterAll(() => drop());

beforeEach(async () => {
  const queuePrefix = `test-${randomUUID()}-`;
  broker = new Broker({ url: setting('BROKER_URL'), queuePrefix, name: 'test' }, quiet);
  broker.start();
  await vi.waitUntil(() => broker.isConnected, { timeout: 10_000 });
  leases = new Leases(
    database,
    { leaseSeconds: 30, maxAttempts: 3, retryBackoffSeconds: 0, eventIntervalSeconds: 1 },
    silentAnnouncer,
  );
  const deaf = { listen: () => () => true };
  relay = new OutboxRelay(database, broker, deaf, { pollSeconds: 0.1 }, quiet);
  relay.start();
});
afterEach(async () => {
  await relay.stop();
  await Promise.all(runners.splice(0).map((runner) => runner.drain(0)));
  const channel = await broker.connection!.createChannel();
  for (const name of queueNames) {
    await channel.deleteQueue(broker.topology.queue(name));
    await channel.deleteQueue(broker.topology.deadQueue(name));
  }
  await broker.close();
  await database.pool.query('TRUNCATE jobs, outbox, object_deletions CASCADE');
});

function aRunner(
  run: (task: ClaimedTask, context: TaskContext) => Promise<FinishedTask>,
  options: Partial<TaskRunnerOptions> = {},
): TaskRunner {
  const runner = new TaskRunner(
    leases,
    database,
    broker,
    [
      { kind: 'detection', run },
      { kind: 'validation', run },
    ],
    {
      owner: `worker-${runners.length}`,
      queues: ['detection'],
      concurrency: 2,
      timeoutSeconds: 60,
      ...options,
    },
    new JobMetrics(new Registry()),
    quiet,
  );
  runners.push(runner);
  runner.start();
  return runner;
}

/** Work that ends when it is told to, or when its task is stopped. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async (_: ClaimedTask, { signal }: TaskContext) => {
    await Promise.race([
      promise,
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stop')))),
    ]);
    return DONE;
  };
  return { run, open: () => resolve() };
}

const jobRow = (id: string) => database.job.findUniqueOrThrow({ where: { id } });
const taskRow = (id: string) => database.task.findUniqueOrThrow({ where: { id } });
const untilTask = (id: string, status: string, timeout = 10_000) =>
  expect.poll(async () => (await taskRow(id)).status, { timeout }).toBe(status);
const ready = async () => (await broker.queueStats()).find((q) => q.name === 'detection')!.ready;

describe('TaskRunner', () => {
  it('does every task of a job once', async () => {
    const done: string[] = [];
    const { jobId, taskIds } = await aDetection(database, teamId, { targets: 20 });
    const run = async (task: ClaimedTask) => {
      done.push(task.lease.taskId);
      return DONE;
    };
    aRunner(run);
    aRunner(run);
    await expect.poll(async () => (await jobRow(jobId)).status).toBe('completed');
    expect(done.sort()).toEqual([...taskIds].sort());
    // What was answered does not come back when its consumers go.
    await Promise.all(runners.map((runner) => runner.drain(1)));
    expect(await ready()).toBe(0);
  });

  it('does nothing twice when a message comes twice', async () => {
    const started: string[] = [];
    const { open, run } = gate();
    const runner = aRunner((task, context) => {
      started.push(task.lease.taskId);
      return run(task, context);
    });
    const { jobId, taskIds } = await aDetection(database, teamId);
    await untilTask(taskIds[0], 'running');
    const message = { task_id: taskIds[0], job_id: jobId, team_id: teamId, request_id: null };
    await broker.publish('detection', message);
    await expect.poll(ready).toBe(0);
    open();
    await untilTask(taskIds[0], 'completed');
    await broker.publish('detection', message);
    await expect.poll(ready).toBe(0);
    await expect.poll(() => runner.tasks).toEqual([]);
    expect(started).toHaveLength(1);
    expect(await taskRow(taskIds[0])).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('tries again what broke, and parks what keeps breaking', async () => {
    const { taskIds } = await aDetection(database, teamId, { targets: 2 });
    let attempts = 0;
    aRunner(async (task) => {
      if (task.lease.taskId === taskIds[1]) throw new Error('a bug');
      attempts += 1;
      if (attempts < 3) throw new TaskError('transient', 'away', 'The store is away');
      return DONE;
    });
    await untilTask(taskIds[0], 'completed');
    await untilTask(taskIds[1], 'parked');
    expect(attempts).toBe(3);
    expect((await taskRow(taskIds[1])).failure).toEqual({
      kind: 'transient',
      code: 'crashed',
      message: 'The task broke in the middle. The failure was logged.',
    });
  });

  it('A.33 stops and parks what takes longer than allowed', async () => {
    const { taskIds } = await aDetection(database, teamId);
    aRunner(gate().run, { timeoutSeconds: 1 });
    await untilTask(taskIds[0], 'parked');
    expect((await taskRow(taskIds[0])).failure).toEqual({
      kind: 'fatal',
      code: 'timeout',
      message: 'The task took longer than 1 s and was stopped.',
    });
  });

  it('leaves to others what it has no room for', async () => {
    const full = gate();
    aRunner(full.run, { concurrency: 1 });
    const { taskIds } = await aDetection(database, teamId, { targets: 4 });
    await expect
      .poll(async () =>
        (await Promise.all(taskIds.map(taskRow))).some((t) => t.status === 'running'),
      )
      .toBe(true);
    const other = aRunner(async () => DONE, { concurrency: 1 });
    await expect
      .poll(
        async () =>
          (await Promise.all(taskIds.map(taskRow))).filter((t) => t.status === 'completed').length,
        { timeout: 15_000 },
      )
      .toBe(3);
    expect(other.isConsuming).toBe(true);
    full.open();
  });

  it('hands back what it claimed and cannot begin soon', async () => {
    const searched = await aDetection(database, teamId);
    const validated = await aValidation(database, teamId, [{ filename: 'a.csv' }]);
    const ids = [searched.taskIds[0], validated.taskIds[0]];
    await expect.poll(() => database.outboxMessage.count()).toBe(0);
    // One message comes from each queue at once; there is room for one task.
    const full = gate();
    const queues = ['detection', 'validation'] as const;
    aRunner(full.run, { concurrency: 1, queues });
    const states = async () => {
      const tasks = await Promise.all(ids.map(taskRow));
      return tasks
        .map((task) => `${task.status} ${task.attempt}, failures ${task.failures}`)
        .sort();
    };
    const handedBack = ['queued 1, failures 0', 'running 1, failures 0'];
    await expect.poll(states, { timeout: 10_000 }).toEqual(handedBack);
    aRunner(async () => DONE, { concurrency: 1, queues });
    const taken = ['completed 2, failures 0', 'running 1, failures 0'];
    await expect.poll(states, { timeout: 10_000 }).toEqual(taken);
    full.open();
  });

  it('uses all its room again after it was full', async () => {
    const { promise: bothAtOnce, resolve } = Promise.withResolvers<void>();
    const running = new Set<string>();
    let begun = 0;
    // The first two fill the worker for so long that its consumers rest; they end one by one.
    aRunner(async (task, { signal }) => {
      begun += 1;
      running.add(task.lease.taskId);
      if (begun <= 2) await wait(500 * begun);
      else {
        if (running.size === 2) resolve();
        await Promise.race([bothAtOnce, once(signal, 'abort')]);
      }
      running.delete(task.lease.taskId);
      return DONE;
    });
    const { jobId } = await aDetection(database, teamId, { targets: 4 });
    await expect
      .poll(async () => (await jobRow(jobId)).status, { timeout: 15_000 })
      .toBe('completed');
  });

  it('stops within a second what was cancelled, and leaves what it stored to be deleted', async () => {
    const { taskIds, jobId } = await aDetection(database, teamId);
    const { run } = gate();
    const runner = aRunner((task, context) => {
      context.note({ type: 'object', key: 'teams/x/half-done.svg' });
      return run(task, context);
    });
    await untilTask(taskIds[0], 'running');
    await new JobsStore(database, silentAnnouncer).cancel(teamId, jobId);
    const deaf = { listen: () => () => true };
    const options = { owner: 'w', queues: [], capacity: 2, version: '0', intervalSeconds: 0.2 };
    const heartbeat = new Heartbeat(runner, leases, database, deaf, options, quiet);
    const started = performance.now();
    await heartbeat.start();
    await expect.poll(() => runner.tasks).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
    await heartbeat.stop();
    expect((await taskRow(taskIds[0])).status).toBe('cancelled');
    const left = await database.objectDeletion.findMany();
    expect(left.map((row) => row.objectKey)).toEqual(['teams/x/half-done.svg']);
  });

  it('writes nothing for a task that another worker took over', async () => {
    const { taskIds, jobId } = await aDetection(database, teamId);
    const slow = gate();
    const runner = aRunner(async (task, context) => {
      await slow.run(task, context);
      return {
        result: { by: 'the slow one' },
        write: async (client) => {
          await client.query(`UPDATE jobs SET message = 'too late' WHERE id = $1`, [jobId]);
        },
      };
    });
    await untilTask(taskIds[0], 'running');
    await database.task.update({
      where: { id: taskIds[0] },
      data: { leaseExpiresAt: new Date(0) },
    });
    const other = await leases.claim(taskIds[0], 'another');
    await leases.complete(other!.lease, async () => undefined, { by: 'the other' });
    slow.open();
    await expect.poll(() => runner.tasks).toEqual([]);
    expect((await taskRow(taskIds[0])).result).toEqual({ by: 'the other' });
    expect((await jobRow(jobId)).message).not.toBe('too late');
  });

  it('waits for what runs when it drains, and hands back what takes too long', async () => {
    const quick = gate();
    const { taskIds } = await aDetection(database, teamId, { targets: 2 });
    const runner = aRunner((task, context) =>
      task.lease.taskId === taskIds[0] ? quick.run(task, context) : gate().run(task, context),
    );
    await untilTask(taskIds[0], 'running');
    await untilTask(taskIds[1], 'running');
    const drained = runner.drain(2);
    expect(runner.isConsuming).toBe(false);
    quick.open();
    await drained;
    expect(await taskRow(taskIds[0])).toMatchObject({ status: 'completed' });
    expect(await taskRow(taskIds[1])).toMatchObject({ status: 'queued', failures: 0 });
  });

  it('writes the end of a task although PostgreSQL was away for a moment', async () => {
    const { taskIds } = await aDetection(database, teamId);
    let refusals = 2;
    const complete = leases.complete.bind(leases);
    leases.complete = (...args) =>
      refusals-- > 0 ? Promise.reject(new Error('connection refused')) : complete(...args);
    aRunner(async () => DONE);
    await untilTask(taskIds[0], 'completed');
    expect((await taskRow(taskIds[0])).attempt).toBe(1);
  });

  it('gets through 5,000 tasks at more than 50 a second', async () => {
    const { jobId } = await aDetection(database, teamId, { targets: 5000 });
    const started = performance.now();
    aRunner(async () => DONE, { concurrency: 8 });
    await expect
      .poll(async () => (await jobRow(jobId)).status, { timeout: 100_000, interval: 200 })
      .toBe('completed');
    const perSecond = 5000 / ((performance.now() - started) / 1000);
    process.stdout.write(`${perSecond.toFixed(0)} tasks a second\n`);
    expect(perSecond).toBeGreaterThan(50);
    const job = await jobRow(jobId);
    expect(job).toMatchObject({ tasksCompleted: 5000, tasksFailed: 0 });
  }, 120_000);
});
