/**
 * The events of jobs as they happen, read from PostgreSQL, each in order, once, without gaps.
 *
 * One feed per process. Redis only rings: a ring, a poll and a reconnection all do the same, they
 * read what came after the last event delivered. So Redis may lose every message, be emptied or be
 * away: events then arrive by poll. An event's number is given in the transaction that writes it,
 * under the lock of its job's row, so that number n is visible before n + 1 is.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { jobChannel } from '#contracts';
import type { Database } from '../database/database.js';
import type { Logger } from '../telemetry/logger.js';
import { JobWatch, type JobListener, type WatchedEvent } from './job-watch.js';
import { redisConnection, type RedisSettings } from './redis.js';

/** Rows per read: what one listener's replay may hold in memory at once. */
const BATCH = 200;

export interface JobFeedOptions {
  /** How often events are looked for when nothing rings. @default 3 */
  readonly pollSeconds?: number;
}

export interface JobSubscription {
  /** Asks for more after `receive` answered false. */
  resume(): void;
  close(): void;
}

@Injectable()
export class JobFeed implements OnApplicationShutdown {
  private readonly watches = new Map<string, JobWatch>();
  private readonly redis: Redis;
  private readonly pollMs: number;
  private poll: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(
    settings: RedisSettings,
    private readonly database: Pick<Database, 'pool'>,
    private readonly logger: Logger,
    options: JobFeedOptions = {},
  ) {
    this.pollMs = (options.pollSeconds ?? 3) * 1000;
    // Channels are subscribed by `subscribeAll` on every connection, so that none is forgotten.
    this.redis = redisConnection(settings, { autoResubscribe: false });
    this.redis.on('message', (channel: string) => this.watches.get(channel)?.ring());
    this.redis.on('ready', () => {
      this.isAway = false;
      void this.subscribeAll();
    });
    this.redis.on('error', (error: Error) => {
      if (this.isAway) return;
      this.isAway = true;
      this.logger.warn({ error }, 'Redis is away, live events arrive by poll');
    });
  }

  /** Events of a job after number `after`, first those that there are, then each as it happens. */
  watch(jobId: string, after: number, listener: JobListener): JobSubscription {
    this.start();
    const channel = jobChannel(jobId);
    let watch = this.watches.get(channel);
    if (!watch) {
      watch = new JobWatch(
        jobId,
        (from) => this.read(jobId, from),
        BATCH,
        (error) => this.logger.warn({ error, jobId }, 'Events of a job could not be read'),
      );
      this.watches.set(channel, watch);
      if (this.redis.status === 'ready') {
        // A bell between the first read and the subscription would be missed: read once more.
        this.redis.subscribe(channel).then(
          () => this.watches.get(channel)?.ring(),
          () => undefined,
        );
      }
    }
    const member = watch.add(after, listener);
    return {
      resume: () => member.resume(),
      close: () => {
        member.close();
        if (this.watches.get(channel)?.isEmpty) this.forget(channel);
      },
    };
  }

  /** Jobs watched by this process. */
  get watched(): number {
    return this.watches.size;
  }

  onApplicationShutdown(): void {
    clearInterval(this.poll);
    this.poll = undefined;
    this.watches.clear();
    this.redis.disconnect();
  }

  private start(): void {
    if (this.poll) return;
    this.poll = setInterval(() => void this.lookForNews(), this.pollMs);
    this.poll.unref();
    this.redis.connect().catch(() => undefined);
  }

  private forget(channel: string): void {
    this.watches.delete(channel);
    if (this.redis.status === 'ready') this.redis.unsubscribe(channel).catch(() => undefined);
  }

  private async subscribeAll(): Promise<void> {
    const channels = [...this.watches.keys()];
    try {
      if (channels.length > 0) await this.redis.subscribe(...channels);
    } catch {
      return; // The connection broke again; its next `ready` comes back here.
    }
    for (const watch of this.watches.values()) watch.ring();
  }

  /** One statement for all watched jobs, however many there are. */
  private async lookForNews(): Promise<void> {
    const waiting = [...this.watches.values()];
    if (waiting.length === 0) return;
    try {
      const { rows } = await this.database.pool.query<{ id: string; event_seq: number }>(
        'SELECT id, event_seq FROM jobs WHERE id = ANY($1::uuid[])',
        [waiting.map((watch) => watch.jobId)],
      );
      for (const row of rows) this.watches.get(jobChannel(row.id))?.ringIfBehind(row.event_seq);
    } catch (error) {
      this.logger.warn({ error }, 'New events could not be looked for');
    }
  }

  private async read(jobId: string, after: number): Promise<WatchedEvent[]> {
    const { rows } = await this.database.pool.query<{ seq: number; body: object }>(
      'SELECT seq, body FROM job_events WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [jobId, after, BATCH],
    );
    return rows.map(({ seq, body }) => ({ ...body, task_id: jobId, seq }) as WatchedEvent);
  }
}
