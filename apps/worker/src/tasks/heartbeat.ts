/**
 * Tells PostgreSQL that this worker lives and how far its tasks are, and hears which of them it
 * need not go on with. Never blocked by the work itself, which runs in threads.
 */
import { hostname } from 'node:os';
import type { Database } from '#platform/database';
import { type Leases, CANCELLED_CHANNEL, type Notifications } from '#platform/jobs';
import type { Logger } from '#platform/telemetry';
import type { TaskRunner } from './task-runner.js';

export interface HeartbeatOptions {
  readonly owner: string;
  readonly queues: readonly string[];
  readonly capacity: number;
  readonly version: string;
  readonly intervalSeconds: number;
}

export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private isRung = false;
  private stopListening: () => void = () => undefined;
  private readonly startedAt = new Date();

  constructor(
    private readonly runner: TaskRunner,
    private readonly leases: Leases,
    private readonly database: Pick<Database, 'pool'>,
    private readonly notifications: Pick<Notifications, 'listen'>,
    private readonly options: HeartbeatOptions,
    private readonly logger: Logger,
  ) {}

  /** Resolves with the first beat: from then on others know this worker. */
  async start(): Promise<void> {
    this.stopListening = this.notifications.listen(CANCELLED_CHANNEL, (jobId) => {
      if (jobId) this.runner.cancelJob(jobId);
      else this.ring(); // the connection was away: something may have been cancelled meanwhile
    });
    this.timer = setInterval(() => this.ring(), this.options.intervalSeconds * 1000);
    await this.beat();
  }

  /** Stops, and takes this worker out of the register. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopListening();
    await this.beating;
    await this.database.pool
      .query('DELETE FROM workers WHERE id = $1', [this.options.owner])
      .catch(() => undefined); // the housekeeping removes it then
  }

  /** One beat after another; a bell that rings during one makes the next. */
  private ring(): void {
    this.isRung = true;
    this.beating ??= this.work().finally(() => {
      this.beating = undefined;
    });
  }

  private async work(): Promise<void> {
    while (this.isRung) {
      this.isRung = false;
      try {
        await this.beat();
      } catch (error) {
        // The leases last for a few beats more; after that others take the tasks.
        this.logger.warn({ error }, 'Heartbeat failed');
      }
    }
  }

  private async beat(): Promise<void> {
    const progress = this.runner.tasks.map((task) => task.snapshot());
    const { lost, cancelled } = await this.leases.heartbeat(progress);
    for (const lease of lost) this.runner.stopTask(lease, 'lost');
    for (const lease of cancelled) this.runner.stopTask(lease, 'cancelled');
    await this.register();
  }

  private async register(): Promise<void> {
    const running = this.runner.tasks.map((task) => {
      const { lease, stage, progress } = task.snapshot();
      return { task_id: lease.taskId, stage, progress };
    });
    const { owner, queues, capacity, version } = this.options;
    await this.database.pool.query(
      `INSERT INTO workers
         (id, host, kind, queues, capacity, running, version, started_at, last_heartbeat_at)
       VALUES ($1, $2, 'worker', $3, $4, $5, $6, $7, now())
       ON CONFLICT (id) DO UPDATE SET running = excluded.running, queues = excluded.queues,
         capacity = excluded.capacity, version = excluded.version, host = excluded.host,
         started_at = excluded.started_at, last_heartbeat_at = now()`,
      [owner, hostname(), [...queues], capacity, JSON.stringify(running), version, this.startedAt],
    );
  }
}
