import { Module } from '@nestjs/common';
import { QueuesModule } from '#platform/queues';
import { EphemerisMatches } from '../ephemeris-matches/ephemeris-matches.js';
import { EphemerisMatchesRepository } from '../ephemeris-matches/ephemeris-matches.repository.js';
import { ThreadsModule } from '../tasks/threads.module.js';
import { ReportQueue } from './report-queue.js';
import { ReportRequests } from './report-requests.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';

@Module({
  imports: [QueuesModule, ThreadsModule],
  providers: [
    EphemerisMatches,
    EphemerisMatchesRepository,
    ReportQueue,
    ReportRequests,
    ReportsRepository,
    ReportsService,
  ],
  exports: [ReportQueue, ReportRequests, ReportsRepository],
})
export class ReportsModule {}
