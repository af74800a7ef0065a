import type { Channel } from 'amqplib';
import type { z } from 'zod';
import {
  queueNames,
  type QueueName,
  shardRequest,
  type ShardRequest,
  taskMessage,
  type TaskMessage,
} from '#contracts';

/**
 * How often a message may come back before the broker sets it aside. It only comes back when a
 * worker died with it; what such a task deserves is decided by its row, so this is a stop against
 * messages that kill, not a count of attempts.
 */
export const DELIVERY_LIMIT = 5;

export interface QueueStats {
  readonly name: QueueName;
  /** Messages that wait for a consumer. */
  readonly ready: number;
  readonly consumers: number;
  /** Messages set aside: delivered too often, or not to be understood. */
  readonly dead: number;
}

/** A queue that is consumed: its name, how it is made, what its messages are. */
export interface ConsumedQueue<Message> {
  readonly name: string;
  readonly schema: z.ZodType<Message>;
  declare(channel: Channel): Promise<unknown>;
}

/** More requests for help than this are of no help; the oldest are dropped. */
const MOST_SHARD_REQUESTS = 10_000;

/** Names of the queues, with a prefix where several installations share a broker. */
export class Topology {
  constructor(private readonly prefix = '') {}

  queue(name: QueueName): string {
    return `${this.prefix}${name}`;
  }

  /** The queue of one kind of task. */
  tasks(name: QueueName): ConsumedQueue<TaskMessage> {
    return {
      name: this.queue(name),
      schema: taskMessage,
      declare: (channel) => this.declare(channel, name),
    };
  }

  /**
   * Requests to solve shards of long searches. Losing one costs nothing but its help, so that it is
   * kept in memory, by one node.
   */
  get shards(): ConsumedQueue<ShardRequest> {
    const name = `${this.prefix}shards`;
    return {
      name,
      schema: shardRequest,
      declare: (channel) =>
        channel.assertQueue(name, {
          durable: true,
          arguments: { 'x-queue-type': 'classic', 'x-max-length': MOST_SHARD_REQUESTS },
        }),
    };
  }

  deadQueue(name: QueueName): string {
    return `${this.prefix}${name}.dead`;
  }

  /**
   * Declares a queue and its dead-letter queue; declaring what is there changes nothing.
   *
   * Quorum queues survive a node; `at-least-once` keeps a dead letter until its queue has it, which
   * RabbitMQ grants only where a full queue refuses rather than drops.
   */
  async declare(channel: Channel, name: QueueName): Promise<QueueStats> {
    const dead = await channel.assertQueue(this.deadQueue(name), {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
    });
    const queue = await channel.assertQueue(this.queue(name), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': DELIVERY_LIMIT,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': this.deadQueue(name),
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    return {
      name,
      ready: queue.messageCount,
      consumers: queue.consumerCount,
      dead: dead.messageCount,
    };
  }

  async declareAll(channel: Channel): Promise<QueueStats[]> {
    const stats: QueueStats[] = [];
    for (const name of queueNames) stats.push(await this.declare(channel, name));
    return stats;
  }
}
