import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { queueNames, type TaskMessage } from '#contracts';
import { silentBroker } from '../../../../test/support/silent-broker.js';
import { quiet } from '../../../../test/support/quiet.js';
import { setting } from '../../../../test/support/services.js';
import {
  Broker,
  type Delivery,
  DELIVERY_LIMIT,
  NotPublishedError,
  QueueConsumer,
} from './index.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const aMessage = (requestId: string | null = null): TaskMessage => ({
  task_id: randomUUID(),
  job_id: randomUUID(),
  team_id: randomUUID(),
  request_id: requestId,
});

/** A connected broker with queues of its own, which are removed afterwards. */
async function aBroker(url = setting('BROKER_URL'), answerSeconds = 30): Promise<Broker> {
  const queuePrefix = `test-${randomUUID()}-`;
  const broker = new Broker(
    { url, queuePrefix, name: 'test', confirmSeconds: 5, answerSeconds },
    quiet,
  );
  cleanups.push(async () => {
    await broker.close();
    await administrate(async (channel) => {
      for (const name of queueNames) {
        await channel.deleteQueue(`${queuePrefix}${name}`);
        await channel.deleteQueue(`${queuePrefix}${name}.dead`);
      }
    });
  });
  broker.start();
  await expect.poll(() => broker.isConnected, { timeout: 10_000 }).toBe(true);
  return broker;
}

async function administrate(
  work: (
    channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>,
  ) => Promise<unknown>,
): Promise<void> {
  const connection = await connect(setting('BROKER_URL'));
  await work(await connection.createChannel());
  await connection.close();
}

function aConsumer(broker: Broker, receive: (delivery: Delivery<TaskMessage>) => void) {
  const consumer = new QueueConsumer(broker, broker.topology.tasks('validation'), receive, quiet);
  cleanups.push(() => consumer.close());
  return consumer;
}

async function aSilentBroker() {
  const silent = await silentBroker(setting('BROKER_URL'));
  cleanups.push(() => silent.close());
  return silent;
}

const depth = async (broker: Broker) =>
  (await broker.queueStats()).find((queue) => queue.name === 'validation')!;

describe('Broker', () => {
  it('C.5 holds a message once it has confirmed it, with the id of the request', async () => {
    const broker = await aBroker();
    const message = aMessage('request-7');
    await broker.publish('validation', message);
    await administrate(async (channel) => {
      const raw = await channel.get(broker.topology.queue('validation'), { noAck: true });
      if (!raw) throw new Error('The queue is empty');
      expect(JSON.parse(raw.content.toString())).toEqual(message);
      expect(raw.properties.headers).toMatchObject({ 'x-request-id': 'request-7' });
      expect(raw.properties.deliveryMode).toBe(2);
    });
  });

  it('does not count a message as published that no queue took, and makes the queue again', async () => {
    const broker = await aBroker();
    await administrate((channel) => channel.deleteQueue(broker.topology.queue('validation')));
    await expect(broker.publish('validation', aMessage())).rejects.toThrow(
      'there is no such queue',
    );
    await expect
      .poll(() => broker.publish('validation', aMessage()).then(() => 'published', String))
      .toBe('published');
  });

  it('says at once that it is away, and comes back by itself', async () => {
    const broker = await aBroker();
    broker.connection!.emit('close');
    await expect(broker.publish('validation', aMessage())).rejects.toThrow(NotPublishedError);
    await expect.poll(() => broker.isConnected, { timeout: 10_000 }).toBe(true);
    await broker.publish('validation', aMessage());
    expect((await depth(broker)).ready).toBe(1);
  });

  it('keeps trying where nobody listens, without stopping the process', async () => {
    const broker = new Broker({ url: 'amqp://127.0.0.1:1', name: 'test' }, quiet);
    cleanups.push(() => broker.close());
    broker.start();
    await expect(broker.publish('validation', aMessage())).rejects.toThrow('the broker is away');
    expect(broker.isConnected).toBe(false);
  });

  it('waits for no answer for ever, and asks nothing twice meanwhile', async () => {
    const silent = await aSilentBroker();
    const broker = await aBroker(silent.url, 0.5);
    silent.isSilent = true;
    const asked = await Promise.allSettled([broker.queueStats(), broker.queueStats()]);
    expect(asked.map((answer) => answer.status === 'rejected' && String(answer.reason))).toEqual(
      Array(2).fill('Error: The broker did not tell the state of its queues within 0.5 s'),
    );
    expect(broker.isConnected).toBe(true);
    silent.isSilent = false;
    expect(await depth(broker)).toMatchObject({ ready: 0, consumers: 0 });
  });
});

describe('QueueConsumer', () => {
  it('holds at most as many messages as it was told', async () => {
    const broker = await aBroker();
    const held: Delivery<TaskMessage>[] = [];
    for (let i = 0; i < 5; i++) await broker.publish('validation', aMessage());
    aConsumer(broker, (delivery) => held.push(delivery)).attach(2);
    await expect.poll(() => held.length).toBe(2);
    expect((await depth(broker)).ready).toBe(3);
    held[0].ack();
    await expect.poll(() => held.length).toBe(3);
  });

  it('takes as many more as it is told, whatever it holds', async () => {
    const broker = await aBroker();
    const held: Delivery<TaskMessage>[] = [];
    const consumer = aConsumer(broker, (delivery) => held.push(delivery));
    for (let i = 0; i < 5; i++) await broker.publish('validation', aMessage());
    consumer.attach(1);
    await expect.poll(() => held.length).toBe(1);
    consumer.attach(2);
    await expect.poll(() => held.length).toBe(3);
    for (const delivery of held) delivery.ack();
    await expect.poll(async () => (await depth(broker)).ready).toBe(0);
    expect(held).toHaveLength(5);
  });

  it('takes no more after a pause, and still answers what it holds', async () => {
    const broker = await aBroker();
    const held: Delivery<TaskMessage>[] = [];
    const consumer = aConsumer(broker, (delivery) => held.push(delivery));
    consumer.attach(10);
    await broker.publish('validation', aMessage());
    await expect.poll(() => held.length).toBe(1);
    await consumer.pause();
    await broker.publish('validation', aMessage());
    held[0].ack();
    await expect.poll(async () => (await depth(broker)).ready).toBe(1);
    expect(held).toHaveLength(1);
    consumer.attach(10);
    await expect.poll(() => held.length).toBe(2);
  });

  it('attaches again when its queue was deleted, and when its connection broke', async () => {
    const broker = await aBroker();
    const seen: string[] = [];
    const consumer = aConsumer(broker, (delivery) => {
      seen.push(delivery.message.task_id);
      delivery.ack();
    });
    consumer.attach(5);
    await expect.poll(() => consumer.isAttached).toBe(true);

    await administrate((channel) => channel.deleteQueue(broker.topology.queue('validation')));
    await expect.poll(() => consumer.isAttached).toBe(false);
    await expect.poll(() => consumer.isAttached, { timeout: 10_000 }).toBe(true);
    const first = aMessage();
    await broker.publish('validation', first);
    await expect.poll(() => seen).toEqual([first.task_id]);

    await broker.connection!.close();
    await expect.poll(() => consumer.isAttached).toBe(false);
    await expect.poll(() => consumer.isAttached, { timeout: 10_000 }).toBe(true);
    const second = aMessage();
    await broker.publish('validation', second);
    // The first may come once more: its acknowledgement can be lost with the connection.
    await expect.poll(() => seen).toContain(second.task_id);
  });

  it('sets aside what it cannot understand, and goes on', async () => {
    const broker = await aBroker();
    const seen: Delivery<TaskMessage>[] = [];
    aConsumer(broker, (delivery) => seen.push(delivery)).attach(5);
    await administrate(async (channel) => {
      const queue = broker.topology.queue('validation');
      channel.sendToQueue(queue, Buffer.from('{"task_id": 7}'));
      channel.sendToQueue(queue, Buffer.from('\xff\xfe'));
      await channel.checkQueue(queue);
    });
    await broker.publish('validation', aMessage());
    await expect.poll(() => seen.length).toBe(1);
    await expect.poll(async () => (await depth(broker)).dead, { timeout: 10_000 }).toBe(2);
  });

  it('sets aside a message that comes back again and again', async () => {
    const broker = await aBroker();
    await broker.publish('validation', aMessage());
    // A consumer that dies with the message each time: its channel closes without an answer.
    let deliveries = 0;
    while ((await depth(broker)).dead === 0 && deliveries < 20) {
      await administrate(async (channel) => {
        const arrived = Promise.withResolvers<boolean>();
        await channel.consume(broker.topology.queue('validation'), () => arrived.resolve(true));
        const came = await Promise.race([
          arrived.promise,
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1000)),
        ]);
        if (came) deliveries += 1;
        await channel.close().catch(() => undefined);
      });
    }
    expect(deliveries).toBe(DELIVERY_LIMIT + 1);
    expect(await depth(broker)).toMatchObject({ ready: 0, dead: 1 });
  });

  it('attaches by another channel where the broker never answered on the first', async () => {
    const silent = await aSilentBroker();
    const broker = await aBroker(silent.url, 0.5);
    const seen: Delivery<TaskMessage>[] = [];
    const consumer = aConsumer(broker, (delivery) => {
      seen.push(delivery);
      delivery.ack();
    });
    consumer.attach(1);
    await expect.poll(() => consumer.isAttached, { timeout: 10_000 }).toBe(true);
    silent.isSilent = true;
    consumer.attach(2); // what the broker says to this is lost
    await new Promise((resolve) => setTimeout(resolve, 700));
    silent.isSilent = false;
    await expect.poll(() => consumer.isAttached, { timeout: 10_000 }).toBe(true);
    for (let n = 0; n < 3; n++) await broker.publish('validation', aMessage());
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(3);
    await expect.poll(async () => (await depth(broker)).consumers).toBe(1);
  });
});
