import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { setting } from '../../../../test/support/services.js';
import { redisConnection } from '../realtime/redis.js';
import { Logger } from '../telemetry/logger.js';
import { RateLimiter } from './rate-limiter.js';

describe('the rate limiter', () => {
  const prefix = `test:${randomUUID()}:`;
  const connections: Redis[] = [];
  const lines: Record<string, unknown>[] = [];
  const logger = new Logger({
    app: 'test',
    level: 'info',
    format: 'json',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const limiterOfAProcess = (url = setting('REDIS_URL')) => {
    const redis = redisConnection({ REDIS_URL: url, REDIS_PASSWORD: undefined });
    redis.on('error', () => undefined);
    connections.push(redis);
    return { redis, limiter: new RateLimiter(redis, logger, prefix) };
  };
  const one = limiterOfAProcess();
  const other = limiterOfAProcess();

  beforeAll(() => Promise.all([one.redis.connect(), other.redis.connect()]));
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  it('B.38 counts over all processes, and says when to come back', async () => {
    const limit = { limit: 10, windowSeconds: 60 };
    const verdicts = await Promise.all(
      Array.from({ length: 14 }, (_, n) => (n % 2 ? one : other).limiter.use('shared', limit)),
    );
    expect(verdicts.filter((verdict) => verdict.isAllowed)).toHaveLength(10);
    const refused = verdicts.filter((verdict) => !verdict.isAllowed);
    expect(refused).toHaveLength(4);
    expect(refused[0].remaining).toBe(0);
    expect(refused[0].resetSeconds).toBeGreaterThan(55);
    expect(refused[0].resetSeconds).toBeLessThanOrEqual(60);
  });

  it('counts each use, though those that come together take one command', async () => {
    const commands = vi.spyOn(one.redis, 'eval');
    const limit = { limit: 50, windowSeconds: 60 };
    const uses = Array.from({ length: 50 }, () => one.limiter.use('together', limit));
    const remaining = (await Promise.all(uses)).map((verdict) => verdict.remaining);
    expect(remaining).toEqual(Array.from({ length: 50 }, (_, n) => 49 - n));
    expect(commands).toHaveBeenCalledTimes(2);
    commands.mockRestore();
  });

  it('opens again when the window is over, however often it was asked meanwhile', async () => {
    const limit = { limit: 1, windowSeconds: 1 };
    expect((await one.limiter.use('window', limit)).isAllowed).toBe(true);
    await expect
      .poll(async () => (await one.limiter.use('window', limit)).isAllowed, {
        interval: 50,
        timeout: 3000,
      })
      .toBe(true);
  });

  it('keeps keys apart', async () => {
    const limit = { limit: 1, windowSeconds: 60 };
    expect((await one.limiter.use('a', limit)).isAllowed).toBe(true);
    expect((await one.limiter.use('b', limit)).isAllowed).toBe(true);
    expect((await one.limiter.use('a', limit)).isAllowed).toBe(false);
  });

  it('lets everything pass while Redis is away, and says so once', async () => {
    const { limiter } = limiterOfAProcess('redis://127.0.0.1:1');
    for (let use = 0; use < 3; use++) {
      expect(await limiter.use('away', { limit: 1, windowSeconds: 60 })).toMatchObject({
        isAllowed: true,
      });
    }
    expect(lines.filter((line) => line.level === 'warn').map((line) => line.msg)).toEqual([
      'Rate limits were not applied: Redis is away',
    ]);
  });
});
