/** Long searches, divided among workers that are processes of their own, while things go wrong. */
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { serialize } from 'node:v8';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ShardRequest } from '#contracts';
import { aCurveCsv } from '../../../../test/support/curves.js';
import { setting } from '../../../../test/support/services.js';
import type { WorkerProcess } from '../../../../test/support/worker-process.js';
import { aWorkerWorld, type WorkerWorld } from '../../../../test/support/worker-world.js';
import { attemptFolder, roundKey } from '../detection/detection-keys.js';

/** Box searches that take less than a second, some seconds, and half a minute. */
const FILES = [60, 200, 400].map((days) => ({
  filename: `${days}-days.csv`,
  bytes: aCurveCsv({ days, depthPpm: 1500 }),
}));
const PARAMS = { method: 'bls', max_planets: 1, false_alarm_trials: 0, sensitivity: 'never' };
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const SPLIT = {
  SEARCH_SPLIT_SECONDS: '0.1',
  WORKER_CONCURRENCY: '1',
  // A worker that is frozen for a moment keeps its task.
  LEASE_SECONDS: '60',
};

let world: WorkerWorld;
let connection: ChannelModel;
let channel: Channel;
let datasetId: string;
let fileIds: string[];
let unsplit: Stored;
let unsplitShort: Stored;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  world = await aWorkerWorld(SPLIT);
  connection = await connect(setting('BROKER_URL'));
  channel = await connection.createChannel();
  const worker = await aWorker({ SEARCH_SPLIT_SECONDS: '0' });
  const validation = await world.validate(FILES);
  ({ datasetId, fileIds } = validation);
  await untilJob(validation.jobId);
  unsplit = await storedOf(await done(detect()));
  unsplitShort = await storedOf(await done(detectShort()));
  expect(await metric(worker, 'lightfold_search_shards_total', 'owner')).toBe(0);
  await stopAll();
});
afterAll(async () => {
  await connection.close();
  await world.close();
});
afterEach(async () => {
  const errors = workers.map((worker) => worker.errors());
  await stopAll();
  await channel.purgeQueue(shardQueue());
  expect(errors.join('')).toBe('');
});

const detectShort = () => world.detect(datasetId, [fileIds[0]], { ...PARAMS, max_planets: 2 });
const detect = () => world.detect(datasetId, [fileIds[1]], PARAMS);
const detectLong = () => world.detect(datasetId, [fileIds[2]], PARAMS);
const taskOf = (jobId: string) => world.database.task.findFirstOrThrow({ where: { jobId } });
const untilJob = (id: string) =>
  vi.waitUntil(
    async () =>
      (await world.database.job.findUniqueOrThrow({ where: { id } })).status === 'completed',
    { timeout: 100_000, interval: 20 },
  );

async function done(started: Promise<string>): Promise<string> {
  const jobId = await started;
  await untilJob(jobId);
  return jobId;
}

async function aWorker(env: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await world.startWorker(env);
  workers.push(worker);
  return worker;
}

async function stopAll(): Promise<void> {
  for (const worker of workers) {
    worker.signal('SIGCONT'); // where a test failed with one frozen
    worker.signal('SIGTERM');
  }
  await Promise.all(workers.splice(0).map(({ ended }) => ended));
}

/**
 * Two workers, one of which has a search and is frozen as soon as its requests have left it, until
 * the other one has solved some of it: so that it is helped, however busy this machine is.
 */
async function aHelpedSearch() {
  const { jobId, owner, helper, folder } = await aSplitSearch();
  await vi.waitUntil(
    async () =>
      hasLogged(helper, 'Shard solved') ||
      (await channel.checkQueue(shardQueue())).messageCount >= 4,
    { timeout: 60_000, interval: 5 },
  );
  owner.signal('SIGSTOP');
  // Two: the answer to the first has left it then.
  await untilLogged(helper, 'Shard solved', 2);
  return { jobId, owner, helper, folder, goOn: () => owner.signal('SIGCONT') };
}

async function aSplitSearch(started = detect) {
  const both = [await aWorker(), await aWorker()];
  const jobId = await started();
  const owner = await vi.waitUntil(
    () => both.find((worker) => hasLogged(worker, 'Help was asked for')),
    { timeout: 60_000, interval: 5 },
  );
  const helper = both.find((worker) => worker !== owner)!;
  const { id: taskId, leaseOwner } = await taskOf(jobId);
  const lease = { jobId, taskId, attempt: 1, owner: leaseOwner! };
  return { jobId, owner, helper, folder: attemptFolder(world.teamId, lease) };
}

/** A search that has just asked for help and is frozen, with its requests taken from the queue. */
async function aSearchThatAsks(started: () => Promise<string>) {
  const owner = await aWorker();
  const jobId = await started();
  await untilRequested();
  owner.signal('SIGSTOP');
  const requests: ShardRequest[] = [];
  for (;;) {
    const message = await channel.get(shardQueue(), { noAck: true });
    if (!message) break;
    requests.push(JSON.parse(message.content.toString()) as ShardRequest);
  }
  onTestFinished(() => world.jobs.cancel(world.teamId, jobId).then(() => undefined));
  return { jobId, owner, requests };
}

const shardQueue = () => `${world.queuePrefix}shards`;
/** Until the broker holds some requests of a round, of which there are more. */
const untilRequested = () =>
  vi.waitUntil(async () => (await channel.checkQueue(shardQueue())).messageCount >= 4, {
    timeout: 60_000,
    interval: 5,
  });

const hasLogged = (worker: WorkerProcess, sentence: string, times = 1) =>
  worker.lines.filter((line) => line.msg === sentence).length >= times;
const untilLogged = (worker: WorkerProcess, sentence: string, times = 1) =>
  vi.waitUntil(() => hasLogged(worker, sentence, times), { timeout: 60_000, interval: 5 });

/** A counter of a worker, by the value of its label. */
async function metric(worker: WorkerProcess, name: string, label: string): Promise<number> {
  const page = await (await fetch(`${worker.url}/metrics`)).text();
  const line = page
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && each.includes(`="${label}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

const solvedBy = async (worker: WorkerProcess) => ({
  owner: await metric(worker, 'lightfold_search_shards_total', 'owner'),
  helper: await metric(worker, 'lightfold_search_shards_total', 'helper'),
});

interface Stored {
  readonly result: unknown;
  readonly candidates: readonly unknown[];
  readonly objects: Readonly<Record<string, string>>;
}

/** All that a task stored, without what names the task and the moment; objects as digests. */
async function storedOf(jobId: string): Promise<Stored> {
  const objects: Record<string, string> = {};
  const keep = async (name: string, key: string) => {
    const content = await text((await world.store.get(key)).stream);
    objects[name] = sha256(content.replaceAll(jobId, 'JOB').replaceAll(MOMENT, 'MOMENT'));
  };
  const { result } = await taskOf(jobId);
  const { report_model_key: model, ...rest } = result as Record<string, string>;
  await keep('report model', model);
  const rows = await world.database.candidate.findMany({
    where: { jobId },
    orderBy: { rank: 'asc' },
  });
  for (const { rank, plots } of rows) {
    for (const [name, key] of Object.entries(plots as Record<string, string>)) {
      await keep(`${rank} ${name}`, `${key}.svg`);
    }
  }
  return {
    result: without(rest, 'report_key'),
    candidates: rows.map((row) => without(row, 'id', 'jobId', 'taskId', 'createdAt', 'plots')),
    objects,
  };
}

const without = (row: object, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
const MOMENT = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g;
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

describe('a search that is divided among two workers', () => {
  it('B.48 stores what one worker stores, byte for byte, and both have worked', async () => {
    const { jobId, owner, helper, folder, goOn } = await aHelpedSearch();
    goOn();
    await untilJob(jobId);
    expect(await storedOf(jobId)).toEqual(unsplit);
    expect(unsplit.candidates.length).toBeGreaterThan(0);

    const solved = await solvedBy(owner);
    expect(solved.owner).toBeGreaterThan(0);
    expect(solved.helper).toBeGreaterThan(0);
    expect(await metric(helper, 'lightfold_shard_requests_total', 'solved')).toBeGreaterThanOrEqual(
      solved.helper,
    );
    // It helped, and had no task.
    expect(hasLogged(helper, 'Task began')).toBe(false);
    expect(await taskOf(jobId)).toMatchObject({ attempt: 1, failures: 0 });
    await expect.poll(() => world.store.head(roundKey(folder, 0))).toBeNull();
  });

  it('B.48 loses nothing where its helper is killed in the middle of a shard', async () => {
    const { jobId, owner, helper, goOn } = await aHelpedSearch();
    // It is at the next one.
    helper.signal('SIGKILL');
    expect(await helper.ended).toBe('SIGKILL');
    goOn();
    await untilJob(jobId);
    expect(await storedOf(jobId)).toEqual(unsplit);
    expect((await solvedBy(owner)).helper).toBeGreaterThan(0);
    expect(await taskOf(jobId)).toMatchObject({ attempt: 1, failures: 0 });
  });

  it('B.48 loses nothing where the requests are lost', async () => {
    const letGo = world.proxy.hold('/round-0'); // before the helper's first shard
    const { jobId, owner } = await aSplitSearch();
    await vi.waitUntil(() => world.proxy.held === 1, { timeout: 60_000, interval: 5 });
    await untilRequested();
    owner.signal('SIGSTOP');
    const { messageCount } = await channel.purgeQueue(shardQueue());
    expect(messageCount).toBeGreaterThanOrEqual(4);
    owner.signal('SIGCONT');
    letGo();
    await untilJob(jobId);
    expect(await storedOf(jobId)).toEqual(unsplit);
    expect((await solvedBy(owner)).owner).toBeGreaterThanOrEqual(messageCount);
  });

  it('B.48 ends within a second when it is cancelled, and leaves nothing behind', async () => {
    const { jobId, owner, helper, folder } = await aSplitSearch(detectLong);
    await untilLogged(helper, 'Shard solved');
    expect(await world.store.head(roundKey(folder, 0))).not.toBeNull();
    const startedMs = performance.now();
    expect(await world.jobs.cancel(world.teamId, jobId)).toMatchObject({ outcome: 'cancelled' });
    await untilLogged(owner, 'Task ended');
    expect(performance.now() - startedMs).toBeLessThan(1000);
    // A heartbeat that waited for the cancelling transaction may be first to find the lease gone.
    const { outcome } = owner.lines.find((line) => line.msg === 'Task ended')!;
    expect(['cancelled', 'lost']).toContain(outcome);
    await expect.poll(() => world.store.head(roundKey(folder, 0))).toBeNull();
    // What was asked of others is dropped without work, and the workers take the next task.
    await done(detectShort());
    expect(await metric(helper, 'lightfold_shard_requests_total', 'failed')).toBe(0);
  });
});

describe('a helper', () => {
  it('B.48 answers what it was asked, and refuses what it cannot or need not do', async () => {
    const { requests } = await aSearchThatAsks(detectLong);
    const { queue: replyTo } = await channel.assertQueue('', { exclusive: true });
    const helper = await aWorker();
    const [request] = requests;
    const ask = (changes: Partial<ShardRequest>) =>
      channel.sendToQueue(
        shardQueue(),
        Buffer.from(JSON.stringify({ ...request, reply_to: replyTo, ...changes })),
      );
    ask({ engine: `${request.engine}.` });
    ask({ round: { ...request.round, object_key: 'teams/nobody/round-0' } });
    ask({ round: { ...request.round, sha256: '0'.repeat(64) } });
    ask({ shard: { ...request.shard, to: 1e9 } });
    ask({});
    const outcomes = () =>
      Promise.all(
        ['refused', 'stale', 'failed', 'solved'].map((outcome) =>
          metric(helper, 'lightfold_shard_requests_total', outcome),
        ),
      );
    await vi.waitUntil(async () => (await outcomes()).at(-1) === 1, { timeout: 60_000 });
    expect(await outcomes()).toEqual([1, 1, 2, 1]);
    const answer = await vi.waitUntil(() => channel.get(replyTo, { noAck: true }), 5000);
    expect(answer.properties.correlationId).toBe(request.correlation_id);
    expect(answer.properties.headers!.sha256).toBe(sha256(answer.content));
    expect(await channel.get(replyTo)).toBe(false);
  });

  it('B.48 leaves alone what another helper has died of', async () => {
    const { requests } = await aSearchThatAsks(detectLong);
    channel.sendToQueue(shardQueue(), Buffer.from(JSON.stringify(requests[0])));
    const message = await vi.waitUntil(() => channel.get(shardQueue()), 5000);
    channel.nack(message, false, true);
    const helper = await aWorker();
    const dropped = () => metric(helper, 'lightfold_shard_requests_total', 'dropped');
    await vi.waitUntil(async () => (await dropped()) === 1, { timeout: 60_000 });
    expect(hasLogged(helper, 'Shard solved')).toBe(false);
  });
});

describe('a search that may be divided', () => {
  it('B.48 believes no answer that came damaged', async () => {
    const { jobId, owner, requests } = await aSearchThatAsks(detect);
    const answer = (correlationId: string, content: Buffer, digest = sha256(content)) =>
      channel.sendToQueue(requests[0].reply_to, content, {
        correlationId,
        headers: { sha256: digest },
      });
    const { first, columns } = { first: 0, columns: [1, 2, 3].map(() => new Float64Array(9)) };
    for (const { correlation_id: id } of requests) {
      answer(id, Buffer.from('no answer at all'));
      answer(id, serialize({ first, columns }), 'no digest');
      answer(id, serialize({ first, columns })); // too short
      answer(id, Buffer.alloc(0));
      answer(`${id}7`, serialize({ first, columns }));
      answer('nothing', serialize({ first, columns }));
    }
    owner.signal('SIGCONT');
    await untilJob(jobId);
    expect(await storedOf(jobId)).toEqual(unsplit);
    expect((await solvedBy(owner)).helper).toBe(0);
  });

  it('B.48 is done by its worker alone where nobody helps, round after round', async () => {
    const worker = await aWorker();
    expect(await storedOf(await done(detect()))).toEqual(unsplit);
    const { owner: ofOneRound } = await solvedBy(worker);
    expect(ofOneRound).toBeGreaterThan(5);
    expect(await storedOf(await done(detectShort()))).toEqual(unsplitShort);
    const { owner, helper } = await solvedBy(worker);
    expect(owner).toBeGreaterThan(ofOneRound + 2);
    expect(helper).toBe(0);
  });

  it('B.48 waits for nobody where all threads have searches of their own, and then is helped', async () => {
    const worker = await aWorker({ WORKER_CONCURRENCY: '2' });
    const [long, short] = [await detectLong(), await detectShort()];
    expect(await storedOf(await done(Promise.resolve(short)))).toEqual(unsplitShort);
    const solved = () => metric(worker, 'lightfold_shard_requests_total', 'solved');
    await vi.waitUntil(async () => (await solved()) > 2, { timeout: 60_000 });
    await world.jobs.cancel(world.teamId, long);
    await untilLogged(worker, 'Task ended', 2);
  });
});
