import { Redis, type RedisOptions } from 'ioredis';
import type { Settings } from '../config/settings.js';

export type RedisSettings = Pick<Settings, 'REDIS_URL' | 'REDIS_PASSWORD'>;

/**
 * A connection to Redis that fails fast and never gives up: a command while Redis is away rejects at
 * once, and the connection comes back by itself. It begins with `connect()`.
 */
export function redisConnection(settings: RedisSettings, options: RedisOptions = {}): Redis {
  const hasPassword = new URL(settings.REDIS_URL).password !== '';
  return new Redis(settings.REDIS_URL, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2000),
    ...(hasPassword ? {} : { password: settings.REDIS_PASSWORD }),
    ...options,
  });
}
