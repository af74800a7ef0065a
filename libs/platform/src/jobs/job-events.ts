import type { ClientBase } from 'pg';
import type { JobState, Problem } from '#contracts';

/** How far a task is in a measure of its own, as the wire shows it. */
export interface TaskEpochs {
  readonly epoch: number;
  readonly total_epochs: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What happened to a job, as the wire shows it; `task_id` and `seq` are added by the row. */
export type JobEventBody =
  | ({
      readonly type: 'progress';
      readonly status: JobState;
      /** 0 to 100. */
      readonly progress: number;
      readonly stage: string;
      readonly message: string;
    } & Partial<TaskEpochs>)
  | {
      readonly type: 'complete';
      readonly progress: 100;
      readonly results: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/**
 * Writes the next event of a job, in the caller's transaction; answers its number.
 *
 * The number is raised on the job's row, whose lock is held until the commit: whoever sees event n
 * sees all before it.
 */
export async function appendEvent(
  client: ClientBase,
  jobId: string,
  body: JobEventBody,
): Promise<number> {
  const { rows } = await client.query<{ seq: number }>(
    `WITH numbered AS (
       UPDATE jobs SET event_seq = event_seq + 1, updated_at = now() WHERE id = $1 RETURNING event_seq
     )
     INSERT INTO job_events (job_id, seq, body)
     SELECT $1, event_seq, $2::jsonb || jsonb_build_object('task_id', $1::uuid, 'seq', event_seq)
     FROM numbered
     RETURNING seq`,
    [jobId, JSON.stringify(body)],
  );
  if (rows.length === 0) throw new RangeError(`There is no job ${jobId}`);
  return rows[0].seq;
}
