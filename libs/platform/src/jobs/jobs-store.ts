import type { ClientBase } from 'pg';
import type { JobState, JobType, TaskState } from '#contracts';
import type { Database } from '../database/database.js';
import type { Announcer } from './announcer.js';
import { enqueueTasks } from './create-job.js';
import { settleDataset, reopenDataset } from './dataset-verdict.js';
import { appendEvent } from './job-events.js';
import { isFinished, lockJob } from './job-progress.js';
import { CANCELLED_CHANNEL } from './notifications.js';

/** `finished`: it ended before (`status` says how), there is nothing left to cancel. */
export type CancelOutcome =
  | { readonly outcome: 'cancelled'; readonly status: 'cancelled' }
  | { readonly outcome: 'finished'; readonly status: 'completed' | 'failed' };

/** `refused`: the task has not ended in failure, or its job was cancelled. */
export type ReplayOutcome =
  | { readonly outcome: 'replayed'; readonly jobId: string }
  | { readonly outcome: 'refused'; readonly taskStatus: TaskState; readonly jobStatus: JobState };

export interface Backlog {
  readonly kind: JobType;
  readonly state: 'queued' | 'running';
  readonly tasks: number;
}

/** What a user does to jobs, and what an operator asks about them. */
export class JobsStore {
  constructor(
    private readonly database: Pick<Database, 'pool' | 'inTransaction'>,
    private readonly announcer: Announcer,
  ) {}

  /**
   * Cancels a job; null where the team has none of that id. From the commit on no worker can write
   * for it: those that run its tasks are told, and find their leases gone whether they hear or not.
   * Cancelling again changes nothing.
   */
  async cancel(teamId: string, jobId: string): Promise<CancelOutcome | null> {
    const outcome = await this.database.inTransaction<CancelOutcome | null>(async (client) => {
      const job = await lockJob(client, jobId);
      if (!job || job.teamId !== teamId) return null;
      if (job.status === 'completed' || job.status === 'failed') {
        return { outcome: 'finished', status: job.status };
      }
      if (job.status === 'cancelled') return { outcome: 'cancelled', status: 'cancelled' };
      await cancelTasks(client, jobId);
      const { rows } = await client.query<{ progress: number }>(
        `UPDATE jobs SET status = 'cancelled', stage = 'cancelled', message = 'Cancelled',
                finished_at = now(), updated_at = now()
         WHERE id = $1 RETURNING progress`,
        [jobId],
      );
      await settleDataset(client, job);
      await appendEvent(client, jobId, {
        type: 'progress',
        status: 'cancelled',
        progress: rows[0].progress,
        stage: 'cancelled',
        message: 'Cancelled',
      });
      await client.query('SELECT pg_notify($1, $2)', [CANCELLED_CHANNEL, jobId]);
      return { outcome: 'cancelled', status: 'cancelled' };
    });
    if (outcome) this.announcer.announce(jobId);
    return outcome;
  }

  /**
   * Gives a failed or parked task all its attempts anew and opens its job again; null where the
   * team has none of that id.
   */
  async replayTask(teamId: string, taskId: string): Promise<ReplayOutcome | null> {
    const outcome = await this.database.inTransaction<ReplayOutcome | null>(async (client) => {
      const found = await client.query<{ jobId: string }>(
        'SELECT job_id AS "jobId" FROM tasks WHERE id = $1 AND team_id = $2',
        [taskId, teamId],
      );
      if (found.rows.length === 0) return null;
      const { jobId } = found.rows[0];
      const job = await lockJob(client, jobId);
      const task = await client.query<{ status: TaskState }>(
        'SELECT status FROM tasks WHERE id = $1 FOR NO KEY UPDATE',
        [taskId],
      );
      if (!job || task.rows.length === 0) return null;
      const { status } = task.rows[0];
      if ((status !== 'failed' && status !== 'parked') || job.status === 'cancelled') {
        return { outcome: 'refused', taskStatus: status, jobStatus: job.status };
      }
      await client.query(
        `UPDATE tasks SET status = 'queued', failures = 0, failure = NULL, not_before = NULL,
                published_at = NULL, progress = 0, stage = 'queued',
                message = 'Waiting for a worker', finished_at = NULL, updated_at = now()
         WHERE id = $1`,
        [taskId],
      );
      await this.reopen(client, jobId, isFinished(job.status));
      if (job.type === 'validation' && job.datasetId) {
        await reopenDataset(client, job.datasetId, taskId);
      }
      await enqueueTasks(client, { taskIds: [taskId] });
      return { outcome: 'replayed', jobId };
    });
    if (outcome?.outcome === 'replayed') this.announcer.announce(outcome.jobId);
    return outcome;
  }

  /** Unfinished tasks by kind and state; what is not listed is zero. */
  async backlog(): Promise<Backlog[]> {
    const { rows } = await this.database.pool.query<Backlog>(
      `SELECT kind, status AS state, count(*)::int AS tasks FROM tasks
       WHERE status IN ('queued', 'running') GROUP BY kind, status ORDER BY kind, status`,
    );
    return rows;
  }

  /** Messages that wait for a relay and may be published now. */
  async outboxPending(): Promise<number> {
    const { rows } = await this.database.pool.query<{ pending: number }>(
      'SELECT count(*)::int AS pending FROM outbox WHERE available_at <= now()',
    );
    return rows[0].pending;
  }

  /** The report and the counters speak of an end that is not one any more. */
  private async reopen(client: ClientBase, jobId: string, wasFinished: boolean): Promise<void> {
    await client.query(
      `INSERT INTO object_deletions (object_key)
       SELECT report_key FROM jobs WHERE id = $1 AND report_key IS NOT NULL`,
      [jobId],
    );
    const { rows } = await client.query<{ status: JobState; progress: number }>(
      `UPDATE jobs SET tasks_failed = tasks_failed - 1,
              status = (CASE WHEN $2 THEN 'queued' ELSE status::text END)::"JobState",
              stage = CASE WHEN $2 THEN 'queued' ELSE stage END,
              message = 'A task is tried again',
              progress = 100.0 * (tasks_completed + tasks_failed - 1) / tasks_total,
              report_key = NULL, finished_at = NULL, updated_at = now()
       WHERE id = $1 RETURNING status, progress`,
      [jobId, wasFinished],
    );
    await appendEvent(client, jobId, {
      type: 'progress',
      status: rows[0].status,
      progress: rows[0].progress,
      stage: 'queued',
      message: 'A task is tried again',
    });
  }
}

/** In the order of their ids, like every statement that takes several tasks. */
async function cancelTasks(client: ClientBase, jobId: string): Promise<void> {
  await client.query(
    `WITH open AS (
       SELECT id FROM tasks WHERE job_id = $1 AND status IN ('queued', 'running')
       ORDER BY id FOR NO KEY UPDATE
     )
     UPDATE tasks t SET status = 'cancelled', stage = 'cancelled', message = 'Cancelled',
            lease_owner = NULL, lease_expires_at = NULL, finished_at = now(), updated_at = now()
     FROM open WHERE t.id = open.id`,
    [jobId],
  );
  // A message that a relay holds at this moment goes out, and is dropped by who receives it.
  await client.query(
    `DELETE FROM outbox WHERE id IN (
       SELECT o.id FROM outbox o JOIN tasks t ON t.id = o.task_id WHERE t.job_id = $1
       FOR UPDATE OF o SKIP LOCKED
     )`,
    [jobId],
  );
}
