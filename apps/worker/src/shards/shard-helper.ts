/**
 * The side that helps: takes shards of others' long searches while there are free slots. It owns
 * nothing and promises nothing; a shard that it drops is solved by the search itself.
 */
import type { ShardRequest } from '#contracts';
import type { JobMetrics } from '#platform/jobs';
import { type Broker, type Delivery, QueueConsumer } from '#platform/messaging';
import { type Logger, withLogContext } from '#platform/telemetry';
import type { TaskRunner } from '../tasks/task-runner.js';
import type { ThreadPool } from '../tasks/thread-pool.js';
import type { ShardInput, ShardOutput } from '../threads/shard.thread.js';
import { ENGINE } from './engine.js';
import { sha256Of } from './round-bytes.js';

const THREAD = new URL('../threads/shard.thread.js', import.meta.url);
/** A shard takes a fraction of a second; one that takes this long is no help. */
const LONGEST_MS = 60_000;

/**
 * `solved`; `refused`: of another engine; `stale`: the round was over; `dropped`: no thread was free,
 * or a helper died of it before; `failed`: it could not be read or solved.
 */
type Outcome = 'solved' | 'refused' | 'stale' | 'dropped' | 'failed';

export class ShardHelper {
  /** Object of the round that was found over last: the rest of its requests follow. */
  private overKey: string | undefined;

  constructor(
    private readonly runner: Pick<TaskRunner, 'lend' | 'consumeWhileFree'>,
    private readonly threads: ThreadPool,
    private readonly publisher: Broker,
    private readonly consumer: Broker,
    private readonly metrics: Pick<JobMetrics, 'shardRequests'>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const { consumer, logger } = this;
    const { shards } = consumer.topology;
    this.runner.consumeWhileFree(
      new QueueConsumer(consumer, shards, (each) => this.receive(each), logger),
    );
  }

  private receive({ message, redelivered, ack }: Delivery<ShardRequest>): void {
    const { task_id: taskId, job_id: jobId, team_id: teamId } = message;
    const answer = (outcome: Outcome) => {
      this.metrics.shardRequests.inc({ outcome });
      ack();
    };
    void withLogContext({ taskId, jobId, teamId }, async () => {
      if (message.engine !== ENGINE) {
        this.logger.debug({ engine: message.engine }, 'Shard of another engine was refused');
        return answer('refused');
      }
      if (redelivered) return answer('dropped');
      if (message.round.object_key === this.overKey) return answer('stale');
      // Acknowledged before the slot is free: the consumer then goes on as it is.
      const isDone = await this.runner.lend(async (signal) => {
        answer(await this.outcomeOf(message, signal));
      });
      if (!isDone) answer('dropped');
    });
  }

  private async outcomeOf(message: ShardRequest, stopping: AbortSignal): Promise<Outcome> {
    try {
      return await this.solve(message, stopping);
    } catch (error) {
      this.logger.warn({ error }, 'Shard could not be solved');
      return 'failed';
    }
  }

  private async solve(message: ShardRequest, stopping: AbortSignal): Promise<Outcome> {
    const { round, shard } = message;
    const input: ShardInput = { round, shard };
    const startedMs = performance.now();
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(LONGEST_MS)]);
    const answer = await this.threads.run<ShardInput, ShardOutput>(THREAD, input, {
      signal,
      note: () => undefined,
    });
    if (!answer) {
      this.overKey = round.object_key;
      return 'stale';
    }
    this.publisher.send(message.reply_to, answer, {
      correlationId: message.correlation_id,
      headers: { sha256: sha256Of(answer) },
    });
    const seconds = (performance.now() - startedMs) / 1000;
    this.logger.debug({ shard, seconds, bytes: answer.length }, 'Shard solved');
    return 'solved';
  }
}
