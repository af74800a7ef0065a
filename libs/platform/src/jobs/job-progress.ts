import type { ClientBase } from 'pg';
import type { JobState, JobType, Problem, TaskFailure } from '#contracts';
import { settleDataset } from './dataset-verdict.js';
import { appendEvent, type TaskEpochs } from './job-events.js';

/** The job of a task, locked: its counters, state and events change together. */
export interface LockedJob {
  readonly id: string;
  readonly teamId: string;
  readonly datasetId: string | null;
  readonly type: JobType;
  readonly status: JobState;
  readonly tasksTotal: number;
  readonly tasksCompleted: number;
  readonly tasksFailed: number;
}

export const JOB_COLUMNS = `id, team_id AS "teamId", dataset_id AS "datasetId", type, status,
  tasks_total AS "tasksTotal", tasks_completed AS "tasksCompleted", tasks_failed AS "tasksFailed"`;

/** A job that takes no more work. */
export const isFinished = (status: JobState): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/**
 * Everybody who changes tasks and their job takes the job first, so that no two wait for each
 * other. Rows that merely name the job may still be written meanwhile (NO KEY).
 */
export async function lockJob(client: ClientBase, jobId: string): Promise<LockedJob | null> {
  const { rows } = await client.query<LockedJob>(
    `SELECT ${JOB_COLUMNS} FROM jobs WHERE id = $1 FOR NO KEY UPDATE`,
    [jobId],
  );
  return rows[0] ?? null;
}

/** How one task of a job ended. */
export interface TaskEnd {
  readonly target: string;
  readonly outcome: 'completed' | 'failed';
  readonly failure?: TaskFailure;
}

/**
 * Counts an ended task on its locked job, in the transaction that ended it. The last one finishes
 * the job: completed where any task was, failed where all failed. Answers whether it did.
 */
export async function countTaskEnd(
  client: ClientBase,
  job: LockedJob,
  end: TaskEnd,
  eventIntervalSeconds: number,
): Promise<boolean> {
  if (isFinished(job.status)) return false;
  const completed = job.tasksCompleted + (end.outcome === 'completed' ? 1 : 0);
  const failed = job.tasksFailed + (end.outcome === 'failed' ? 1 : 0);
  const { rows } = await client.query<{ isDue: boolean }>(
    `UPDATE jobs SET tasks_completed = $2, tasks_failed = $3, updated_at = now() WHERE id = $1
     RETURNING (progress_at IS NULL
       OR progress_at <= clock_timestamp() - make_interval(secs => $4)) AS "isDue"`,
    [job.id, completed, failed, eventIntervalSeconds],
  );
  if (completed + failed < job.tasksTotal) {
    if (rows[0].isDue) await tellProgress(client, job.id, eventIntervalSeconds);
    return false;
  }
  await finishJob(client, { ...job, tasksCompleted: completed, tasksFailed: failed }, end.failure);
  return true;
}

async function finishJob(
  client: ClientBase,
  job: LockedJob,
  lastFailure: TaskFailure | undefined,
): Promise<void> {
  const status = job.tasksCompleted > 0 ? 'completed' : 'failed';
  const message = finalSentence(job, lastFailure);
  // A failed job stops where it stood; a completed one is all done, whatever failed within it.
  await client.query(
    `UPDATE jobs SET status = $2::text::"JobState", stage = $2::text, message = $3,
            progress = CASE WHEN $2::text = 'completed' THEN 100 ELSE progress END,
            finished_at = now(), updated_at = now()
     WHERE id = $1`,
    [job.id, status, message],
  );
  const datasetStatus = await settleDataset(client, job);
  if (status === 'failed') {
    await appendEvent(client, job.id, { type: 'failed', problem: problemOf(message, lastFailure) });
    return;
  }
  await appendEvent(client, job.id, {
    type: 'complete',
    progress: 100,
    message,
    results: {
      status,
      message,
      tasks: { total: job.tasksTotal, completed: job.tasksCompleted, failed: job.tasksFailed },
      ...(await foundBy(client, job)),
      ...(datasetStatus ? { dataset_status: datasetStatus } : {}),
    },
  });
}

/** What a job of some types came to, besides that it is done. */
async function foundBy(client: ClientBase, job: LockedJob): Promise<object> {
  if (job.type === 'detection') {
    const { rows } = await client.query<{ candidates: number }>(
      'SELECT count(*)::int AS candidates FROM candidates WHERE job_id = $1',
      [job.id],
    );
    return rows[0];
  }
  if (job.type !== 'training') return {};
  const { rows } = await client.query<{ result: object }>(
    `SELECT result FROM tasks WHERE job_id = $1 AND status = 'completed'`,
    [job.id],
  );
  return rows[0].result;
}

function finalSentence(job: LockedJob, lastFailure: TaskFailure | undefined): string {
  if (job.tasksFailed === 0) return `${job.tasksTotal} of ${job.tasksTotal} tasks completed`;
  if (job.tasksCompleted > 0) return `${job.tasksFailed} of ${job.tasksTotal} tasks failed`;
  const reason = lastFailure ? `: ${lastFailure.message}` : '';
  return job.tasksTotal === 1 ? `The task failed${reason}` : `Every task failed, the last${reason}`;
}

function problemOf(detail: string, failure: TaskFailure | undefined): Problem {
  return {
    type: '/problems/job-failed',
    title: 'Job failed',
    status: failure?.kind === 'usage' ? 422 : 500,
    detail,
    ...(failure ? { code: failure.code } : {}),
  };
}

/**
 * Brings the job's own progress up to its tasks', with an event, unless that was done less than
 * the interval ago. Answers whether there was anything to tell.
 */
export async function tellProgress(
  client: ClientBase,
  jobId: string,
  eventIntervalSeconds: number,
): Promise<boolean> {
  const { rows } = await client.query<{
    progress: number;
    stage: string;
    message: string;
    epochs: TaskEpochs | null;
  }>(
    `UPDATE jobs j SET
       status = 'running',
       progress = greatest(0, least(100, (
         100.0 * (j.tasks_completed + j.tasks_failed) + running.progress) / j.tasks_total)),
       stage = coalesce(running.stage, j.stage),
       message = CASE WHEN j.tasks_total = 1 THEN coalesce(running.message, j.message)
                 ELSE (j.tasks_completed + j.tasks_failed) || ' of ' || j.tasks_total || ' tasks done' END,
       progress_at = clock_timestamp(), updated_at = now()
     FROM (
       SELECT coalesce(sum(t.progress), 0) AS progress,
              (array_agg(t.stage ORDER BY t.progress, t.id))[1] AS stage,
              (array_agg(t.message ORDER BY t.progress, t.id))[1] AS message,
              (array_agg(t.epochs ORDER BY t.progress, t.id))[1] AS epochs
       FROM tasks t WHERE t.job_id = $1 AND t.status = 'running'
     ) AS running
     WHERE j.id = $1 AND j.status IN ('queued', 'running')
       AND (j.progress_at IS NULL OR j.progress_at <= clock_timestamp() - make_interval(secs => $2))
     RETURNING j.progress, j.stage, j.message, running.epochs`,
    [jobId, eventIntervalSeconds],
  );
  if (rows.length === 0) return false;
  const { epochs, ...shown } = rows[0];
  await appendEvent(client, jobId, { type: 'progress', status: 'running', ...shown, ...epochs });
  return true;
}
