/**
 * One connection to RabbitMQ that comes back by itself, a publisher that waits for the broker's
 * word, and the state of the queues.
 */
import { connect, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { type QueueName, queueNames, type TaskMessage } from '#contracts';
import type { Logger } from '../telemetry/logger.js';
import { inTime } from './in-time.js';
import { type QueueStats, Topology } from './topology.js';

export interface BrokerOptions {
  readonly url: string;
  /** Put before the names of queues. @default '' */
  readonly queuePrefix?: string;
  /** Shown by the broker beside the connection. */
  readonly name: string;
  /** How long the broker may take to confirm a message. @default 15 */
  readonly confirmSeconds?: number;
  /** How long it may take to answer anything else. @default 30 */
  readonly answerSeconds?: number;
}

/** The broker has not taken the message; whoever has it keeps it. */
export class NotPublishedError extends Error {
  constructor(queue: string, reason: string, options?: ErrorOptions) {
    super(`A message for the queue "${queue}" was not published: ${reason}`, options);
  }
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
const AMQP_HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 10_000;

interface Session {
  readonly connection: ChannelModel;
  readonly publisher: ConfirmChannel;
  /** Ids of messages that came back because no queue took them. */
  readonly returned: Set<string>;
}

export class Broker {
  readonly queues = queueNames;
  readonly topology: Topology;
  private readonly listeners = new Set<() => void>();
  private session: Session | undefined;
  private attempts = 0;
  private retry: NodeJS.Timeout | undefined;
  private connecting: Promise<void> | undefined;
  private asking: Promise<QueueStats[]> | undefined;
  private isClosed = false;

  constructor(
    private readonly options: BrokerOptions,
    private readonly logger: Logger,
  ) {
    this.topology = new Topology(options.queuePrefix);
  }

  get isConnected(): boolean {
    return this.session !== undefined;
  }

  /** Begins to connect, and keeps at it; a broker that is away does not stop the process. */
  start(): void {
    if (!this.session && !this.connecting && !this.retry && !this.isClosed) this.connect();
  }

  /** Calls back whenever the connection came (back) or went; answers how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The connection of this moment, for channels of one's own. */
  get connection(): ChannelModel | undefined {
    return this.session?.connection;
  }

  /**
   * Resolves once the broker has confirmed that a queue holds the message.
   *
   * @throws {NotPublishedError} in every other case, also when the answer did not come in time: the
   * message may then be there or not.
   */
  publish(queueName: QueueName, message: TaskMessage): Promise<void> {
    const queue = this.topology.queue(queueName);
    const session = this.session;
    if (!session) return Promise.reject(new NotPublishedError(queue, 'the broker is away'));
    const messageId = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const seconds = this.options.confirmSeconds ?? 15;
    const timer = setTimeout(
      () => reject(new NotPublishedError(queue, `no confirmation within ${seconds} s`)),
      seconds * 1000,
    );
    try {
      session.publisher.sendToQueue(
        queue,
        Buffer.from(JSON.stringify(message)),
        {
          mandatory: true,
          persistent: true,
          messageId,
          contentType: 'application/json',
          headers: message.request_id ? { 'x-request-id': message.request_id } : {},
        },
        (cause: Error | null) => {
          // A message that no queue took is confirmed as well, after it came back.
          const cameBack = session.returned.delete(messageId);
          if (cause) {
            reject(new NotPublishedError(queue, 'the broker refused it', { cause }));
          } else if (cameBack) {
            this.redeclare(session);
            reject(new NotPublishedError(queue, 'there is no such queue'));
          } else resolve();
        },
      );
    } catch (cause) {
      reject(new NotPublishedError(queue, 'the channel is closed', { cause }));
    }
    return promise.finally(() => clearTimeout(timer));
  }

  /** Sends what may be lost: nobody waits for it, and no queue need be there. */
  send(queue: string, content: Uint8Array, options: Options.Publish = {}): void {
    try {
      this.session?.publisher.sendToQueue(queue, Buffer.from(content), options);
    } catch {
      return; // the channel is closed
    }
  }

  /** How long the broker may take to answer. */
  get answerSeconds(): number {
    return this.options.answerSeconds ?? 30;
  }

  /**
   * Whoever asks while an answer is awaited gets the same.
   *
   * @throws where the broker is away, or silent. Makes queues that are missing.
   */
  queueStats(): Promise<QueueStats[]> {
    this.asking ??= inTime(
      this.askForStats(),
      'tell the state of its queues',
      this.answerSeconds,
    ).finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async askForStats(): Promise<QueueStats[]> {
    const connection = this.session?.connection;
    if (!connection) throw new Error('The broker is away');
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // also rejects the call that caused it
    const late = setTimeout(
      () => channel.close().catch(() => undefined),
      this.answerSeconds * 1000,
    );
    try {
      return await this.topology.declareAll(channel);
    } finally {
      clearTimeout(late);
      channel.close().catch(() => undefined); // fails where it was too late already
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.connecting;
    const session = this.session;
    this.session = undefined;
    await session?.connection.close().catch(() => undefined);
  }

  private connect(): void {
    this.retry = undefined;
    this.connecting = this.open()
      .then((session) => {
        this.session = session;
        this.attempts = 0;
        this.logger.info({ connection: this.options.name }, 'Broker connected');
      })
      .catch((error: Error) => {
        // The first failure of an outage is told; the others are for whoever is debugging.
        const tell = this.attempts === 0 ? 'warn' : 'debug';
        this.logger[tell]({ error, connection: this.options.name }, 'Broker could not be reached');
        this.retryLater();
      })
      .then(() => {
        this.connecting = undefined;
        if (this.session) this.changed();
      });
  }

  private async open(): Promise<Session> {
    const url = new URL(this.options.url);
    if (!url.searchParams.has('heartbeat')) {
      url.searchParams.set('heartbeat', String(AMQP_HEARTBEAT_SECONDS));
    }
    const connection = await connect(url.href, {
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: this.options.name },
    });
    // Without a listener an error would end the process; `close` follows it.
    connection.on('error', () => undefined);
    try {
      const publisher = await connection.createConfirmChannel();
      const session: Session = { connection, publisher, returned: new Set() };
      publisher.on('error', () => undefined);
      publisher.on('return', ({ properties }) => {
        session.returned.add(String(properties.messageId));
      });
      await inTime(this.topology.declareAll(publisher), 'declare the queues', this.answerSeconds);
      const lost = () => this.lost(session);
      publisher.on('close', lost);
      connection.on('close', lost);
      return session;
    } catch (error) {
      connection.close().catch(() => undefined); // not waited for: it may be silent
      throw error;
    }
  }

  /** A broken channel breaks the session: one way back for every fault. */
  private lost(session: Session): void {
    if (this.session !== session) return;
    this.session = undefined;
    session.connection.close().catch(() => undefined);
    if (this.isClosed) return;
    this.logger.warn({ connection: this.options.name }, 'Broker connection was lost');
    this.changed();
    this.retryLater();
  }

  /** Full jitter, so that many processes do not come back as one (Brooker 2015, AWS). */
  private retryLater(): void {
    if (this.isClosed) return;
    const longest = Math.min(FIRST_RETRY_MS * 2 ** this.attempts, LONGEST_RETRY_MS);
    this.attempts += 1;
    this.retry = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }

  private redeclare(session: Session): void {
    this.topology.declareAll(session.publisher).catch(() => undefined);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
