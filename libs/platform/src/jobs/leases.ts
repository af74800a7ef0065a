/**
 * Leases on tasks: who runs one holds its owner name, an expiry and the attempt number.
 *
 * The attempt number is the fencing token: every write on behalf of a task names it, in the same
 * statement that changes the row. A worker that was silent for too long and comes back finds the
 * number moved on, and can write nothing.
 */
import type { ClientBase } from 'pg';
import type { JobType, TaskFailure } from '#contracts';
import type { Database } from '../database/database.js';
import { storableJson, storableText } from '../database/storable.js';
import type { Announcer } from './announcer.js';
import { enqueueTasks } from './create-job.js';
import { appendEvent, type TaskEpochs } from './job-events.js';
import { countTaskEnd, lockJob, tellProgress } from './job-progress.js';

export interface LeaseOptions {
  readonly leaseSeconds: number;
  /** Attempts that may fail or be lost before a task is parked. */
  readonly maxAttempts: number;
  /** Wait before the second attempt; doubles with each further one, up to an hour. */
  readonly retryBackoffSeconds: number;
  /** Least time between two progress events of a job. */
  readonly eventIntervalSeconds: number;
}

/** The right to write for a task, until somebody else claims it. */
export interface Lease {
  readonly taskId: string;
  readonly jobId: string;
  readonly owner: string;
  readonly attempt: number;
}

/** A task as its worker gets it. */
export interface ClaimedTask {
  readonly lease: Lease;
  readonly teamId: string;
  readonly datasetId: string | null;
  readonly kind: JobType;
  readonly target: string;
  /** As it was written; parsed by the worker of its kind. */
  readonly payload: unknown;
  readonly params: unknown;
  readonly requestId: string | null;
}

export interface TaskProgress {
  readonly lease: Lease;
  /** 0 to 100, of the task. */
  readonly progress: number;
  readonly stage: string;
  readonly message: string;
  readonly epochs?: TaskEpochs;
}

/** What became of the leases that a heartbeat named; both lists are to be stopped. */
export interface HeartbeatAnswer {
  readonly lost: readonly Lease[];
  readonly cancelled: readonly Lease[];
}

export interface TaskOutcome {
  readonly fate: 'completed' | 'failed' | 'retrying' | 'parked';
  /** It was the last task of its job. */
  readonly jobFinished: boolean;
}

/** Somebody else runs the task by now, or it was cancelled: nothing was written. */
export class LeaseLostError extends Error {
  constructor(lease: Lease) {
    super(`Attempt ${lease.attempt} of task ${lease.taskId} no longer holds its lease`);
  }
}

/** Releases a lease that is still held, in one statement with the check. */
const HELD = `id = $1 AND lease_owner = $2 AND attempt = $3 AND status = 'running'`;
const FREED = `lease_owner = NULL, lease_expires_at = NULL, updated_at = now()`;

export class Leases {
  constructor(
    private readonly database: Pick<Database, 'pool' | 'inTransaction'>,
    private readonly options: LeaseOptions,
    private readonly announcer: Announcer,
  ) {}

  /**
   * Takes a task that waits, or whose worker vanished; null where there is nothing to do: it runs
   * elsewhere, it ended, its back-off is not over, or the attempts of a vanished one are used up.
   */
  async claim(taskId: string, owner: string): Promise<ClaimedTask | null> {
    const { rows } = await this.database.pool.query<
      Omit<ClaimedTask, 'lease'> & { jobId: string; attempt: number; jobStatus: string }
    >(
      `UPDATE tasks t SET
         status = 'running', attempt = t.attempt + 1,
         failures = t.failures + (CASE WHEN t.status = 'running' THEN 1 ELSE 0 END),
         lease_owner = $2, lease_expires_at = now() + make_interval(secs => $3),
         progress = 0, stage = 'load', message = '', epochs = NULL, not_before = NULL, failure = NULL,
         started_at = now(), updated_at = now()
       FROM jobs j
       WHERE t.id = $1 AND j.id = t.job_id AND j.status IN ('queued', 'running')
         AND (t.status = 'queued' AND (t.not_before IS NULL OR t.not_before <= now())
           OR t.status = 'running' AND t.lease_expires_at < now() AND t.failures + 1 < $4)
       RETURNING t.job_id AS "jobId", t.attempt, t.team_id AS "teamId", t.kind, t.target, t.payload,
                 j.dataset_id AS "datasetId", j.params, j.request_id AS "requestId",
                 j.status AS "jobStatus"`,
      [taskId, owner, this.options.leaseSeconds, this.options.maxAttempts],
    );
    if (rows.length === 0) return null;
    const { jobId, attempt, jobStatus, ...task } = rows[0];
    if (jobStatus === 'queued') await this.startJob(jobId);
    return { lease: { taskId, jobId, owner, attempt }, ...task };
  }

  /** Renews leases and writes progress, all of them in one statement. */
  async heartbeat(tasks: readonly TaskProgress[]): Promise<HeartbeatAnswer> {
    if (tasks.length === 0) return { lost: [], cancelled: [] };
    const { rows } = await this.database.pool.query<{ id: string }>(
      `WITH beat AS (
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::float8[], $5::text[], $6::text[],
                              $7::text[])
           AS b (id, owner, attempt, progress, stage, message, epochs)
       ), locked AS (
         SELECT t.id FROM tasks t JOIN beat b ON b.id = t.id ORDER BY t.id FOR NO KEY UPDATE OF t
       )
       UPDATE tasks t SET lease_expires_at = now() + make_interval(secs => $8),
         progress = b.progress, stage = b.stage, message = b.message, epochs = b.epochs::jsonb,
         updated_at = now()
       FROM beat b JOIN locked USING (id)
       WHERE t.id = b.id AND t.lease_owner = b.owner AND t.attempt = b.attempt
         AND t.status = 'running'
       RETURNING t.id`,
      [
        tasks.map(({ lease }) => lease.taskId),
        tasks.map(({ lease }) => lease.owner),
        tasks.map(({ lease }) => lease.attempt),
        tasks.map(({ progress }) => progress),
        tasks.map(({ stage }) => stage),
        tasks.map(({ message }) => message),
        tasks.map(({ epochs }) => (epochs ? storableJson(epochs) : null)),
        this.options.leaseSeconds,
      ],
    );
    const renewed = new Set(rows.map(({ id }) => id));
    const isHeld = ({ lease }: TaskProgress) => renewed.has(lease.taskId);
    const gone = tasks.filter((task) => !isHeld(task)).map(({ lease }) => lease);
    const cancelled = await this.cancelledOf(gone);
    await this.tell(new Set(tasks.filter(isHeld).map(({ lease }) => lease.jobId)));
    return {
      lost: gone.filter(({ taskId }) => !cancelled.has(taskId)),
      cancelled: gone.filter(({ taskId }) => cancelled.has(taskId)),
    };
  }

  /**
   * Asked in a statement of its own: the one that renews, where it waited for a cancellation to be
   * written, still sees the rows as they were before.
   */
  private async cancelledOf(leases: readonly Lease[]): Promise<ReadonlySet<string>> {
    if (leases.length === 0) return new Set();
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT id FROM tasks WHERE id = ANY($1::uuid[]) AND status = 'cancelled'`,
      [leases.map(({ taskId }) => taskId)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Ends a task well: `write` stores what it found, in the transaction that ends it.
   *
   * @throws {LeaseLostError} and leaves nothing written, where the lease is gone.
   */
  async complete(
    lease: Lease,
    write: (client: ClientBase) => Promise<void>,
    result: object,
  ): Promise<TaskOutcome> {
    const jobFinished = await this.database.inTransaction(async (client) => {
      const job = await lockJob(client, lease.jobId);
      const { rows } = await client.query<{ target: string }>(
        `UPDATE tasks SET status = 'completed', progress = 100, stage = 'completed', message = '',
                result = $4, failure = NULL, finished_at = now(), ${FREED}
         WHERE ${HELD} RETURNING target`,
        [lease.taskId, lease.owner, lease.attempt, storableJson(result)],
      );
      if (!job || rows.length === 0) throw new LeaseLostError(lease);
      await write(client);
      const end = { target: rows[0].target, outcome: 'completed' } as const;
      return countTaskEnd(client, job, end, this.options.eventIntervalSeconds);
    });
    this.announcer.announce(lease.jobId);
    return { fate: 'completed', jobFinished };
  }

  /**
   * Ends an attempt badly. `transient`: again after a wait, or parked when the attempts are used
   * up; `fatal`: parked at once; `usage`: failed, its owner has to mend the input.
   *
   * @throws {LeaseLostError}
   */
  async fail(lease: Lease, failure: TaskFailure): Promise<TaskOutcome> {
    const outcome = await this.database.inTransaction<TaskOutcome>(async (client) => {
      const job = await lockJob(client, lease.jobId);
      const { rows } = await client.query<{ target: string; failures: number }>(
        `SELECT target, failures FROM tasks WHERE ${HELD} FOR NO KEY UPDATE`,
        [lease.taskId, lease.owner, lease.attempt],
      );
      if (!job || rows.length === 0) throw new LeaseLostError(lease);
      const failures = rows[0].failures + 1;
      if (failure.kind === 'transient' && failures < this.options.maxAttempts) {
        await client.query(
          `UPDATE tasks SET status = 'queued', failures = $2, failure = $3, published_at = NULL,
                  progress = 0, stage = 'queued', message = 'Waiting for another attempt',
                  not_before = now() + make_interval(secs => $4), ${FREED}
           WHERE id = $1`,
          [lease.taskId, failures, storableJson(failure), this.backoffSeconds(failures)],
        );
        await enqueueTasks(client, { taskIds: [lease.taskId] });
        return { fate: 'retrying', jobFinished: false };
      }
      const status = failure.kind === 'usage' ? 'failed' : 'parked';
      await client.query(
        `UPDATE tasks SET status = $2::text::"TaskState", stage = $2::text, failures = $3,
                failure = $4, message = $5, finished_at = now(), ${FREED}
         WHERE id = $1`,
        [lease.taskId, status, failures, storableJson(failure), storableText(failure.message)],
      );
      const end = { target: rows[0].target, outcome: 'failed', failure } as const;
      const interval = this.options.eventIntervalSeconds;
      return { fate: status, jobFinished: await countTaskEnd(client, job, end, interval) };
    });
    this.announcer.announce(lease.jobId);
    return outcome;
  }

  /**
   * Puts a task back untouched, at once and without counting a failure: its worker stops or is full.
   *
   * @throws {LeaseLostError}
   */
  async handBack(lease: Lease): Promise<void> {
    await this.database.inTransaction(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE tasks SET status = 'queued', progress = 0, stage = 'queued',
                message = 'Handed back by its worker, waiting for another', published_at = NULL, ${FREED}
         WHERE ${HELD}`,
        [lease.taskId, lease.owner, lease.attempt],
      );
      if (rowCount === 0) throw new LeaseLostError(lease);
      await enqueueTasks(client, { taskIds: [lease.taskId] });
    });
  }

  private backoffSeconds(failures: number): number {
    return Math.min(this.options.retryBackoffSeconds * 2 ** (failures - 1), 3600);
  }

  private async startJob(jobId: string): Promise<void> {
    const started = await this.database.inTransaction(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE jobs SET status = 'running', stage = 'load', message = 'A worker has begun',
                updated_at = now()
         WHERE id = $1 AND status = 'queued'`,
        [jobId],
      );
      if (rowCount === 0) return false;
      await appendEvent(client, jobId, {
        type: 'progress',
        status: 'running',
        progress: 0,
        stage: 'load',
        message: 'A worker has begun',
      });
      return true;
    });
    if (started) this.announcer.announce(jobId);
  }

  /** A job that another worker is telling about at this moment is left to that one. */
  private async tell(jobIds: ReadonlySet<string>): Promise<void> {
    for (const jobId of jobIds) {
      const told = await this.database.inTransaction(async (client) => {
        const { rows } = await client.query(
          'SELECT 1 FROM jobs WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED',
          [jobId],
        );
        return rows.length > 0 && tellProgress(client, jobId, this.options.eventIntervalSeconds);
      });
      if (told) this.announcer.announce(jobId);
    }
  }
}
