import { Module } from '@nestjs/common';
import { Settings } from '#platform/config';
import { ObjectStore } from '#platform/storage';
import { concurrencyOf } from '../worker-options.js';
import { ThreadPool } from './thread-pool.js';

@Module({
  providers: [
    {
      provide: ThreadPool,
      inject: [Settings, ObjectStore],
      useFactory: (settings: Settings, store: ObjectStore) =>
        new ThreadPool({
          threads: concurrencyOf(settings),
          heapMb: settings.WORKER_THREAD_HEAP_MB,
          store,
        }),
    },
  ],
  exports: [ThreadPool],
})
export class ThreadsModule {}
