import { Module } from '@nestjs/common';
import { ModelsModule } from '#platform/models';
import { QueuesModule } from '#platform/queues';
import { ReportsModule } from '../reports/reports.module.js';
import { Housekeeping } from './housekeeping.js';
import { HousekeepingRepository } from './housekeeping.repository.js';

@Module({
  imports: [QueuesModule, ModelsModule, ReportsModule],
  providers: [Housekeeping, HousekeepingRepository],
  exports: [Housekeeping],
})
export class HousekeepingModule {}
