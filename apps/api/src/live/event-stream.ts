import { Readable } from 'node:stream';
import { isFinal } from '#contracts';
import type { JobFeed, JobSubscription, WatchedEvent } from '#platform/realtime';

const RETRY_MS = 2000;
const HEARTBEAT_SECONDS = 15;

export interface EventStreamOptions {
  readonly feed: Pick<JobFeed, 'watch'>;
  readonly jobId: string;
  readonly after: number;
  /** The last event there was: an end before it was taken back by a replay. */
  readonly newest: number;
  /** After so long the client has to show its token again. */
  readonly maxSeconds: number;
}

/**
 * The events of a job as Server-Sent Events (WHATWG HTML, section 9.2), until the last one. Reads
 * as fast as the client does.
 */
export class EventStream extends Readable {
  private readonly subscription: JobSubscription;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly limit: NodeJS.Timeout;
  private isFull = false;

  constructor(private readonly options: EventStreamOptions) {
    super({ highWaterMark: 64 * 1024 });
    this.push(`retry: ${RETRY_MS}\n\n`);
    this.subscription = options.feed.watch(options.jobId, options.after, {
      receive: (event) => this.receive(event),
    });
    this.heartbeat = setInterval(() => this.push(': still here\n\n'), HEARTBEAT_SECONDS * 1000);
    this.limit = setTimeout(() => this.end(), options.maxSeconds * 1000);
  }

  /** The client comes back by itself and resumes. */
  end(): void {
    if (this.readableEnded || this.destroyed) return;
    this.stop();
    this.push(null);
  }

  override _read(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.subscription.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.stop();
    callback(error);
  }

  private receive(event: WatchedEvent): boolean {
    this.isFull = !this.push(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
    if (isFinal(event) && event.seq >= this.options.newest) this.end();
    return !this.isFull;
  }

  private stop(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.limit);
    this.subscription.close();
  }
}
