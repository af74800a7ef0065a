import { Injectable } from '@nestjs/common';
import { VERSION } from '#platform/config';
import { ObjectStore } from '#platform/storage';
import { Logger } from '#platform/telemetry';
import { EphemerisMatches } from '../ephemeris-matches/ephemeris-matches.js';
import { ThreadPool } from '../tasks/thread-pool.js';
import type { ReportInput } from '../threads/report.thread.js';
import { ReportsRepository } from './reports.repository.js';

const THREAD = new URL('../threads/report.thread.js', import.meta.url);

/** The PDF of a whole job. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly jobs: ReportsRepository,
    private readonly matches: EphemerisMatches,
    private readonly threads: ThreadPool,
    private readonly store: ObjectStore,
    private readonly logger: Logger,
  ) {}

  /**
   * Writes the report of a job that is done and has none; else does nothing. A job without a report
   * is looked for until it has one, and so is what its targets have in common, which comes first.
   */
  async write(jobId: string, signal: AbortSignal): Promise<void> {
    if (!(await this.jobs.findWithoutReport(jobId))) return;
    await this.matches.apply(jobId);
    const job = await this.jobs.findWithoutReport(jobId);
    if (!job) return;
    const key = `teams/${job.teamId}/jobs/${jobId}/report-${job.finishedAt.getTime()}.pdf`;
    const input: ReportInput = {
      summary: { ...job.summary, codeVersion: VERSION },
      modelKeys: job.modelKeys,
      key,
    };
    await this.threads.run<ReportInput, null>(THREAD, input, { signal, note: () => undefined });
    if (await this.jobs.setReport(job, key)) {
      this.logger.info({ targets: job.modelKeys.length }, 'Report written');
    } else if (!(await this.jobs.isReported(key))) {
      await this.store.delete([key]);
    }
  }
}
