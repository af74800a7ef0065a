import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { queueNames, type QueueName, type TaskMessage } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from '../../../../test/support/database.js';
import { LEASES } from '../../../../test/support/lease-options.js';
import { quiet } from '../../../../test/support/quiet.js';
import { silentBroker } from '../../../../test/support/silent-broker.js';
import { setting } from '../../../../test/support/services.js';
import { aDetection, aValidation } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import { Broker } from '../messaging/index.js';
import {
  Leases,
  Notifications,
  OutboxRelay,
  type Reaped,
  Reaper,
  silentAnnouncer,
} from './index.js';

const REAPER = { intervalSeconds: 60, maxAttempts: 3, eventIntervalSeconds: 0, graceSeconds: 0 };
const NOTHING: Reaped = { requeued: 0, parked: 0, republished: 0 };

let database: PrismaDatabase;
let databaseUrl: string;
let drop: () => Promise<void>;
let teamId: string;
let broker: Broker;
let leases: Leases;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  ({ database, url: databaseUrl, drop } = await createTestDatabase());
  broker = new Broker(
    { url: setting('BROKER_URL'), queuePrefix: `test-${randomUUID()}-`, name: 'test' },
    quiet,
  );
  broker.start();
  await vi.waitUntil(() => broker.isConnected, { timeout: 10_000 });
});
afterAll(async () => {
  await onChannel(async (channel) => {
    for (const name of queueNames) {
      await channel.deleteQueue(broker.topology.queue(name));
      await channel.deleteQueue(broker.topology.deadQueue(name));
    }
  });
  await broker.close();
  await drop();
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE teams, outbox, workers CASCADE');
  await emptyBroker();
  teamId = (await aTeam(database)).id;
  leases = new Leases(database, LEASES, silentAnnouncer);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function onChannel(
  work: (
    channel: Awaited<ReturnType<NonNullable<Broker['connection']>['createChannel']>>,
  ) => Promise<unknown>,
) {
  const channel = await broker.connection!.createChannel();
  await work(channel);
  await channel.close();
}
const emptyBroker = () =>
  onChannel(async (channel) => {
    for (const name of queueNames) await channel.purgeQueue(broker.topology.queue(name));
  });
const ready = async (name: QueueName) =>
  (await broker.queueStats()).find((queue) => queue.name === name)!.ready;
const expire = (taskId: string) =>
  database.task.update({ where: { id: taskId }, data: { leaseExpiresAt: new Date(0) } });
const claim = async (taskId: string) => (await leases.claim(taskId, 'worker-a'))!.lease;
const taskRow = (id: string) => database.task.findUniqueOrThrow({ where: { id } });

function aRelay(publisher: ConstructorParameters<typeof OutboxRelay>[1] = broker): OutboxRelay {
  const deaf = { listen: () => () => true };
  return new OutboxRelay(database, publisher, deaf, { pollSeconds: 3600 }, quiet);
}
const aReaper = (
  options: Partial<typeof REAPER> = {},
  tell?: (r: Reaped, orphans: number) => void,
) => new Reaper(database, [broker], { ...REAPER, ...options }, silentAnnouncer, quiet, tell);

describe('OutboxRelay', () => {
  it('moves every message to the broker once, however many relays there are', async () => {
    await aDetection(database, teamId, { targets: 1200 });
    const relays = [aRelay(), aRelay(), aRelay()];
    const moved = await Promise.all(relays.map((relay) => relay.drain()));
    expect(moved.reduce((sum, count) => sum + count, 0)).toBe(1200);
    expect(await ready('detection')).toBe(1200);
    expect(await database.outboxMessage.count()).toBe(0);
    expect(await database.task.count({ where: { publishedAt: null } })).toBe(0);
  });

  it('keeps what the broker does not confirm, and moves it later', async () => {
    await aDetection(database, teamId, { targets: 2 });
    let refusals = 1;
    const refusing = {
      queues: queueNames,
      isConnected: true,
      onChange: () => () => undefined,
      publish: (queue: QueueName, message: TaskMessage) =>
        refusals-- > 0 ? Promise.reject(new Error('no')) : broker.publish(queue, message),
    };
    const relay = aRelay(refusing);
    expect(await relay.drain()).toBe(1);
    expect(await database.outboxMessage.count()).toBe(1);
    expect(await relay.drain()).toBe(1);
    expect(await ready('detection')).toBe(2);
  });

  it('holds a retry back until its wait is over', async () => {
    leases = new Leases(database, { ...LEASES, retryBackoffSeconds: 3600 }, silentAnnouncer);
    const { taskIds } = await aDetection(database, teamId);
    await aRelay().drain();
    const failure = { kind: 'transient', code: 'storage', message: 'Away' } as const;
    await leases.fail(await claim(taskIds[0]), failure);
    expect(await aRelay().drain()).toBe(0);
    await database.outboxMessage.updateMany({ data: { availableAt: new Date(0) } });
    expect(await aRelay().drain()).toBe(1);
  });

  it('is woken by the commit, without a poll', async () => {
    const notifications = new Notifications(databaseUrl, quiet);
    const slow = { pollSeconds: 3600 };
    const relay = new OutboxRelay(database, broker, notifications, slow, quiet);
    cleanups.push(
      () => relay.stop(),
      () => notifications.close(),
    );
    relay.start();
    await aDetection(database, teamId);
    await expect.poll(() => ready('detection')).toBe(1);
    // Also on a connection that had to be made anew.
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
    await aDetection(database, teamId);
    await expect.poll(() => ready('detection'), { timeout: 10_000 }).toBe(2);
  });
});

describe('Reaper', () => {
  it('brings a lost task back also while the broker keeps silent', async () => {
    const silent = await silentBroker(setting('BROKER_URL'));
    const queuePrefix = broker.topology.queue('validation').replace('validation', '');
    const deaf = new Broker(
      { url: silent.url, queuePrefix, name: 'test', answerSeconds: 0.5 },
      quiet,
    );
    deaf.start();
    cleanups.push(() => deaf.close().then(() => silent.close()));
    await vi.waitUntil(() => deaf.isConnected, { timeout: 10_000 });
    const { taskIds } = await aDetection(database, teamId, { targets: 1 });
    await claim(taskIds[0]);
    await expire(taskIds[0]);
    silent.isSilent = true;
    const reaped = await new Reaper(database, [deaf], REAPER, silentAnnouncer, quiet).run();
    silent.isSilent = false;
    expect(reaped).toMatchObject({ requeued: 1 });
    expect((await taskRow(taskIds[0])).status).toBe('queued');
  });

  it('queues a task again whose worker vanished, and tells the broker', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await aRelay().drain();
    await emptyBroker();
    await claim(taskIds[0]);
    expect(await aReaper().run()).toEqual(NOTHING);
    await expire(taskIds[0]);
    expect(await aReaper().run()).toEqual({ ...NOTHING, requeued: 1 });
    expect(await taskRow(taskIds[0])).toMatchObject({ status: 'queued', failures: 1 });
    expect(await aReaper().run()).toEqual(NOTHING);
    await aRelay().drain();
    expect(await ready('detection')).toBe(1);
  });

  it('parks a task that cost too many workers, and ends its job', async () => {
    const { jobId, taskIds } = await aDetection(database, teamId);
    for (let i = 0; i < 3; i++) {
      await claim(taskIds[0]);
      await expire(taskIds[0]);
      await aReaper().run();
    }
    expect(await taskRow(taskIds[0])).toMatchObject({
      status: 'parked',
      failure: {
        kind: 'fatal',
        code: 'worker_lost',
        message: 'Its worker was lost 3 times while it ran',
      },
    });
    const job = await database.job.findUniqueOrThrow({ where: { id: jobId } });
    expect(job).toMatchObject({ status: 'failed', tasksFailed: 1 });
  });

  it('fills a broker again that lost everything, once', async () => {
    await aDetection(database, teamId, { targets: 7 });
    await aValidation(database, teamId, [{ filename: 'a.fits' }]);
    await aRelay().drain();
    const reaper = aReaper();
    expect(await reaper.run()).toEqual(NOTHING);
    await emptyBroker();
    const rounds = [await reaper.run(), await reaper.run()];
    expect(rounds.map((round) => round!.republished)).toEqual([0, 8]);
    await aRelay().drain();
    expect([await ready('detection'), await ready('validation')]).toEqual([7, 1]);
    expect(await reaper.run()).toEqual(NOTHING);
    expect(await reaper.run()).toEqual(NOTHING);
  });

  it('does not take messages on their way to a busy worker for lost', async () => {
    await aDetection(database, teamId, { targets: 6 });
    await aRelay().drain();
    await database.worker.create({
      data: {
        id: 'w',
        host: 'h',
        kind: 'worker',
        queues: ['detection'],
        capacity: 2,
        version: '0',
        lastHeartbeatAt: new Date(),
      },
    });
    await onChannel((channel) => channel.get(broker.topology.queue('detection'), { noAck: true }));
    const reaper = aReaper();
    const rounds = [await reaper.run(), await reaper.run(), await reaper.run()];
    expect(rounds).toEqual([NOTHING, NOTHING, NOTHING]);
    // When the queue has run dry, what still waits by its row is lost for sure.
    await emptyBroker();
    await reaper.run();
    expect(await reaper.run()).toMatchObject({ republished: 6 });
  });

  it('gives a message to a queued task that has none', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await database.outboxMessage.deleteMany();
    expect(await aReaper().run()).toMatchObject({ republished: 1 });
    expect(await database.outboxMessage.count({ where: { taskId: taskIds[0] } })).toBe(1);
  });

  it('does not miss the message of a retry that waits, though a relay noted the one before', async () => {
    const { taskIds } = await aDetection(database, teamId);
    await aRelay().drain();
    const slow = new Leases(database, { ...LEASES, retryBackoffSeconds: 600 }, silentAnnouncer);
    const failure = { kind: 'transient', code: 'crashed', message: 'It broke' } as const;
    await slow.fail((await slow.claim(taskIds[0], 'worker-a'))!.lease, failure);
    await emptyBroker();
    await database.task.update({ where: { id: taskIds[0] }, data: { publishedAt: new Date(0) } });
    const seen: number[] = [];
    const reaper = aReaper({}, (_, orphans) => seen.push(orphans));
    for (let round = 0; round < 7; round++) await reaper.run();
    expect(seen).toEqual(Array(7).fill(0));
  });

  it('leaves the round to whoever was first', async () => {
    const client = await database.pool.connect();
    await client.query('SELECT pg_advisory_lock(7237411906)');
    expect(await aReaper().run()).toBeNull();
    await client.query('SELECT pg_advisory_unlock(7237411906)');
    client.release();
    expect(await aReaper().run()).toEqual(NOTHING);
  });

  it('counts the tasks that are in no queue and hold no live lease', async () => {
    const seen: number[] = [];
    const run = () => aReaper({}, (_, orphans) => seen.push(orphans)).run();
    const { taskIds } = await aDetection(database, teamId, { targets: 3 });
    await run();
    await claim(taskIds[0]);
    await expire(taskIds[0]);
    await database.outboxMessage.deleteMany({ where: { taskId: taskIds[1] } });
    await database.pool.query(`UPDATE tasks SET updated_at = now() - interval '1 hour'`);
    await run();
    await run();
    expect(seen).toEqual([0, 2, 0]);
  });
});
