import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { REPORTS_QUEUE } from '#platform/queues';
import { Logger } from '#platform/telemetry';

export interface ReportRequest {
  readonly jobId: string;
}

/** Asks for the report of a finished job. Asking twice is asking once, while the first waits. */
@Injectable()
export class ReportRequests {
  constructor(
    @InjectQueue(REPORTS_QUEUE) private readonly queue: Queue<ReportRequest>,
    private readonly logger: Logger,
  ) {}

  /** Not waited for: a request that Redis lost is made again by the housekeeping. */
  request(jobId: string): void {
    this.queue
      .add({ jobId }, { jobId: `report-${jobId}` })
      .catch((error: unknown) => this.logger.debug({ error, jobId }, 'Report was not requested'));
  }
}
