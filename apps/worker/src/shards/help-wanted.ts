/**
 * The side of a long search that asks. The points of a round are stored, the shards of it are put on
 * the queue, the last one first, and answers are passed on to the thread that searches.
 *
 * The object is the proof that help is wanted: it goes with the round. Nothing hangs on any of it;
 * whatever fails, the thread solves all shards itself.
 */
import { randomUUID } from 'node:crypto';
import { MOST_ROUND_BYTES, type ShardRequest } from '#contracts';
import type { ClaimedTask, JobMetrics } from '#platform/jobs';
import { type Answer, AnswerQueue, type Broker } from '#platform/messaging';
import type { ObjectStore } from '#platform/storage';
import type { Logger } from '#platform/telemetry';
import { roundKey } from '../detection/detection-keys.js';
import type { RoundNote, RoundOverNote, ThreadMessage } from '../tasks/thread-pool.js';
import { ENGINE } from './engine.js';
import { sha256Of } from './round-bytes.js';

/** Far longer than a round. What is older waits for no one: its round's object is gone. */
const REQUEST_LIFE_MS = 10 * 60_000;

type Deliver = (shard: number, answer: Uint8Array) => void;

export class HelpWanted {
  private readonly open = new Map<string, Deliver>();
  private readonly answers: AnswerQueue;

  /** @param publisher sends, `consumer` hears: an alarm of the broker stops only the former. */
  constructor(
    private readonly store: Pick<ObjectStore, 'put' | 'delete'>,
    private readonly publisher: Broker,
    consumer: Broker,
    private readonly metrics: Pick<JobMetrics, 'searchShards'>,
    private readonly logger: Logger,
  ) {
    this.answers = new AnswerQueue(consumer, (answer) => this.receive(answer), logger);
  }

  /** @param folder where the objects of this attempt at the task go */
  forTask(task: ClaimedTask, folder: string): TaskHelp {
    return new TaskHelp(
      (note, key, deliver) => this.ask(task, note, key, deliver),
      folder,
      this.metrics,
    );
  }

  /** Answers how to end it. */
  private ask(task: ClaimedTask, note: RoundNote, key: string, deliver: Deliver): () => void {
    const id = randomUUID();
    this.open.set(id, deliver);
    const asked = this.publish(task, note, key, id).catch((error: unknown) =>
      this.logger.warn({ error }, 'Help could not be asked for'),
    );
    return () => {
      this.open.delete(id);
      void asked
        .then(() => this.store.delete([key]))
        .catch((error: unknown) => this.logger.debug({ error }, 'Object was left behind'));
    };
  }

  private async publish(task: ClaimedTask, note: RoundNote, key: string, id: string) {
    const { bytes, shards } = note;
    const replyTo = await this.answers.name();
    if (replyTo === null || !this.open.has(id) || bytes.length > MOST_ROUND_BYTES) return;
    await this.store.put(key, bytes, 'application/octet-stream');
    if (!this.open.has(id)) return;
    const { jobId, taskId } = task.lease;
    const common = {
      engine: ENGINE,
      reply_to: replyTo,
      round: { object_key: key, size_bytes: bytes.length, sha256: sha256Of(bytes) },
      task_id: taskId,
      job_id: jobId,
      team_id: task.teamId,
    };
    const queue = this.publisher.topology.shards.name;
    for (let i = shards.length - 1; i >= 0; i--) {
      const request: ShardRequest = { ...common, shard: shards[i], correlation_id: `${id}:${i}` };
      this.publisher.send(queue, Buffer.from(JSON.stringify(request)), {
        contentType: 'application/json',
        expiration: REQUEST_LIFE_MS,
      });
    }
    this.logger.info({ shards: shards.length, bytes: bytes.length }, 'Help was asked for');
  }

  private receive({ correlationId, headers, content }: Answer): void {
    const [id, shard] = correlationId.split(':');
    const deliver = this.open.get(id);
    if (!deliver) return; // too late
    if (headers.sha256 !== sha256Of(content)) {
      this.logger.warn({ correlationId }, 'An answer came damaged');
      return;
    }
    // A copy: the buffer is part of a larger one, all of which would go to the thread.
    deliver(Number(shard), new Uint8Array(content));
  }
}

/** What one task asks: a round at a time. */
export class TaskHelp {
  /** Of all rounds' objects: garbage when the task has ended. */
  readonly objectKeys: string[] = [];
  private endRound: () => void = () => undefined;

  constructor(
    private readonly ask: (note: RoundNote, key: string, deliver: Deliver) => () => void,
    private readonly folder: string,
    private readonly metrics: Pick<JobMetrics, 'searchShards'>,
  ) {}

  begin(note: RoundNote, reply: (message: ThreadMessage) => void): string {
    const { round } = note;
    const key = roundKey(this.folder, round);
    this.objectKeys.push(key);
    this.endRound = this.ask(note, key, (shard, answer) => reply({ round, shard, answer }));
    return key;
  }

  over({ here, byHelpers }: RoundOverNote): void {
    this.metrics.searchShards.inc({ solved_by: 'owner' }, here);
    this.metrics.searchShards.inc({ solved_by: 'helper' }, byHelpers);
    this.end();
  }

  /** Also where the thread was ended in the middle of a round. */
  end(): void {
    this.endRound();
    this.endRound = () => undefined;
  }
}
