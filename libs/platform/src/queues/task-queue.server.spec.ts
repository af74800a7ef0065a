/** On a Redis database of its own: here it is emptied. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { queueNames, type TaskMessage } from '#contracts';
import type { PrismaDatabase } from '#platform/prisma';
import { cutOff } from '../../../../test/support/cut-off.js';
import { quiet } from '../../../../test/support/quiet.js';
import { createTestDatabase } from '../../../../test/support/database.js';
import { aDetection, aTraining } from '../../../../test/support/job-rows.js';
import { aTeam } from '../../../../test/support/rows.js';
import { setting } from '../../../../test/support/services.js';
import { type Carrier, OutboxRelay, Reaper, silentAnnouncer } from '../jobs/index.js';
import type { Delivery } from '../messaging/queue-consumer.js';
import { bullOptions, TaskQueue } from './index.js';

const REDIS_DATABASE = 7;
const redisUrl = () => `${setting('REDIS_URL').replace(/\/\d*$/, '')}/${REDIS_DATABASE}`;

let database: PrismaDatabase;
let drop: () => Promise<void>;
let teamId: string;
let redis: Redis;
let queue: TaskQueue;
const queues: TaskQueue[] = [];

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  redis = new Redis(redisUrl());
});
afterAll(async () => {
  redis.disconnect();
  await drop();
});
beforeEach(async () => {
  await redis.flushdb();
  await database.pool.query('TRUNCATE teams, outbox CASCADE');
  teamId = (await aTeam(database)).id;
  queue = await aQueue();
});
afterEach(async () => {
  await Promise.all(queues.splice(0).map((each) => each.close()));
});

async function aQueue(url = redisUrl()): Promise<TaskQueue> {
  const made = new TaskQueue(
    'training',
    bullOptions({ REDIS_URL: url, REDIS_PASSWORD: undefined, QUEUE_PREFIX: 'test-' }),
    quiet,
  );
  queues.push(made);
  await vi.waitUntil(() => made.isConnected, { timeout: 10_000 });
  return made;
}

const aMessage = (): TaskMessage => ({
  task_id: randomUUID(),
  job_id: randomUUID(),
  team_id: randomUUID(),
  request_id: null,
});
const aRelay = (carrier: Carrier) =>
  new OutboxRelay(database, carrier, { listen: () => () => true }, { pollSeconds: 3600 }, quiet);
const aReaper = (carriers: readonly Carrier[]) =>
  new Reaper(
    database,
    carriers,
    { intervalSeconds: 60, maxAttempts: 3, eventIntervalSeconds: 0, graceSeconds: 0 },
    silentAnnouncer,
    quiet,
  );
const ready = async (of = queue) => (await of.queueStats())[0].ready;

/** Collects what is handed out, and answers nothing by itself. */
function taking(from: TaskQueue, capacity = 2) {
  const deliveries: Delivery<TaskMessage>[] = [];
  const consumer = from.consumer(capacity, (delivery) => deliveries.push(delivery));
  return { consumer, deliveries };
}

describe('a queue of tasks on Redis', () => {
  it('D.6 A.4 gets the messages of trainings, and of nothing else', async () => {
    const training = await aTraining(database, teamId);
    await aDetection(database, teamId, { targets: 3 });
    expect(await aRelay(queue).drain()).toBe(1);
    const left = await database.outboxMessage.findMany();
    expect(left.map((message) => message.queue)).toEqual(['detection', 'detection', 'detection']);
    const { consumer, deliveries } = taking(queue);
    consumer.attach();
    await expect
      .poll(() => deliveries.map(({ message }) => message.task_id))
      .toEqual(training.taskIds);
    deliveries[0].ack();
  });

  it('D.26 is filled again by the reaper when Redis was emptied, once', async () => {
    for (let i = 0; i < 4; i++) await aTraining(database, teamId);
    await aRelay(queue).drain();
    const reaper = aReaper([queue]);
    expect(await reaper.run()).toMatchObject({ republished: 0 });
    await redis.flushdb();
    const rounds = [await reaper.run(), await reaper.run()];
    expect(rounds.map((round) => round!.republished)).toEqual([0, 4]);
    await aRelay(queue).drain();
    expect(await ready()).toBe(4);
    expect(await reaper.run()).toMatchObject({ republished: 0 });
  });

  it('hands out no more than are answered, and nothing while it is paused', async () => {
    for (let i = 0; i < 4; i++) await queue.publish('training', aMessage());
    const { consumer, deliveries } = taking(queue, 2);
    consumer.attach();
    await expect.poll(() => deliveries.length).toBe(2);
    expect(await ready()).toBe(2);
    await consumer.pause();
    deliveries.forEach(({ ack }) => ack());
    await expect.poll(() => redis.llen('{test-lightfold}:training:active')).toBe(0);
    expect([deliveries.length, await ready()]).toEqual([2, 2]);
    consumer.attach();
    await expect.poll(() => deliveries.length).toBe(4);
    deliveries.forEach(({ ack }) => ack());
  });

  it('leaves to others what comes after it was paused', async () => {
    const { consumer, deliveries } = taking(queue);
    consumer.attach();
    await queue.publish('training', aMessage());
    await expect.poll(() => deliveries.length).toBe(1);
    await consumer.pause();
    deliveries[0].ack();
    const other = taking(await aQueue());
    const message = aMessage();
    await queue.publish('training', message);
    other.consumer.attach();
    await expect
      .poll(() => other.deliveries.map((delivery) => delivery.message))
      .toEqual([message]);
    expect(deliveries).toHaveLength(1);
    other.deliveries[0].ack();
  });

  it('goes on handing out after Redis was emptied under it', async () => {
    await queue.publish('training', aMessage());
    const { consumer, deliveries } = taking(queue);
    consumer.attach();
    await expect.poll(() => deliveries.length).toBe(1);
    await redis.flushdb();
    deliveries[0].ack();
    await queue.publish('training', aMessage());
    await expect.poll(() => deliveries.length, { timeout: 10_000 }).toBe(2);
    deliveries[1].ack();
  });

  it('sets aside what is no message of ours, and forgets what was answered', async () => {
    await queue.publish('training', { task_id: 'x' } as TaskMessage);
    const message = aMessage();
    await queue.publish('training', message);
    const { consumer, deliveries } = taking(queue);
    consumer.attach();
    await expect.poll(() => deliveries.map((each) => each.message)).toEqual([message]);
    deliveries[0].ack();
    const rest = () => redis.keys('{test-lightfold}:training:[0-9]*');
    await expect.poll(rest, { timeout: 10_000 }).toEqual([]);
  });

  it('keeps messages in the outbox while Redis is away, and sends them when it is back', async () => {
    const away = await cutOff(redisUrl());
    const other = await aQueue(away.url);
    await away.cut();
    await vi.waitUntil(() => !other.isConnected, { timeout: 10_000 });
    await aTraining(database, teamId);
    expect(await aRelay(other).drain()).toBe(0);
    expect(await aReaper([other]).run()).toMatchObject({ republished: 0 });
    expect(await database.outboxMessage.count()).toBe(1);
    const relay = aRelay(other);
    relay.start();
    await away.restore();
    await expect.poll(() => ready(), { timeout: 10_000 }).toBe(1);
    await relay.stop();
    await other.close();
    await away.close();
  });

  it('is not what the relay of the broker sends to', async () => {
    await aTraining(database, teamId);
    const never = () => Promise.reject(new Error('not mine'));
    const broker = { isConnected: true, onChange: () => () => undefined, publish: never };
    expect(await aRelay({ ...broker, queues: queueNames, queueStats: never }).drain()).toBe(0);
    expect(await aRelay(queue).drain()).toBe(1);
  });
});
