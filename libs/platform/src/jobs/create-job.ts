import type { ClientBase } from 'pg';
import type { TaskKind } from '#contracts';
import { appendEvent } from './job-events.js';
import { uuid7 } from './uuid7.js';

export interface NewTask {
  /** The target searched, or the name of the file validated. */
  readonly target: string;
  /** What the worker of this kind expects: see `taskPayload` in the contracts. */
  readonly payload: object;
}

export interface NewJob {
  readonly teamId: string;
  readonly datasetId: string | null;
  readonly type: TaskKind;
  /** As `GET /status` shows them: snake_case. */
  readonly params: object;
  readonly requestId: string | null;
  readonly tasks: readonly NewTask[];
}

/**
 * Writes a job, its tasks, their messages and its first event, in the caller's transaction: a job
 * that was accepted cannot be lost. A handful of statements, however many tasks there are.
 *
 * @throws {RangeError} for a job without tasks: it could never end.
 */
export async function createJob(
  client: ClientBase,
  job: NewJob,
): Promise<{ jobId: string; taskIds: readonly string[] }> {
  if (job.tasks.length === 0) throw new RangeError('A job needs at least one task');
  const jobId = uuid7();
  const taskIds = job.tasks.map(() => uuid7());
  await client.query(
    `INSERT INTO jobs (id, team_id, dataset_id, type, params, tasks_total, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      jobId,
      job.teamId,
      job.datasetId,
      job.type,
      JSON.stringify(job.params),
      job.tasks.length,
      job.requestId,
    ],
  );
  await client.query(
    `INSERT INTO tasks (id, job_id, team_id, kind, target, payload)
     SELECT id, $1, $2, $3::"JobType", target, payload::jsonb
     FROM unnest($4::uuid[], $5::text[], $6::text[]) AS t (id, target, payload)`,
    [
      jobId,
      job.teamId,
      job.type,
      taskIds,
      job.tasks.map((task) => task.target),
      job.tasks.map((task) => JSON.stringify(task.payload)),
    ],
  );
  await enqueueTasks(client, { jobId });
  await appendEvent(client, jobId, {
    type: 'progress',
    status: 'queued',
    progress: 0,
    stage: 'queued',
    message: 'Waiting for a worker',
  });
  return { jobId, taskIds };
}

/**
 * Writes the messages of queued tasks: of all of a job, or of those named. A message becomes visible
 * to the relays when its task may start (`not_before`).
 *
 * Also where the outbox still has a message of the task: a relay may have sent that one already, for
 * the attempt that has just ended, and be about to delete it.
 */
export async function enqueueTasks(
  client: ClientBase,
  which: { jobId: string } | { taskIds: readonly string[] },
): Promise<number> {
  const [condition, value] =
    'jobId' in which ? ['t.job_id = $1', which.jobId] : ['t.id = ANY($1::uuid[])', which.taskIds];
  const { rowCount } = await client.query(
    `INSERT INTO outbox (queue, task_id, payload, available_at)
     SELECT t.kind::text, t.id,
            jsonb_build_object('task_id', t.id, 'job_id', t.job_id, 'team_id', t.team_id,
                               'request_id', j.request_id),
            coalesce(greatest(t.not_before, now()), now())
     FROM tasks t JOIN jobs j ON j.id = t.job_id
     WHERE ${condition} AND t.status = 'queued'
     ORDER BY t.id`,
    [value],
  );
  return rowCount ?? 0;
}
