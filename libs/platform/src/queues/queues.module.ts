import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import type { QueueOptions } from 'bull';
import { Settings } from '../config/settings.js';

/** Queues on Redis: work that may be forgotten, because PostgreSQL tells what is still to do. */
export const REPORTS_QUEUE = 'reports';
export const HOUSEKEEPING_QUEUE = 'housekeeping';

/** Where Bull finds its Redis, and under which keys it may write. */
export function bullOptions(
  settings: Pick<Settings, 'REDIS_URL' | 'REDIS_PASSWORD' | 'QUEUE_PREFIX'>,
): QueueOptions {
  const url = new URL(settings.REDIS_URL);
  const database = url.pathname.slice(1);
  return {
    // Braces keep the keys of one queue in one slot of a cluster.
    prefix: `{${settings.QUEUE_PREFIX}lightfold}`,
    redis: {
      host: url.hostname,
      port: url.port ? Number(url.port) : 6379,
      username: decodeURIComponent(url.username) || undefined,
      password: decodeURIComponent(url.password) || settings.REDIS_PASSWORD,
      db: database ? Number(database) : 0,
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
      retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 6), 5000),
    },
    defaultJobOptions: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 1000 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

@Module({
  imports: [
    BullModule.forRootAsync({ inject: [Settings], useFactory: bullOptions }),
    BullModule.registerQueue({ name: REPORTS_QUEUE }, { name: HOUSEKEEPING_QUEUE }),
  ],
  exports: [BullModule],
})
export class QueuesModule {}
