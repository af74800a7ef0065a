/**
 * What has to be done now and then, once, whichever worker does it: Bull hands each round to one of
 * them. A Redis that was emptied has forgotten the rounds, so every worker keeps asking for them.
 */
import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { Settings } from '#platform/config';
import { ModelDrafts } from '#platform/models';
import { HOUSEKEEPING_QUEUE } from '#platform/queues';
import { ObjectStore } from '#platform/storage';
import { Logger } from '#platform/telemetry';
import { ReportRequests } from '../reports/report-requests.js';
import { ReportsRepository } from '../reports/reports.repository.js';
import { HousekeepingRepository } from './housekeeping.repository.js';

const REPORTS_PER_ROUND = 50;

@Injectable()
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

  constructor(
    @InjectQueue(HOUSEKEEPING_QUEUE) private readonly queue: Queue,
    private readonly rows: HousekeepingRepository,
    private readonly drafts: ModelDrafts,
    private readonly reports: ReportsRepository,
    private readonly requests: ReportRequests,
    private readonly store: ObjectStore,
    private readonly settings: Settings,
    private readonly logger: Logger,
  ) {
    this.queue.on('error', (error) => this.logger.debug({ error }, 'Bull lost its Redis'));
    this.queue.on('failed', (_: Job, error: Error) =>
      this.logger.warn({ error }, 'Housekeeping failed'),
    );
  }

  start(): void {
    this.queue
      .process(() => this.round())
      .catch((error: unknown) => this.logger.warn({ error }, 'Housekeeping cannot begin'));
    this.schedule();
    this.timer = setInterval(() => this.schedule(), this.everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.queue.close(!this.isRunning);
  }

  /** Each step by itself: one that fails does not keep the others from their turn. */
  async round(): Promise<void> {
    this.isRunning = true;
    try {
      const done = {
        expiredUploads: await this.step(() => this.rows.expireUploads()),
        expiredDrafts: await this.step(() => this.drafts.expire()),
        deletedObjects: await this.step(() => this.rows.deleteObjects(this.store)),
        forgottenRows: await this.step(() => this.rows.forgetExpired()),
        forgottenPredictions: await this.step(() =>
          this.rows.forgetPredictions(this.settings.PREDICTION_RETENTION_DAYS),
        ),
        forgottenReports: await this.step(() => this.requestReports()),
      };
      const level = Object.values(done).some((count) => count > 0) ? 'info' : 'debug';
      this.logger[level](done, 'Housekeeping done');
    } finally {
      this.isRunning = false;
    }
  }

  private async requestReports(): Promise<number> {
    const jobIds = await this.reports.listForgotten(REPORTS_PER_ROUND);
    for (const jobId of jobIds) this.requests.request(jobId);
    return jobIds.length;
  }

  private async step(work: () => Promise<number>): Promise<number> {
    try {
      return await work();
    } catch (error) {
      this.logger.warn({ error }, 'A step of the housekeeping failed');
      return 0;
    }
  }

  /** The same round asked for by many workers is one round. */
  private schedule(): void {
    this.queue
      .add({}, { repeat: { every: this.everyMs }, attempts: 1 })
      .catch((error: unknown) => this.logger.debug({ error }, 'Housekeeping was not scheduled'));
  }

  private get everyMs(): number {
    return this.settings.HOUSEKEEPING_INTERVAL_SECONDS * 1000;
  }
}
