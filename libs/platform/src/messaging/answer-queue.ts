/**
 * A queue for answers to this process alone. It is gone with the connection, and so are the answers
 * in it; with the next connection there is another, under another name.
 */
import type { ChannelModel } from 'amqplib';
import type { Logger } from '../telemetry/logger.js';
import type { Broker } from './broker.js';

export interface Answer {
  /** What the question was called. */
  readonly correlationId: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content: Uint8Array;
}

export class AnswerQueue {
  private of: { readonly connection: ChannelModel; readonly name: Promise<string> } | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly receive: (answer: Answer) => void,
    private readonly logger: Logger,
  ) {}

  /** Where answers are to go at this moment; null while the broker is away. */
  async name(): Promise<string | null> {
    const { connection } = this.broker;
    if (!connection) return null;
    if (this.of?.connection !== connection) this.of = { connection, name: this.open(connection) };
    try {
      return await this.of.name;
    } catch (error) {
      this.logger.debug({ error }, 'Queue for answers could not be made');
      this.of = undefined;
      return null;
    }
  }

  private async open(connection: ChannelModel): Promise<string> {
    const channel = await connection.createChannel();
    const gone = () => {
      if (this.of?.connection === connection) this.of = undefined;
    };
    channel.on('error', gone).on('close', gone);
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
    await channel.consume(
      queue,
      (message) => {
        if (!message) return gone();
        const { correlationId, headers } = message.properties;
        this.receive({
          correlationId: String(correlationId),
          headers: headers ?? {},
          content: message.content,
        });
      },
      { noAck: true },
    );
    return queue;
  }
}
