import type { Channel } from 'amqplib';
import { queueNames, type QueueName } from '#contracts';

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

/** Names of the queues, with a prefix where several installations share a broker. */
export class Topology {
  constructor(private readonly prefix = '') {}

  queue(name: QueueName): string {
    return `${this.prefix}${name}`;
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
