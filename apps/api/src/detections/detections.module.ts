import { Module } from '@nestjs/common';
import { Database } from '#platform/database';
import { JobsStore } from '#platform/jobs';
import { RedisAnnouncer } from '#platform/realtime';
import { PoliciesModule } from '../policies/policies.module.js';
import { DetectionsController } from './detections.controller.js';
import { DetectionsRepository } from './detections.repository.js';
import { DetectionsService } from './detections.service.js';
import { JobsController } from './jobs.controller.js';
import { JobsRepository } from './jobs.repository.js';
import { JobsService } from './jobs.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [DetectionsController, JobsController],
  providers: [
    DetectionsService,
    DetectionsRepository,
    JobsService,
    JobsRepository,
    {
      provide: JobsStore,
      inject: [Database, RedisAnnouncer],
      useFactory: (database: Database, announcer: RedisAnnouncer) =>
        new JobsStore(database, announcer),
    },
  ],
  exports: [JobsService],
})
export class DetectionsModule {}
