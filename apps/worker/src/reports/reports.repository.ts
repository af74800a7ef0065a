import { Injectable } from '@nestjs/common';
import type { JobCandidate, JobSummary } from '#figures';
import { Database } from '#platform/database';

export interface ReportableJob {
  readonly jobId: string;
  readonly teamId: string;
  readonly finishedAt: Date;
  readonly summary: Omit<JobSummary, 'codeVersion'>;
  /** Keys of the pages' models, the most promising targets first. */
  readonly modelKeys: readonly string[];
}

/** Pages of targets in one report: what a reader leafs through. The tables list all. */
const MOST_PAGES = 200;
/** Candidates and failures in the tables: a job may have tens of thousands of targets. */
const MOST_ROWS = 2000;

/** The rest of a candidate is a hundred times as much. */
const TABLE_COLUMNS = {
  target: true,
  rank: true,
  periodDays: true,
  t0Bjd: true,
  depthPpm: true,
  durationHours: true,
  snr: true,
  probability: true,
  rlAction: true,
} as const;

@Injectable()
export class ReportsRepository {
  constructor(private readonly database: Database) {}

  /** null where there is nothing (more) to report: the job is not done, or has its report. */
  async findWithoutReport(jobId: string): Promise<ReportableJob | null> {
    const job = await this.database.job.findFirst({
      where: { id: jobId, type: 'detection', status: 'completed', reportKey: null },
      include: { dataset: { select: { name: true } } },
    });
    if (!job?.finishedAt) return null;
    const candidates = await this.database.candidate.findMany({
      where: { jobId, teamId: job.teamId },
      select: TABLE_COLUMNS,
      orderBy: [{ probability: 'desc' }, { target: 'asc' }, { rank: 'asc' }],
      take: MOST_ROWS,
    });
    const failures = await this.database.task.findMany({
      where: { jobId, status: { in: ['failed', 'parked'] } },
      select: { target: true, message: true },
      orderBy: [{ target: 'asc' }, { id: 'asc' }],
      take: MOST_ROWS,
    });
    return {
      jobId,
      teamId: job.teamId,
      finishedAt: job.finishedAt,
      summary: {
        jobId,
        dataset: job.dataset?.name ?? 'deleted',
        createdAt: job.finishedAt.toISOString(),
        parameters: job.params as JobSummary['parameters'],
        targets: {
          total: job.tasksTotal,
          completed: job.tasksCompleted,
          failed: job.tasksFailed,
        },
        candidates: candidates.map((row) => ({
          target: row.target,
          rank: row.rank,
          periodDays: row.periodDays,
          t0Bjd: row.t0Bjd,
          depthPpm: row.depthPpm,
          durationHours: row.durationHours,
          snr: row.snr,
          probability: row.probability,
          action: row.rlAction as JobCandidate['action'],
        })),
        failures: failures.map(({ target, message }) => ({ target, reason: message })),
      },
      modelKeys: await this.listModelKeys(jobId),
    };
  }

  /**
   * Names the report on its job; false where the job was opened again or has a report meanwhile:
   * the object then is nobody's.
   */
  async setReport(job: ReportableJob, reportKey: string): Promise<boolean> {
    const { count } = await this.database.job.updateMany({
      where: {
        id: job.jobId,
        status: 'completed',
        finishedAt: job.finishedAt,
        reportKey: null,
      },
      data: { reportKey },
    });
    return count > 0;
  }

  async isReported(reportKey: string): Promise<boolean> {
    return (await this.database.job.count({ where: { reportKey } })) > 0;
  }

  /** Finished a while ago, and still without a report: the request for it was lost. */
  async listForgotten(limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT id FROM jobs WHERE type = 'detection' AND status = 'completed' AND report_key IS NULL
         AND finished_at < now() - interval '30 seconds'
       ORDER BY finished_at DESC LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.id);
  }

  private async listModelKeys(jobId: string): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ key: string }>(
      `SELECT t.result->>'report_model_key' AS key
       FROM tasks t LEFT JOIN candidates c ON c.task_id = t.id
       WHERE t.job_id = $1 AND t.status = 'completed' AND t.result ? 'report_model_key'
       GROUP BY t.id
       ORDER BY max(c.probability) DESC NULLS LAST, t.target, t.id
       LIMIT ${MOST_PAGES}`,
      [jobId],
    );
    return rows.map((row) => row.key);
  }
}
