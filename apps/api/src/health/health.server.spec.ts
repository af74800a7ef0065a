import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInTeam,
  call,
  type Client,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { cutOff, type CutOffServer } from '../../../../test/support/cut-off.js';
import { setting } from '../../../../test/support/services.js';
import { aJob, aTask } from '../../../../test/support/rows.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { Drain } from './drain.js';

describe('health', () => {
  let api: TestApi;
  let team: Client;
  let redis: CutOffServer;
  beforeAll(async () => {
    redis = await cutOff(setting('REDIS_URL'));
    api = await startApi(createApp, AppModule, { REDIS_URL: redis.url });
    team = await aLoggedInTeam(api);
  });
  afterAll(async () => {
    await api.close();
    await redis.close();
  });
  const get = (path: string, headers = {}) => call(api, 'GET', path, { headers });
  const later = () => new Promise((resolve) => setTimeout(resolve, 1100)); // an answer is kept 1 s

  it('A.6 A.15 C.14 E.6 tells of this process and of each server it needs', async () => {
    await expect
      .poll(async () => (await get('/health')).body.status, { timeout: 10_000 })
      .toBe('ok');
    const { status, body } = await get('/health');
    expect(status).toBe(200);
    const up = { status: 'up', latency_ms: expect.any(Number) };
    expect(body.dependencies).toEqual({ database: up, broker: up, redis: up, object_store: up });
    expect(body.system).toMatchObject({
      cpu_count: expect.any(Number),
      process_rss_bytes: expect.any(Number),
      event_loop_lag_ms: expect.any(Number),
    });
    expect((await get('/api/v1/health')).body.version).toBe(body.version);
  });

  it('C.15 is degraded but alive and ready without Redis', async () => {
    await redis.cut();
    await later();
    const { status, body } = await get('/health');
    expect([status, body.status, body.dependencies.redis.status]).toEqual([
      200,
      'degraded',
      'down',
    ]);
    expect(body.dependencies.redis.message).toBe('cannot be reached');
    expect((await get('/liveness')).body).toEqual({ status: 'ok' });
    expect((await get('/readiness')).body).toEqual({ status: 'ok' });
    await redis.restore();
    await expect
      .poll(async () => (await get('/health')).body.status, { timeout: 15_000 })
      .toBe('ok');
  });

  it('A.20 A.36 A.37 names the workers, what they do for the team, and the queues', async () => {
    const other = await aLoggedInTeam(api);
    const taskOf = async ({ teamId }: Client) => {
      const job = await aJob(api.database, { teamId });
      return (await aTask(api.database, { teamId, jobId: job.id })).id;
    };
    const [ours, theirs] = [await taskOf(team), await taskOf(other)];
    const worker = {
      host: 'node-1',
      kind: 'worker',
      queues: ['validation', 'detection'],
      capacity: 2,
      version: '0.1.0',
    };
    const running = [ours, theirs].map((task_id) => ({ task_id, stage: 'search', progress: 40 }));
    await api.database.worker.createMany({
      data: [
        { id: 'worker1', ...worker, running, lastHeartbeatAt: new Date() },
        { id: 'silent', ...worker, lastHeartbeatAt: new Date(Date.now() - 3_600_000) },
      ],
    });
    const { status, body } = await team.get('/api/v1/workers/status');
    expect(status).toBe(200);
    expect(body.workers).toEqual([
      {
        id: 'worker1',
        ...worker,
        running: [{ task_id: ours, stage: 'search', progress: 40 }],
        busy: 2,
        last_heartbeat_at: expect.any(String),
      },
    ]);
    expect(body.broker).toBe('up');
    expect(body.queues.map(({ name }: { name: string }) => name)).toEqual([
      'validation',
      'detection',
      'prediction',
      'training',
    ]);
    expect(body.queues[1]).toMatchObject({
      ready: expect.any(Number),
      unacked: 0,
      dead: expect.any(Number),
      parked: 0,
    });
    expect((await get('/api/v1/workers/status')).status).toBe(401);
  });

  it('C.30 counts what waits in the metrics', async () => {
    const job = await aJob(api.database, { teamId: team.teamId, type: 'validation' });
    const task = { teamId: team.teamId, jobId: job.id, kind: 'validation' as const };
    await aTask(api.database, task);
    await aTask(api.database, task);
    await aTask(api.database, { ...task, status: 'completed' });
    const { status, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(body).toMatch(/^validation_queue_length\{.*\} 2$/m);
    expect(body).toMatch(/^lightfold_task_backlog\{kind="validation",state="queued".*\} 2$/m);
  });

  it('is not ready while it drains, and still alive', async () => {
    // Opened ahead of need, as browsers do, and never used: must not hold up the end.
    const unused = connect(Number(new URL(api.url).port), '127.0.0.1');
    await new Promise((resolve) => unused.once('connect', resolve));
    api.app.get(Drain).begin();
    const { status, body } = await get('/readiness');
    expect([status, body.status]).toEqual([503, 'not_ready']);
    expect((await get('/liveness')).status).toBe(200);
    const start = performance.now();
    await api.app.close();
    expect(performance.now() - start).toBeLessThan(5000);
    unused.destroy();
  });
});
