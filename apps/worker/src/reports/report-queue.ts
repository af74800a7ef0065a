import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { REPORTS_QUEUE } from '#platform/queues';
import { Logger, withLogContext } from '#platform/telemetry';
import type { ReportRequest } from './report-requests.js';
import { ReportsService } from './reports.service.js';

/** Takes requests for reports, one at a time: reports wait for nobody's attention but the reader's. */
@Injectable()
export class ReportQueue {
  private readonly stopping = new AbortController();

  constructor(
    @InjectQueue(REPORTS_QUEUE) private readonly queue: Queue<ReportRequest>,
    private readonly reports: ReportsService,
    private readonly logger: Logger,
  ) {
    this.queue.on('error', (error) => this.logger.debug({ error }, 'Bull lost its Redis'));
    this.queue.on('failed', ({ data }: Job<ReportRequest>, error: Error) =>
      this.logger.warn({ error, jobId: data.jobId }, 'Report failed'),
    );
  }

  start(): void {
    const handle = ({ data }: Job<ReportRequest>) =>
      withLogContext({ jobId: data.jobId }, () =>
        this.reports.write(data.jobId, this.stopping.signal),
      );
    this.queue
      .process(handle)
      .catch((error: unknown) => this.logger.warn({ error }, 'Reports cannot be taken'));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.queue.close(true);
  }
}
