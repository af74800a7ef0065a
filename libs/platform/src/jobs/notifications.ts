/**
 * PostgreSQL's notifications, on a connection of their own that comes back by itself.
 *
 * They only save waiting: everything that they announce is found by a poll as well.
 */
import pg from 'pg';
import type { Logger } from '../telemetry/logger.js';

/** Rung by a trigger on `outbox`. */
export const OUTBOX_CHANNEL = 'lightfold_outbox';
/** Carries the id of a job that was cancelled. */
export const CANCELLED_CHANNEL = 'lightfold_cancelled';

const RECONNECT_MS = 1000;

export class Notifications {
  private readonly listeners = new Map<string, Set<(payload: string) => void>>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  /** Listens to all channels that were there when it connected; later ones are told one by one. */
  private isListening = false;
  private lastQuery: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  /** Calls back with each payload; answers how to stop. Connects with the first listener. */
  listen(channel: string, receive: (payload: string) => void): () => void {
    const known = this.listeners.get(channel);
    const receivers = known ?? new Set();
    receivers.add(receive);
    this.listeners.set(channel, receivers);
    if (!this.client && !this.retry) void this.connect();
    else if (!known && this.isListening) this.listenTo(channel);
    return () => receivers.delete(receive);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  /** A connection takes one query at a time. */
  private listenTo(channel: string): void {
    const { client } = this;
    this.lastQuery = this.lastQuery
      .then(() => client?.query(`LISTEN ${channel}`))
      .catch(() => undefined); // a connection that broke listens anew to all
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl, keepAlive: true });
    this.client = client;
    const lost = (error?: Error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.isListening = false;
      client.end().catch(() => undefined);
      if (this.isClosed) return;
      this.logger.debug({ error }, 'The connection for notifications broke');
      this.retry = setTimeout(() => {
        this.retry = undefined;
        void this.connect();
      }, RECONNECT_MS);
      this.retry.unref();
    };
    client.on('error', lost);
    client.on('end', () => lost());
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      this.isListening = this.client === client;
    } catch (error) {
      lost(error as Error);
      return;
    }
    // What was rung while nobody listened: look once, without saying for what.
    for (const channel of this.listeners.keys()) this.tell(channel, '');
  }

  private tell(channel: string, payload: string): void {
    for (const receive of this.listeners.get(channel) ?? []) receive(payload);
  }
}
