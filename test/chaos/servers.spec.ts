/** What becomes of jobs while the broker and Redis are emptied, killed and brought back. */
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueNames } from '#contracts';
import { startServices, type Services } from '../../scripts/services/index.mjs';
import { aCurveCsv } from '../support/curves.js';
import { aWorkerWorld, type WorkerWorld } from '../support/worker-world.js';

const FILES = 120;

let services: Services;
let world: WorkerWorld;

beforeAll(async () => {
  services = await startServices({ dataDir: null, durable: false, ownServersOnly: true });
});
afterAll(() => services.stop());
beforeEach(async () => {
  world = await aWorkerWorld({ BROKER_URL: services.rabbitmq.url, REDIS_URL: services.redis.url });
});
afterEach(() => world.close());

const jobRow = (id: string) => world.database.job.findUniqueOrThrow({ where: { id } });
const untilDone = (id: string) =>
  expect.poll(async () => (await jobRow(id)).status, { timeout: 120_000 }).toBe('completed');
const done = async (id: string) => (await jobRow(id)).tasksCompleted;
const bytes = aCurveCsv({ days: 5 });
const files = Array.from({ length: FILES }, (_, i) => ({ filename: `curve-${i}.csv`, bytes }));

/** Every task ended once, well. */
async function expectAllOnce(jobId: string): Promise<void> {
  expect(await jobRow(jobId)).toMatchObject({ tasksCompleted: FILES, tasksFailed: 0 });
  const events = await world.database.jobEvent.findMany({
    where: { jobId },
    orderBy: { seq: 'asc' },
  });
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  const ends = events.filter((event) => (event.body as { type: string }).type === 'complete');
  expect(ends).toHaveLength(1);
}

async function purgeQueues(): Promise<number> {
  const connection = await connect(services.rabbitmq.url);
  const channel = await connection.createChannel();
  let messages = 0;
  for (const name of queueNames) {
    const purged = await channel.purgeQueue(`${world.queuePrefix}${name}`);
    messages += purged.messageCount;
  }
  await connection.close();
  return messages;
}

describe('under load', () => {
  it('C.5 a broker that is killed and comes back costs no task', async () => {
    const workers = [await world.startWorker(), await world.startWorker()];
    const { jobId } = await world.validate(files);
    await expect.poll(() => done(jobId), { timeout: 60_000 }).toBeGreaterThan(10);
    await services.rabbitmq.kill();
    await services.rabbitmq.start();
    await untilDone(jobId);
    await expectAllOnce(jobId);
    // Both consume again, not only the one that happened to finish the job.
    for (const worker of workers) {
      await expect
        .poll(async () => (await fetch(`${worker.url}/readiness`)).status, { timeout: 30_000 })
        .toBe(200);
    }
  });

  it('a broker that loses every message costs no task', async () => {
    const letGo = world.proxy.hold('/uploads/');
    const { jobId } = await world.validate(files);
    await world.startWorker({ REAPER_INTERVAL_SECONDS: '1' });
    await expect.poll(() => world.proxy.held, { timeout: 30_000 }).toBe(2);
    await expect.poll(() => world.database.outboxMessage.count(), { timeout: 30_000 }).toBe(0);
    expect(await purgeQueues()).toBeGreaterThan(FILES / 2);
    letGo();
    await untilDone(jobId);
    await expectAllOnce(jobId);
  });

  it('a broker that is away when a job comes gets it when it is back', async () => {
    await world.startWorker();
    await services.rabbitmq.kill();
    const { jobId } = await world.validate(files.slice(0, 3));
    expect((await jobRow(jobId)).status).toBe('queued');
    await services.rabbitmq.start();
    await untilDone(jobId);
  });

  it('C.4 a Redis that is emptied costs no job and no report', async () => {
    await world.startWorker();
    const planet = { filename: 'planet.csv', bytes: aCurveCsv({ depthPpm: 3000 }) };
    const { jobId, datasetId, fileIds } = await world.validate([planet]);
    await untilDone(jobId);
    await services.redis.flush();
    const detection = await world.detect(datasetId, fileIds);
    await services.redis.flush();
    await untilDone(detection);
    await services.redis.flush();
    // As if the request for the report had been lost with it, long ago.
    await world.database.job.update({
      where: { id: detection },
      data: { reportKey: null, finishedAt: new Date(Date.now() - 3_600_000) },
    });
    await services.redis.kill();
    await services.redis.start();
    await expect
      .poll(async () => (await jobRow(detection)).reportKey, { timeout: 60_000 })
      .not.toBeNull();
    // The rounds of the housekeeping are asked for again.
    await world.database.objectDeletion.create({ data: { objectKey: 'tests/nothing' } });
    await expect.poll(() => world.database.objectDeletion.count(), { timeout: 60_000 }).toBe(0);
  });
});
