/**
 * Reads one queue, for as long as it is wanted: it attaches again after a restart of the broker, a
 * broken channel, and a consumer that the broker cancelled.
 */
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { z } from 'zod';
import type { Logger } from '../telemetry/logger.js';
import type { Broker } from './broker.js';
import { inTime } from './in-time.js';
import type { ConsumedQueue } from './topology.js';

export interface Delivery<Message> {
  readonly message: Message;
  readonly redelivered: boolean;
  /** Tells the broker to forget the message; a broken channel makes it come again instead. */
  ack(): void;
}

const RETRY_MS = 500;
/** Far longer than the broker takes for a new consumer. */
const LONGEST_PAUSE_MS = 2000;

export class QueueConsumer<Message> {
  /** How many messages may come at once; 0: none are wanted. */
  private wanted = 0;
  private channel: Channel | undefined;
  private consumerTag: string | undefined;
  private detachedAtMs = -Infinity;
  /** What the broker still sends to the consumer of now before an answer. */
  private credit = 0;
  private working: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;
  private attempt = 0;
  private readonly stopWatching: () => void;

  constructor(
    private readonly broker: Broker,
    private readonly queue: ConsumedQueue<Message>,
    private readonly receive: (delivery: Delivery<Message>) => void,
    private readonly logger: Logger,
  ) {
    this.stopWatching = broker.onChange(() => void this.reconcile());
  }

  get isAttached(): boolean {
    return this.consumerTag !== undefined;
  }

  /** Whether messages arrive, or will in a moment: between two consumers there is a short pause. */
  get isConsuming(): boolean {
    const pauseMs = performance.now() - this.detachedAtMs;
    return this.broker.isConnected && (this.isAttached || pauseMs < LONGEST_PAUSE_MS);
  }

  /**
   * Takes messages from now on: `capacity` more than those that are held unanswered. RabbitMQ fixes
   * that number when a consumer begins, so a consumer that has too little left gives way to another.
   */
  attach(capacity: number): void {
    const hasRested = this.wanted === 0 && this.detachedAtMs > 0;
    if (hasRested) this.detachedAtMs = performance.now();
    this.wanted = capacity;
    if (!this.consumerTag || this.credit < capacity) void this.reconcile();
  }

  /** Takes no more messages; those that are held may still be answered. */
  pause(): Promise<void> {
    this.wanted = 0;
    return this.reconcile();
  }

  async close(): Promise<void> {
    this.stopWatching();
    await this.pause();
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.channel?.close().catch(() => undefined);
  }

  /** Brings what is into line with what is wanted, one step after another. */
  private reconcile(): Promise<void> {
    this.working = this.working.then(async () => {
      if (this.isClosed) return;
      try {
        const { wanted } = this;
        const isEnough = this.consumerTag !== undefined && this.credit >= wanted;
        if (wanted > 0 && isEnough) return;
        const seconds = this.broker.answerSeconds;
        await inTime(this.cancel(), 'end a consumer', seconds);
        if (wanted > 0) await inTime(this.consume(wanted), 'begin a consumer', seconds);
      } catch (error) {
        this.logger.debug({ error, queue: this.queue.name }, 'Consumer could not be attached');
        this.giveUp();
        this.retryLater();
      }
    });
    return this.working;
  }

  private async consume(prefetch: number): Promise<void> {
    const { connection } = this.broker;
    if (!connection) return; // comes back with the connection
    const channel = this.channel ?? (await this.open(connection));
    // For the consumers that follow; what earlier ones hold does not count.
    await channel.prefetch(prefetch);
    this.credit = prefetch;
    const { consumerTag } = await channel.consume(this.queue.name, (message) => {
      if (message) this.deliver(channel, message);
      else this.cancelledByBroker(channel);
    });
    if (this.channel !== channel) return;
    this.consumerTag = consumerTag;
    this.logger.debug({ queue: this.queue.name, prefetch }, 'Consumer attached');
  }

  private async cancel(): Promise<void> {
    const tag = this.consumerTag;
    this.detach();
    if (tag && this.channel) await this.channel.cancel(tag);
  }

  private async open(connection: ChannelModel): Promise<Channel> {
    const { attempt } = this;
    const channel = await connection.createChannel();
    channel.on('error', (error: Error) =>
      this.logger.warn({ error, queue: this.queue.name }, 'Consumer channel broke'),
    );
    if (attempt !== this.attempt) {
      channel.close().catch(() => undefined);
      throw new Error('The channel came too late: another was asked for');
    }
    this.channel = channel;
    channel.on('close', () => {
      if (this.forget(channel)) this.retryLater();
    });
    await this.queue.declare(channel);
    return channel;
  }

  /** The next attempt takes a channel of its own, whatever becomes of this one. */
  private giveUp(): void {
    this.attempt += 1;
    const { channel } = this;
    this.forget(channel);
    channel?.close().catch(() => undefined);
  }

  private deliver(channel: Channel, raw: ConsumeMessage): void {
    this.credit -= 1;
    let isAnswered = false;
    const answer = (send: () => void) => {
      if (isAnswered) return;
      isAnswered = true;
      if (raw.fields.consumerTag === this.consumerTag) this.credit += 1;
      sendIfOpen(send);
    };
    const message = parse(raw.content, this.queue.schema);
    if (!message) {
      this.logger.error(
        { queue: this.queue.name, bytes: raw.content.length },
        'A message could not be understood and was set aside',
      );
      answer(() => channel.nack(raw, false, false));
      return;
    }
    this.receive({
      message,
      redelivered: raw.fields.redelivered,
      ack: () => answer(() => channel.ack(raw)),
    });
  }

  /** The queue was deleted, or its leader moved. */
  private cancelledByBroker(channel: Channel): void {
    if (this.channel !== channel) return;
    this.logger.warn({ queue: this.queue.name }, 'Broker cancelled a consumer');
    this.forget(channel);
    channel.close().catch(() => undefined);
    this.retryLater();
  }

  private forget(channel: Channel | undefined): boolean {
    if (channel === undefined || this.channel !== channel) return false;
    this.channel = undefined;
    this.detach();
    return true;
  }

  private detach(): void {
    if (this.consumerTag) this.detachedAtMs = performance.now();
    this.consumerTag = undefined;
  }

  private retryLater(): void {
    if (this.isClosed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.reconcile(), RETRY_MS);
  }
}

function parse<Message>(content: Buffer, schema: z.ZodType<Message>): Message | null {
  try {
    return schema.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** On a channel that broke meanwhile the broker delivers the message again. */
function sendIfOpen(send: () => void): void {
  try {
    send();
  } catch {
    return;
  }
}
