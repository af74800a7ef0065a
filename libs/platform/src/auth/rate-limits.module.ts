import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Settings } from '../config/settings.js';
import { redisConnection } from '../realtime/redis.js';
import { Logger } from '../telemetry/logger.js';
import { RateLimiter } from './rate-limiter.js';

class RateLimitsRedis extends Redis {}

@Global()
@Module({
  providers: [
    {
      provide: RateLimitsRedis,
      inject: [Settings],
      useFactory: (settings: Settings) => redisConnection(settings),
    },
    {
      provide: RateLimiter,
      inject: [RateLimitsRedis, Logger, Settings],
      useFactory: (redis: Redis, logger: Logger, settings: Settings) =>
        new RateLimiter(redis, logger, `${settings.QUEUE_PREFIX}lightfold:rate:`),
    },
  ],
  exports: [RateLimiter],
})
export class RateLimitsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly redis: RateLimitsRedis) {}

  /** The limiter itself says when Redis is away; here nobody waits for it. */
  onModuleInit(): void {
    this.redis.on('error', () => undefined);
    this.redis.connect().catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
