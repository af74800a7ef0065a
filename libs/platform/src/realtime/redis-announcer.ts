import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { jobChannel } from '#contracts';
import type { Logger } from '../telemetry/logger.js';
import { redisConnection, type RedisSettings } from './redis.js';

/**
 * Rings the bell of a job: "there are new events in PostgreSQL".
 *
 * Fire and forget, after the commit that wrote the events. A bell that is lost, doubled or early
 * costs at most the feeds' poll interval; nobody waits for Redis.
 */
@Injectable()
export class RedisAnnouncer implements OnApplicationShutdown {
  private readonly redis: Redis;
  private isAway = false;

  constructor(
    settings: RedisSettings,
    private readonly logger: Logger,
  ) {
    this.redis = redisConnection(settings);
    this.redis.on('ready', () => (this.isAway = false));
    this.redis.on('error', (error: Error) => {
      if (this.isAway) return;
      this.isAway = true;
      this.logger.warn({ error }, 'Redis is away, live events arrive by poll');
    });
    this.redis.connect().catch(() => undefined);
  }

  announce(jobId: string): void {
    // The error handler above has told of the outage; the poll makes up for the bell.
    this.redis.publish(jobChannel(jobId), '').catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
