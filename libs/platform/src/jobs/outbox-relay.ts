/**
 * Carries messages from the outbox to the queues of one carrier: the broker, or Redis. Any number of
 * relays may run at once, in any process: each takes rows that no other holds. Each carrier has its
 * own, so that one that is away or slow holds up nobody else's messages.
 *
 * A row goes when the carrier has confirmed its message, in the transaction that held it: a relay
 * that dies between the two publishes again, and the task's lease sees to it that nothing is done
 * twice.
 */
import type { TaskKind, TaskMessage } from '#contracts';
import type { Database } from '../database/database.js';
import type { Logger } from '../telemetry/logger.js';
import type { Carrier } from './carrier.js';
import { type Notifications, OUTBOX_CHANNEL } from './notifications.js';

/** Messages held by one transaction, and under way at once. */
const BATCH = 500;

export interface RelayOptions {
  /** How often the outbox is read when nobody rings. */
  readonly pollSeconds: number;
}

export class OutboxRelay {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isRung = false;
  private isStopped = true;
  private readonly cleanups: (() => void)[] = [];

  constructor(
    private readonly database: Pick<Database, 'inTransaction'>,
    private readonly carrier: Omit<Carrier, 'queueStats'>,
    private readonly notifications: Pick<Notifications, 'listen'>,
    private readonly options: RelayOptions,
    private readonly logger: Logger,
    private readonly published: (messages: number) => void = () => undefined,
  ) {}

  start(): void {
    this.isStopped = false;
    const ring = () => this.ring();
    this.cleanups.push(
      this.notifications.listen(OUTBOX_CHANNEL, ring),
      this.carrier.onChange(ring),
    );
    this.timer = setInterval(ring, this.options.pollSeconds * 1000);
    this.ring();
  }

  /** Resolves when the batch under way is settled. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    await this.running;
  }

  /** Publishes what may be published now; answers how many messages were confirmed. */
  async drain(): Promise<number> {
    let total = 0;
    while (this.carrier.isConnected) {
      const { confirmed, taken } = await this.relayBatch();
      total += confirmed;
      // A refused message waits for the next ring: asking again at once would only spin.
      if (taken < BATCH || confirmed < taken || this.isStopped) break;
    }
    return total;
  }

  private ring(): void {
    this.isRung = true;
    if (this.running || this.isStopped) return;
    this.running = this.work().finally(() => {
      this.running = undefined;
      if (this.isRung) this.ring();
    });
  }

  private async work(): Promise<void> {
    this.isRung = false;
    try {
      await this.drain();
    } catch (error) {
      this.isRung = false;
      this.logger.warn({ error }, 'Outbox could not be relayed');
    }
  }

  private relayBatch(): Promise<{ taken: number; confirmed: number }> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<{
        id: string;
        queue: TaskKind;
        task_id: string;
        payload: TaskMessage;
      }>(
        `SELECT id, queue, task_id, payload FROM outbox
         WHERE available_at <= now() AND queue = ANY($1::text[])
         ORDER BY available_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
        [this.carrier.queues],
      );
      const answers = await Promise.allSettled(
        rows.map((row) => this.carrier.publish(row.queue, row.payload)),
      );
      const sent = rows.filter((_, i) => answers[i].status === 'fulfilled');
      if (sent.length > 0) {
        await client.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [
          sent.map((row) => row.id),
        ]);
        // A worker may have the task already; then there is nothing to remember.
        await client.query(
          `UPDATE tasks SET published_at = clock_timestamp() WHERE id IN (
             SELECT id FROM tasks WHERE id = ANY($1::uuid[]) AND status = 'queued'
             ORDER BY id FOR NO KEY UPDATE
           )`,
          [sent.map((row) => row.task_id)],
        );
        this.published(sent.length);
      }
      const refused = answers.find((answer) => answer.status === 'rejected');
      if (refused) {
        this.logger.debug(
          { error: refused.reason as Error, messages: rows.length - sent.length },
          'Messages stay in the outbox',
        );
      }
      return { taken: rows.length, confirmed: sent.length };
    });
  }
}
