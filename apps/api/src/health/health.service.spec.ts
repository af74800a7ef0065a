import { afterEach, describe, expect, it, vi } from 'vitest';
import { fake } from '../../../../test/support/fake.js';
import type { Dependencies, DependencyName } from './dependencies.js';
import { Drain } from './drain.js';
import type { EventLoop } from './event-loop.js';
import { HealthService } from './health.service.js';

const never = new Promise<void>(() => undefined);

function aHealthService(broken: Partial<Record<DependencyName, Promise<void>>> = {}) {
  const drain = new Drain();
  const ask = vi.fn(async (name: DependencyName) => broken[name]);
  const service = new HealthService(
    fake<Dependencies>({ ask }),
    drain,
    fake<EventLoop>({ takeLagMs: () => 0.5 }),
  );
  return { service, drain, ask };
}
const refused = () => {
  const promise = Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
  promise.catch(() => undefined);
  return promise;
};

describe('HealthService', () => {
  afterEach(() => vi.useRealTimers());

  it('C.14 is ok while every dependency answers, and says how fast', async () => {
    const health = await aHealthService().service.check();
    expect(health.status).toBe('ok');
    expect(Object.keys(health.dependencies)).toEqual([
      'database',
      'broker',
      'redis',
      'object_store',
    ]);
    expect(health.dependencies.redis.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it('A.15 tells of processor, memory and the event loop', async () => {
    const { system } = await aHealthService().service.check();
    expect(system.eventLoopLagMs).toBe(0.5);
    expect(system.cpuCount).toBeGreaterThan(0);
    expect(system.processRssBytes).toBeGreaterThan(1e7);
    expect(system.memoryFreeBytes).toBeLessThanOrEqual(system.memoryTotalBytes);
  });

  it('is degraded without Redis, down without the database, and names no address', async () => {
    const withoutRedis = await aHealthService({ redis: refused() }).service.check();
    expect(withoutRedis.status).toBe('degraded');
    expect(withoutRedis.dependencies.redis).toEqual({
      status: 'down',
      latencyMs: null,
      message: 'cannot be reached',
    });
    const withoutDatabase = await aHealthService({ database: refused() }).service.check();
    expect(withoutDatabase.status).toBe('down');
    expect(JSON.stringify(withoutDatabase)).not.toContain('10.0.0.7');
  });

  it('does not wait for a server that hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const checking = aHealthService({ object_store: never }).service.check();
    await vi.advanceTimersByTimeAsync(2000);
    const { status, dependencies } = await checking;
    expect(status).toBe('degraded');
    expect(dependencies.object_store.message).toBe('did not answer within 2 s');
  });

  it('asks once for many who ask at the same time', async () => {
    const { service, ask } = aHealthService();
    await Promise.all([service.check(), service.check(), service.check()]);
    expect(ask).toHaveBeenCalledTimes(4);
  });

  it('C.15 is ready with the database, whatever else is away', async () => {
    const { service } = aHealthService({ redis: refused(), broker: refused() });
    expect(await service.readiness()).toEqual({ status: 'ok' });
    const without = aHealthService({ database: refused() });
    expect(await without.service.readiness()).toEqual({
      status: 'not_ready',
      message: 'The database cannot be reached.',
    });
  });

  it('is not ready from the moment on that it drains', async () => {
    const { service, drain } = aHealthService();
    drain.begin();
    expect((await service.readiness()).status).toBe('not_ready');
  });
});
