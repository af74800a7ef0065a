/**
 * Finds unfinished tasks that nobody works on and no queue holds, and brings them back: after a
 * worker died, and after the broker or Redis lost its messages. PostgreSQL alone tells what there
 * is to do, so that a queue that was emptied is filled again.
 *
 * Every step may be taken twice without harm. One process reaps at a time.
 */
import type { TaskKind } from '#contracts';
import type { Database } from '../database/database.js';
import type { Logger } from '../telemetry/logger.js';
import type { Announcer } from './announcer.js';
import type { Carrier, QueueDepth } from './carrier.js';
import { enqueueTasks } from './create-job.js';
import { countTaskEnd, lockJob } from './job-progress.js';

/** Any number that no other user of the database takes. */
const ADVISORY_LOCK = 7_237_411_906;
/** Rows per step: what is left over waits for the next round. */
const STEP = 1000;

export interface ReaperOptions {
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly eventIntervalSeconds: number;
  /**
   * How long a task may lie without a message before that counts as lost: longer than a relay's
   * transaction and a message's way to its worker. @default 10
   */
  readonly graceSeconds?: number;
}

/** What one round did. */
export interface Reaped {
  /** Tasks whose worker vanished and that were queued again. */
  readonly requeued: number;
  /** Tasks whose worker vanished once too often. */
  readonly parked: number;
  /** Queued tasks whose message was lost and that got another. */
  readonly republished: number;
}

/** Rounds in a row that must find messages missing: one may fall between a delivery and its claim. */
const ROUNDS_TO_BELIEVE = 2;

export class Reaper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private readonly missingRounds = new Map<TaskKind, number>();

  constructor(
    private readonly database: Pick<Database, 'pool' | 'inTransaction'>,
    private readonly carriers: readonly Pick<Carrier, 'isConnected' | 'queueStats'>[],
    private readonly options: ReaperOptions,
    private readonly announcer: Announcer,
    private readonly logger: Logger,
    private readonly tell: (reaped: Reaped, orphans: number) => void = () => undefined,
  ) {}

  start(): void {
    const again = () => {
      this.running = this.run()
        .catch((error: Error) => this.logger.warn({ error }, 'Lost tasks could not be looked for'))
        .then(() => {
          if (this.timer) this.timer = setTimeout(again, this.options.intervalSeconds * 1000);
        });
    };
    this.timer = setTimeout(again, this.options.intervalSeconds * 1000);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /**
   * One round; null where another process is at it. The lock ends with its transaction, and the
   * transaction with its process, also with one that froze (see `Database`).
   */
  async run(): Promise<Reaped | null> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<{ mine: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS mine',
        [ADVISORY_LOCK],
      );
      return rows[0].mine ? this.reap() : null;
    });
  }

  private async reap(): Promise<Reaped> {
    // Depths before rows: a message that is taken in between then looks taken, not lost.
    const depths = (await Promise.all(this.carriers.map((each) => this.depthsOf(each)))).flat();
    const orphans = await this.countOrphans();
    const lost = await this.bringBackLostLeases();
    let republished = await this.publishForgotten();
    for (const depth of depths) republished += await this.publishMissing(depth);
    const reaped = { ...lost, republished };
    if (lost.requeued + lost.parked + republished > 0) {
      this.logger.warn({ ...reaped }, 'Lost tasks were brought back');
    }
    this.tell(reaped, orphans);
    return reaped;
  }

  /** Lost leases are brought back also while a carrier is away or keeps silent. */
  private async depthsOf(
    carrier: Pick<Carrier, 'isConnected' | 'queueStats'>,
  ): Promise<readonly QueueDepth[]> {
    if (!carrier.isConnected) return [];
    try {
      return await carrier.queueStats();
    } catch (error) {
      this.logger.debug({ error }, 'The queues could not be compared with the rows');
      return [];
    }
  }

  /**
   * The invariant: an unfinished task is in a queue or holds a live lease. What the rounds before
   * should have mended long ago and have not.
   */
  private async countOrphans(): Promise<number> {
    const { rows } = await this.database.pool.query<{ orphans: number }>(
      `SELECT count(*)::int AS orphans FROM tasks t JOIN jobs j ON j.id = t.job_id
       WHERE t.status = 'running' AND t.lease_expires_at < now() - make_interval(secs => $1)
          OR t.status = 'queued' AND t.published_at IS NULL
             AND t.updated_at < now() - make_interval(secs => $1)
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = t.id)
          OR t.status IN ('queued', 'running') AND j.status IN ('completed', 'failed', 'cancelled')`,
      [this.orphanSeconds],
    );
    let orphans = rows[0].orphans;
    for (const rounds of this.missingRounds.values()) {
      if (rounds > 2 * ROUNDS_TO_BELIEVE) orphans += 1;
    }
    return orphans;
  }

  private async bringBackLostLeases(): Promise<{ requeued: number; parked: number }> {
    const { rows } = await this.database.pool.query<{
      id: string;
      jobId: string;
      attempt: number;
    }>(
      `SELECT id, job_id AS "jobId", attempt FROM tasks
       WHERE status = 'running' AND lease_expires_at < now() ORDER BY lease_expires_at LIMIT ${STEP}`,
    );
    let requeued = 0;
    let parked = 0;
    for (const task of rows) {
      const fate = await this.bringBack(task.id, task.jobId, task.attempt);
      if (fate === 'requeued') requeued += 1;
      if (fate === 'parked') parked += 1;
      if (fate) this.announcer.announce(task.jobId);
    }
    return { requeued, parked };
  }

  private bringBack(taskId: string, jobId: string, attempt: number) {
    return this.database.inTransaction(async (client) => {
      const job = await lockJob(client, jobId);
      const { rows } = await client.query<{ target: string; owner: string; failures: number }>(
        `SELECT target, lease_owner AS owner, failures + 1 AS failures FROM tasks
         WHERE id = $1 AND attempt = $2 AND status = 'running' AND lease_expires_at < now()
         FOR NO KEY UPDATE`,
        [taskId, attempt],
      );
      if (!job || rows.length === 0) return null; // its worker was only slow, or somebody was faster
      const { target, owner, failures } = rows[0];
      const freed = `failures = $2, lease_owner = NULL, lease_expires_at = NULL, updated_at = now()`;
      if (failures < this.options.maxAttempts) {
        await client.query(
          `UPDATE tasks SET status = 'queued', ${freed}, published_at = NULL, progress = 0,
                  stage = 'queued', message = 'Its worker was lost: waiting for another'
           WHERE id = $1`,
          [taskId, failures],
        );
        await enqueueTasks(client, { taskIds: [taskId] });
        this.logger.warn({ taskId, jobId, owner, attempt }, 'Task was lost with its worker');
        return 'requeued' as const;
      }
      const times = failures === 1 ? 'once' : `${failures} times`;
      const failure = {
        kind: 'fatal' as const,
        code: 'worker_lost',
        message: `Its worker was lost ${times} while it ran`,
      };
      await client.query(
        `UPDATE tasks SET status = 'parked', ${freed}, stage = 'parked', message = $3, failure = $4,
                finished_at = now()
         WHERE id = $1`,
        [taskId, failures, failure.message, JSON.stringify(failure)],
      );
      const end = { target, outcome: 'failed', failure } as const;
      await countTaskEnd(client, job, end, this.options.eventIntervalSeconds);
      this.logger.error({ taskId, jobId, owner, attempt }, 'Task was parked');
      return 'parked' as const;
    });
  }

  /** Queued tasks that never had a message: nothing of ours leaves such, so it is a net, not a way. */
  private publishForgotten(): Promise<number> {
    return this.publishAgain(
      `status = 'queued' AND published_at IS NULL
         AND updated_at < now() - make_interval(secs => $1)`,
      [this.graceSeconds],
    );
  }

  /**
   * Compares a queue with the rows: tasks that wait there by their rows, against the messages that
   * its carrier has. Fewer messages, time and again, means that it lost some. Which ones it cannot
   * say: all of them are published again, and who receives one in vain drops it.
   */
  private async publishMissing({ name, ready }: QueueDepth): Promise<number> {
    // A retry that waits for its turn has its message in the outbox, whatever a relay noted of the
    // attempt before it.
    const waiting = `kind = $1::"JobType" AND status = 'queued'
      AND published_at < now() - make_interval(secs => $2)
      AND (not_before IS NULL OR not_before < now() - make_interval(secs => $2))`;
    const values = [name, this.graceSeconds];
    const { rows } = await this.database.pool.query<{ tasks: number; inTransit: number }>(
      `SELECT count(*)::int AS tasks,
              coalesce((SELECT sum(2 * capacity) FROM workers
                        WHERE $1::text = ANY(queues)
                          AND last_heartbeat_at > now() - interval '1 minute'), 0)::int AS "inTransit"
       FROM tasks WHERE ${waiting}`,
      values,
    );
    // A queue that holds nothing has lost all that waits. In one that flows, a few messages are
    // always on their way to a claim.
    const tolerated = ready === 0 ? 0 : rows[0].inTransit;
    if (rows[0].tasks <= ready + tolerated) {
      this.missingRounds.delete(name);
      return 0;
    }
    const rounds = (this.missingRounds.get(name) ?? 0) + 1;
    this.missingRounds.set(name, rounds);
    if (rounds < ROUNDS_TO_BELIEVE) return 0;
    return this.publishAgain(waiting, values);
  }

  private publishAgain(condition: string, values: unknown[]): Promise<number> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `SELECT id FROM tasks t WHERE ${condition}
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = t.id)
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`,
        values,
      );
      if (rows.length === 0) return 0;
      return enqueueTasks(client, { taskIds: rows.map((row) => row.id) });
    });
  }

  private get graceSeconds(): number {
    return this.options.graceSeconds ?? 10;
  }

  private get orphanSeconds(): number {
    return Math.max(60, 4 * this.options.intervalSeconds);
  }
}
