import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Metric, register } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisAnnouncer } from '#platform/realtime';
import {
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { type CutOffServer, cutOff } from '../../../../test/support/cut-off.js';
import { setting } from '../../../../test/support/services.js';
import { type LiveClient, openEvents, openSocket } from '../../../../test/support/live.js';
import { aJob, anEvent } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { LiveGateway } from './live-gateway.js';

const COMPLETE = { type: 'complete', progress: 100, results: { candidates: 1 } };
const TIMEOUT = { timeout: 10_000 };

/** Two processes of the api on one database; the second one's way to Redis can be cut. */
describe('live', () => {
  let api: TestApi;
  let twin: { app: NestFastifyApplication; url: string };
  let redis: CutOffServer;
  let team: Client;
  let others: Client;
  const open: LiveClient[] = [];

  beforeAll(async () => {
    api = await startApi(createApp, AppModule);
    const metrics = register.getMetricsAsArray() as unknown as Metric[];
    register.clear(); // a process has its own, and these two share one
    redis = await cutOff(setting('REDIS_URL'));
    twin = await startTwin(redis.url);
    register.clear();
    for (const metric of metrics) register.registerMetric(metric);
    [team, others] = await Promise.all([aLoggedInTeam(api), aLoggedInTeam(api)]);
  });
  afterEach(() => open.splice(0).forEach(({ socket }) => socket.terminate()));
  afterAll(async () => {
    await twin.app.close();
    await redis.close();
    await api.close();
  });

  async function startTwin(redisUrl: string) {
    process.env.REDIS_URL = redisUrl;
    const app = await createApp(AppModule);
    process.env.REDIS_URL = setting('REDIS_URL');
    await app.listen(0, '127.0.0.1');
    return { app, url: await app.getUrl() };
  }
  const newJob = async (fields: object = {}) =>
    (await aJob(api.database, { teamId: team.teamId, status: 'running', ...fields })).id;
  /** Written and announced as by a worker, through the first process' Redis. */
  async function emit(jobId: string, ...bodies: object[]) {
    for (const body of bodies.length > 0 ? bodies : [undefined]) {
      await anEvent(api.database, jobId, body);
      api.app.get(RedisAnnouncer).announce(jobId);
    }
  }
  async function connect(
    to: Pick<TestApi, 'url'>,
    id = 'client-1',
    { token = team.accessToken, query = '' } = {},
  ) {
    const client = await openSocket(to, id, { token, query });
    open.push(client);
    return client;
  }
  const subscribe = (client: LiveClient, jobId: string, after?: number) =>
    client.say({ type: 'subscribe_task', task_id: jobId, after });

  describe('WebSocket', () => {
    it('A.22 A.24 answers a ping', async () => {
      const client = await connect(api);
      client.say({ type: 'ping' });
      await expect.poll(() => client.messages).toEqual([{ type: 'pong' }]);
    });

    it('A.23 A.25 sends what happened and what happens to clients of every process', async () => {
      const jobId = await newJob();
      await emit(jobId);
      const [here, there] = [await connect(api), await connect(twin)];
      subscribe(here, jobId);
      subscribe(there, jobId);
      await expect.poll(() => [here.numbersOf(jobId), there.numbersOf(jobId)]).toEqual([[1], [1]]);
      await emit(jobId, { type: 'progress', status: 'running', progress: 50 }, COMPLETE);
      for (const client of [here, there]) {
        await expect.poll(() => client.numbersOf(jobId), TIMEOUT).toEqual([1, 2, 3]);
        expect(client.messages.slice(1)).toEqual([
          { type: 'progress', task_id: jobId, seq: 2, status: 'running', progress: 50 },
          { ...COMPLETE, task_id: jobId, seq: 3 },
        ]);
      }
    });

    it('A.11 D.5 takes an id for a job of the team, or else for a name', async () => {
      const jobId = await newJob();
      await emit(jobId, { type: 'progress' }, { type: 'progress' });
      const byJob = await connect(twin, jobId);
      await expect.poll(() => byJob.numbersOf(jobId)).toEqual([1, 2]);
      const resumed = await connect(twin, jobId, { query: '&after=1' });
      await expect.poll(() => resumed.numbersOf(jobId)).toEqual([2]);
      for (const name of ['anything at all', randomUUID()]) {
        const named = await connect(api, encodeURIComponent(name));
        subscribe(named, jobId, 1);
        await expect.poll(() => named.numbersOf(jobId)).toEqual([2]);
      }
    });

    it('B.47 loses and repeats nothing when a client comes back, at another process', async () => {
      const jobId = await newJob();
      await emit(jobId, {}, {}, {});
      const before = await connect(api);
      subscribe(before, jobId);
      await expect.poll(() => before.numbersOf(jobId)).toEqual([1, 2, 3]);
      before.socket.terminate();
      await emit(jobId, {}, {});
      const after = await connect(twin);
      subscribe(after, jobId, 3);
      await emit(jobId, {});
      await expect.poll(() => after.numbersOf(jobId), TIMEOUT).toEqual([4, 5, 6]);
    });

    it('is silent about a job after unsubscribe_task', async () => {
      const [left, kept] = [await newJob(), await newJob()];
      const client = await connect(api);
      subscribe(client, left);
      subscribe(client, kept);
      client.say({ type: 'unsubscribe_task', task_id: left });
      client.say({ type: 'ping' });
      await expect.poll(() => client.messages.at(-1)?.type).toBe('pong');
      await emit(left);
      await emit(kept);
      await expect.poll(() => client.numbersOf(kept), TIMEOUT).toEqual([1]);
      expect(client.numbersOf(left)).toEqual([]);
    });

    it('goes on from another place when a client subscribes again', async () => {
      const jobId = await newJob();
      await emit(jobId, {}, {});
      const client = await connect(api);
      subscribe(client, jobId);
      await expect.poll(() => client.numbersOf(jobId)).toEqual([1, 2]);
      subscribe(client, jobId, 1);
      await expect.poll(() => client.numbersOf(jobId)).toEqual([1, 2, 2]);
    });

    it("says of another team's job what it says of none, and nothing else, ever", async () => {
      const [jobId, nobodys] = [await newJob(), randomUUID()];
      await emit(jobId, COMPLETE);
      const spy = await connect(api, jobId, { token: others.accessToken });
      subscribe(spy, jobId);
      subscribe(spy, nobodys);
      await expect.poll(() => spy.messages.length).toBe(2);
      await emit(jobId);
      spy.say({ type: 'ping' });
      await expect.poll(() => spy.messages.length).toBe(3);
      const [foreign, missing] = spy.messages.map((message) => JSON.stringify(message));
      expect(foreign.replaceAll(jobId, nobodys)).toBe(missing);
      expect(spy.messages[0]).toMatchObject({
        type: 'error',
        task_id: jobId,
        problem: { type: '/problems/not-found', status: 404 },
      });
    });

    it('lets nobody in without a token that is good', async () => {
      for (const token of ['', 'nonsense', `${team.accessToken}x`]) {
        await expect(openSocket(api, 'me', { token })).rejects.toThrow('refused: 401');
      }
      await expect(openSocket(api, 'a/b', { token: team.accessToken })).rejects.toThrow(
        'refused: 404',
      );
    });

    it('closes a client whose session has ended', async () => {
      const leaver = await aLoggedInTeam(api);
      const client = await connect(api, 'me', { token: leaver.accessToken });
      const stayer = await connect(api);
      await leaver.post('/api/v1/auth/logout');
      api.app.get(LiveGateway).checkAll();
      expect(await client.closed).toBe(4401);
      expect(stayer.socket.readyState).toBe(stayer.socket.OPEN);
    });

    it('drops a client that no longer answers', async () => {
      const client = await connect(api, 'mute');
      client.socket.removeAllListeners('message');
      client.socket.pause(); // reads no ping
      api.app.get(LiveGateway).checkAll();
      await new Promise((resolve) => setTimeout(resolve, 100));
      api.app.get(LiveGateway).checkAll();
      client.socket.resume();
      expect(await client.closed).toBe(1006);
    });

    it.each([
      ['{', 'A message is one JSON object.'],
      ['[]', 'Invalid input'],
      ['{"type":"shout"}', "#/type Invalid discriminator value. Expected 'ping' | "],
      ['{"type":"subscribe_task","task_id":"7"}', '#/task_id'],
      ['{"type":"ping","extra":1}', 'Unrecognized key'],
    ])('explains what is wrong with %s, and goes on', async (message, detail) => {
      const client = await connect(api);
      client.say(message);
      client.say({ type: 'ping' });
      await expect.poll(() => client.messages.length).toBe(2);
      expect(client.messages).toMatchObject([
        {
          type: 'error',
          problem: { type: '/problems/invalid-message', detail: expect.stringContaining(detail) },
        },
        { type: 'pong' },
      ]);
    });

    it('closes a client that sends more than any message is long', async () => {
      const client = await connect(api);
      client.say('x'.repeat(5000));
      expect(await client.closed).toBe(1009);
    });

    it('closes a client that says more than can wait for its turn', async () => {
      const client = await connect(api);
      for (let i = 0; i < 1000; i++) subscribe(client, randomUUID());
      expect(await client.closed).toBe(1008);
    });

    it('lets a connection watch a hundred jobs, not more', async () => {
      const ids = Array.from({ length: 101 }, () => randomUUID());
      await api.database.job.createMany({
        data: ids.map((id) => ({ id, teamId: team.teamId, type: 'detection' as const })),
      });
      const client = await connect(api);
      for (const id of ids) subscribe(client, id);
      await expect
        .poll(() => client.messages, TIMEOUT)
        .toMatchObject([
          {
            type: 'error',
            task_id: ids[100],
            problem: { type: '/problems/too-many-subscriptions' },
          },
        ]);
    });

    /** 24 MB of events: more than the kernel keeps for a connection. */
    async function aLongHistory() {
      const jobId = await newJob();
      await api.database.pool.query(
        `INSERT INTO job_events (job_id, seq, body)
         SELECT $1, n, jsonb_build_object('type', 'progress', 'message', repeat('x', 20000))
         FROM generate_series(1, 1200) n`,
        [jobId],
      );
      await api.database.pool.query('UPDATE jobs SET event_seq = 1200 WHERE id = $1', [jobId]);
      return jobId;
    }
    async function aClientThatDoesNotRead(jobId: string) {
      const client = await connect(api);
      client.socket.pause();
      subscribe(client, jobId);
      await expect.poll(waiting, TIMEOUT).toBeGreaterThan(256 * 1024);
      return client;
    }
    /** Bytes that wait in this process for the client that has most of them. */
    const waiting = () => {
      const { clients } = api.app.get(LiveGateway)['server'];
      return Math.max(...[...clients].map((socket) => socket.bufferedAmount));
    };

    it('keeps little for a client that does not read, and loses nothing for it', async () => {
      const jobId = await aLongHistory();
      const client = await aClientThatDoesNotRead(jobId);
      expect(waiting()).toBeLessThan(300 * 1024);
      client.socket.resume();
      await expect.poll(() => client.numbersOf(jobId).length, TIMEOUT).toBe(1200);
      expect(client.numbersOf(jobId)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1));
    });

    it('closes a client that has not read for half a minute, and lets it resume', async () => {
      const jobId = await aLongHistory();
      const client = await aClientThatDoesNotRead(jobId);
      const [connection] = api.app.get(LiveGateway)['connections'];
      connection.live.checkPulse(performance.now() + 31_000);
      client.socket.resume();
      expect(await client.closed).toBe(1013);
      const had = client.numbersOf(jobId).length;
      expect(had).toBeLessThan(1200);
      const again = await connect(api);
      subscribe(again, jobId, had);
      await expect.poll(() => again.numbersOf(jobId).at(-1), TIMEOUT).toBe(1200);
      expect(again.numbersOf(jobId)[0]).toBe(had + 1);
    });

    it('goes on without Redis, and after it', async () => {
      const jobId = await newJob();
      const client = await connect(twin);
      subscribe(client, jobId);
      await emit(jobId, {});
      await expect.poll(() => client.numbersOf(jobId), TIMEOUT).toEqual([1]);
      await redis.cut();
      await emit(jobId, {}, {});
      await expect.poll(() => client.numbersOf(jobId), TIMEOUT).toEqual([1, 2, 3]);
      await redis.restore();
      await emit(jobId, {});
      await expect.poll(() => client.numbersOf(jobId), TIMEOUT).toEqual([1, 2, 3, 4]);
    });

    it('is counted while it is open', async () => {
      const open = async () =>
        /lightfold_live_connections\{transport="websocket".*\} (\d+)/.exec(
          (await call(api, 'GET', '/metrics')).body,
        )?.[1];
      await expect.poll(open).toBe('0');
      const client = await connect(api);
      expect(await open()).toBe('1');
      client.socket.close();
      await expect.poll(open).toBe('0');
    });
  });

  describe('Server-Sent Events', () => {
    const watch = (jobId: string, options: Parameters<typeof openEvents>[2] = {}) =>
      openEvents(api, jobId, { token: team.accessToken, ...options });

    it('send each event with its number, and end with the last', async () => {
      const jobId = await newJob();
      await emit(jobId, { type: 'progress', status: 'running' });
      const stream = await watch(jobId);
      expect(stream.status).toBe(200);
      expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(stream.headers.get('cache-control')).toBe('no-store');
      await expect.poll(() => stream.events.length).toBe(1);
      expect(stream.others).toEqual(['retry: 2000']);
      await emit(jobId, COMPLETE);
      await stream.ended;
      expect(stream.events).toEqual([
        { id: 1, data: { type: 'progress', status: 'running', task_id: jobId, seq: 1 } },
        { id: 2, data: { ...COMPLETE, task_id: jobId, seq: 2 } },
      ]);
    });

    it('resume after Last-Event-ID, from any process', async () => {
      const jobId = await newJob();
      await emit(jobId, { type: 'progress' }, { type: 'progress' }, COMPLETE);
      const options = { token: team.accessToken, headers: { 'last-event-id': '1' } };
      const stream = await openEvents(twin, jobId, options);
      await stream.ended;
      expect(stream.events.map(({ id }) => id)).toEqual([2, 3]);
    });

    it('end with 204 for a job that is over, so that a browser stays away', async () => {
      const jobId = await newJob({ status: 'completed', finishedAt: new Date() });
      await emit(jobId, COMPLETE);
      expect((await watch(jobId, { headers: { 'last-event-id': '1' } })).status).toBe(204);
      expect((await watch(jobId, { query: '?after=1' })).status).toBe(204);
    });

    it('do not stop at an end that a replay took back', async () => {
      const jobId = await newJob();
      const failed = { type: 'failed', problem: { type: '/problems/x' } };
      await emit(jobId, failed, { type: 'progress', status: 'queued' });
      const stream = await watch(jobId);
      await expect.poll(() => stream.events.length).toBe(2);
      await emit(jobId, COMPLETE);
      await stream.ended;
      expect(stream.events.map(({ data }) => data.type)).toEqual([
        'failed',
        'progress',
        'complete',
      ]);
    });

    it('take a token in the address, where a browser can set no header', async () => {
      const jobId = await newJob();
      const query = `?access_token=${team.accessToken}`;
      const stream = await openEvents(api, jobId, { query });
      expect(stream.status).toBe(200);
      stream.close();
      expect((await openEvents(api, jobId, {})).status).toBe(401);
      const elsewhere = await call(api, 'GET', `/api/v1/jobs/${jobId}${query}`);
      expect(elsewhere.status).toBe(401);
    });

    it("are 404 for another team's job", async () => {
      const jobId = await newJob();
      await emit(jobId);
      const stream = await openEvents(api, jobId, { token: others.accessToken });
      expect(stream.status).toBe(404);
      expect(stream.events).toEqual([]);
    });

    it('refuse an id that is none of ours', async () => {
      const stream = await watch(await newJob(), { headers: { 'last-event-id': 'abc' } });
      expect(stream.status).toBe(422);
    });

    it('are forgotten when the client goes', async () => {
      const jobId = await newJob();
      const open = async () =>
        /lightfold_live_connections\{transport="sse".*\} (\d+)/.exec(
          (await call(api, 'GET', '/metrics')).body,
        )?.[1];
      await expect.poll(open).toBe('0');
      const stream = await watch(jobId);
      expect(await open()).toBe('1');
      stream.close();
      await expect.poll(open).toBe('0');
    });
  });

  it('ends everything when a process stops, so that clients go elsewhere', async () => {
    const jobId = await newJob();
    register.clear();
    const third = await startTwin(setting('REDIS_URL'));
    const client = await connect(third);
    const stream = await openEvents(third, jobId, { token: team.accessToken });
    const waiting = call(third, 'GET', `/api/v1/status/${jobId}?wait_seconds=30`, {
      headers: { authorization: `Bearer ${team.accessToken}` },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const start = performance.now();
    await third.app.close();
    expect(performance.now() - start).toBeLessThan(8000);
    expect(await client.closed).toBe(1001);
    await stream.ended;
    expect((await waiting).status).toBe(200);
  });
});
