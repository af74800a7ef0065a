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

interface FinishedJob {
  readonly teamId: string;
  readonly finishedAt: Date;
  readonly params: JobSummary['parameters'];
  readonly dataset: string | null;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

@Injectable()
export class ReportsRepository {
  constructor(private readonly database: Database) {}

  /** null where there is nothing (more) to report: the job is not done, or has its report. */
  async findWithoutReport(jobId: string): Promise<ReportableJob | null> {
    const job = await this.findFinished(jobId);
    if (!job) return null;
    const { teamId, finishedAt, params, dataset, ...targets } = job;
    return {
      jobId,
      teamId,
      finishedAt,
      summary: {
        jobId,
        dataset: dataset ?? 'deleted',
        createdAt: finishedAt.toISOString(),
        parameters: params,
        targets,
        candidates: await this.listCandidates(jobId),
        failures: await this.listFailures(jobId),
      },
      modelKeys: await this.listModelKeys(jobId),
    };
  }

  private async findFinished(jobId: string): Promise<FinishedJob | null> {
    const { rows } = await this.database.pool.query<FinishedJob>(
      `SELECT j.team_id AS "teamId", j.finished_at AS "finishedAt", j.params, d.name AS dataset,
              j.tasks_total AS total, j.tasks_completed AS completed, j.tasks_failed AS failed
       FROM jobs j LEFT JOIN datasets d ON d.id = j.dataset_id
       WHERE j.id = $1 AND j.type = 'detection' AND j.status = 'completed'
         AND j.report_key IS NULL AND j.finished_at IS NOT NULL`,
      [jobId],
    );
    return rows[0] ?? null;
  }

  /** Of the most promising ones what stands in a table: the rest is a hundred times as much. */
  private async listCandidates(jobId: string): Promise<JobCandidate[]> {
    const { rows } = await this.database.pool.query<JobCandidate>(
      `SELECT target, rank, period_days AS "periodDays", t0_bjd AS "t0Bjd",
              depth_ppm AS "depthPpm", duration_hours AS "durationHours", snr, probability,
              rl_action AS action
       FROM candidates WHERE job_id = $1
       ORDER BY probability DESC, target, rank LIMIT ${MOST_ROWS}`,
      [jobId],
    );
    return rows;
  }

  private async listFailures(jobId: string): Promise<JobSummary['failures']> {
    const { rows } = await this.database.pool.query<{ target: string; reason: string }>(
      `SELECT target, message AS reason FROM tasks
       WHERE job_id = $1 AND status IN ('failed', 'parked')
       ORDER BY target, id LIMIT ${MOST_ROWS}`,
      [jobId],
    );
    return rows;
  }

  /**
   * Names the report on its job; false where the job was opened again or has a report meanwhile:
   * the object then is nobody's.
   */
  async setReport(job: ReportableJob, reportKey: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE jobs SET report_key = $3, updated_at = now()
       WHERE id = $1 AND status = 'completed' AND finished_at = $2 AND report_key IS NULL`,
      [job.jobId, job.finishedAt, reportKey],
    );
    return rowCount === 1;
  }

  async isReported(reportKey: string): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ is: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM jobs WHERE report_key = $1) AS is',
      [reportKey],
    );
    return rows[0].is;
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
