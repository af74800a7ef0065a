import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Logger } from '../telemetry/logger.js';
import { JobFeed } from './job-feed.js';
import { RedisAnnouncer } from './redis-announcer.js';

@Global()
@Module({
  providers: [
    {
      provide: RedisAnnouncer,
      inject: [Settings, Logger],
      useFactory: (settings: Settings, logger: Logger) => new RedisAnnouncer(settings, logger),
    },
    {
      provide: JobFeed,
      inject: [Settings, Database, Logger],
      useFactory: (settings: Settings, database: Database, logger: Logger) =>
        new JobFeed(settings, database, logger),
    },
  ],
  exports: [RedisAnnouncer, JobFeed],
})
export class RealtimeModule {}
