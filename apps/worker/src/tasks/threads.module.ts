import { Module } from '@nestjs/common';
import { Settings } from '#platform/config';
import { concurrencyOf } from '../worker-options.js';
import { ThreadPool } from './thread-pool.js';

@Module({
  providers: [
    {
      provide: ThreadPool,
      inject: [Settings],
      useFactory: (settings: Settings) =>
        new ThreadPool({
          threads: concurrencyOf(settings),
          heapMb: settings.WORKER_THREAD_HEAP_MB,
        }),
    },
  ],
  exports: [ThreadPool],
})
export class ThreadsModule {}
