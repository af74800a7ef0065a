/**
 * A queue of tasks on Redis, by Bull. What it holds are hints, as the broker's messages are: which
 * task to try. Redis may lose all of them.
 *
 * Bull tries nothing again and gives nothing of a dead worker to another: attempts, waits and lost
 * workers are PostgreSQL's to know (docs/adr/0026-bull-carries-hints.md).
 */
import Bull, { type Job, type Queue, type QueueOptions } from 'bull';
import { type RedisQueueName, taskMessage, type TaskMessage } from '#contracts';
import type { Carrier, QueueDepth } from '../jobs/carrier.js';
import { inTime } from '../messaging/in-time.js';
import type { Delivery } from '../messaging/queue-consumer.js';
import type { Logger } from '../telemetry/logger.js';

/** How long Redis may take for an answer. */
const ANSWER_SECONDS = 15;

export class TaskQueue implements Carrier {
  readonly queues: readonly RedisQueueName[];
  private readonly queue: Queue<TaskMessage>;

  /** @param options where Redis is, as `bullOptions` has it */
  constructor(
    private readonly name: RedisQueueName,
    options: QueueOptions,
    private readonly logger: Logger,
  ) {
    this.queues = [name];
    this.queue = new Bull<TaskMessage>(name, {
      ...options,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      // A job whose worker is silent is cleared away at once, instead of given to another.
      settings: { maxStalledCount: 0 },
    });
    this.queue.on('error', (error) => logger.debug({ error }, 'Bull lost its Redis'));
  }

  get isConnected(): boolean {
    return this.queue.client.status === 'ready';
  }

  async publish(_: string, message: TaskMessage): Promise<void> {
    if (!this.isConnected) throw new Error('Redis is away');
    await this.inTime(this.queue.add(message), 'take a message');
  }

  async queueStats(): Promise<readonly QueueDepth[]> {
    const ready = await this.inTime(this.queue.getWaitingCount(), 'count its messages');
    return [{ name: this.name, ready }];
  }

  onChange(listener: () => void): () => void {
    const { client } = this.queue;
    client.on('ready', listener).on('close', listener);
    return () => client.off('ready', listener).off('close', listener);
  }

  /** Hands out messages once it is attached, at most `capacity` of them unanswered. Once a process. */
  consumer(
    capacity: number,
    receive: (delivery: Delivery<TaskMessage>) => void,
  ): TaskQueueConsumer {
    return new TaskQueueConsumer(this.queue, capacity, receive, this.logger);
  }

  /** Waits for nothing that was handed out. */
  async close(): Promise<void> {
    await this.queue.close(true);
  }

  private inTime<T>(answer: Promise<T>, what: string): Promise<T> {
    return inTime(answer, what, ANSWER_SECONDS, 'Redis');
  }
}

/** As `QueueConsumer` is to the broker. */
export class TaskQueueConsumer {
  private isAttached = false;
  private hasBegun = false;

  constructor(
    private readonly queue: Queue<TaskMessage>,
    private readonly capacity: number,
    private readonly receive: (delivery: Delivery<TaskMessage>) => void,
    private readonly logger: Logger,
  ) {}

  /** Takes messages from now on. */
  attach(): void {
    if (this.isAttached) return;
    this.isAttached = true;
    if (this.hasBegun) return this.tell(this.queue.resume(true));
    this.hasBegun = true;
    // Settles when the queue is closed.
    this.tell(this.queue.process(this.capacity, (job) => this.handOut(job)));
  }

  /** Takes no more messages; those that are held may still be answered. */
  async pause(): Promise<void> {
    if (!this.isAttached) return;
    this.isAttached = false;
    // Bull stops at once; what it answers later is that its connection was made anew.
    this.tell(this.queue.pause(true, true));
  }

  close(): Promise<void> {
    return this.pause();
  }

  private async handOut({ data }: Job<TaskMessage>): Promise<void> {
    const { data: message, error } = taskMessage.safeParse(data);
    if (!message) {
      this.logger.error({ error }, 'A message could not be understood and was dropped');
    } else if (this.isAttached) {
      await new Promise<void>((ack) => this.receive({ message, redelivered: false, ack }));
    } else {
      // Bull waited for one when it was paused, and asks once more on its new connection.
      await this.queue.add(message);
    }
  }

  private tell(working: Promise<unknown>): void {
    working.catch((error: unknown) => this.logger.debug({ error }, 'Bull could not do as asked'));
  }
}
