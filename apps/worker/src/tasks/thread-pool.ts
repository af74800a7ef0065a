import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { TaskFailure } from '#contracts';
import type { TaskEpochs } from '#platform/jobs';
import type { ObjectStore } from '#platform/storage';
import type { Shard } from '#transit';
import { type StoreAnswer, type StoreRequest, StoreService } from './store-service.js';
import { collectGarbage } from '../garbage.js';
import { TaskError } from './task-error.js';

export interface ThreadPoolOptions {
  readonly threads: number;
  /** JavaScript heap of one thread; a thread that needs more dies alone. */
  readonly heapMb: number;
  /** Read and written for the threads, by the main thread. */
  readonly store: Pick<ObjectStore, 'head' | 'get' | 'put'>;
}

/** What a thread says while it works. */
export type ThreadNote =
  | {
      readonly type: 'progress';
      readonly stage: string;
      /** 0 to 100, of the task. */
      readonly progress: number;
      readonly message: string;
      readonly epochs?: TaskEpochs;
    }
  /** Said before an object is stored, so that it can be found when the task comes to nothing. */
  | { readonly type: 'object'; readonly key: string }
  | { readonly type: 'stage'; readonly stage: string; readonly seconds: number }
  | RoundNote
  | RoundOverNote;

/** A round of a search that others may help with: see ../shards. */
export interface RoundNote {
  readonly type: 'round';
  /** Counts from 0. */
  readonly round: number;
  readonly bytes: Uint8Array;
  readonly shards: readonly Shard[];
}

/** How many of its shards were solved where. */
export interface RoundOverNote {
  readonly type: 'round_over';
  readonly here: number;
  readonly byHelpers: number;
}

/** What a thread is told while it works: a helper's answer to a shard of a round. */
export interface ThreadMessage {
  readonly round: number;
  readonly shard: number;
  readonly answer: Uint8Array;
}

/** What a thread's function gets, beside its input. */
export interface ThreadCall<Input> {
  readonly input: Input;
  /** For notes, messages, and requests to the object store. */
  readonly port: MessagePort;
  /** Where the object store's answers come in. */
  readonly answers: MessagePort;
}

/** What a thread asks of the object store. */
export interface StoreNote {
  readonly type: 'store';
  readonly request: StoreRequest;
}

/** What it answers: errors lose their class on the way between threads, facts do not. */
export type ThreadAnswer<Output> =
  | { readonly ok: true; readonly output: Output }
  | { readonly ok: false; readonly failure: TaskFailure };

export interface RunOptions {
  readonly signal: AbortSignal;
  /** `reply` sends to the thread. */
  readonly note: (note: ThreadNote, reply: (message: ThreadMessage) => void) => void;
}

/**
 * Node gives a thread that reaches its limit 16 MB more to end in (`Worker::NearHeapLimit`). What
 * survives one collection of the young generation has to fit into that, or V8 ends the process.
 */
const YOUNG_GENERATION_MB = 12;

/**
 * Threads for the work that would block an event loop. An abort ends the thread itself, whatever it
 * is doing; another takes its place.
 */
export class ThreadPool {
  private readonly pool: Piscina;

  constructor(private readonly options: ThreadPoolOptions) {
    this.pool = new Piscina({
      minThreads: 0,
      maxThreads: options.threads,
      idleTimeout: 60_000,
      resourceLimits: {
        maxOldGenerationSizeMb: options.heapMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
      // A thread that waits for work keeps its event loop, and with it its connections.
      atomics: 'disabled',
    });
    // A thread that dies between two tasks is replaced; within one, the task's promise tells.
    this.pool.on('error', () => undefined);
  }

  /** @throws {TaskError} for what the thread foresaw; else what ended it. */
  async run<Input, Output>(file: URL, input: Input, options: RunOptions): Promise<Output> {
    const { port1, port2 } = new MessageChannel();
    const answers = new MessageChannel();
    const store = new StoreService(this.options.store, (answer: StoreAnswer, transfer) =>
      answers.port1.postMessage(answer, transfer),
    );
    const reply = (message: ThreadMessage) => port1.postMessage(message);
    port1.on('message', (note: ThreadNote | StoreNote) => {
      if (note.type === 'store') store.take(note.request);
      else options.note(note, reply);
    });
    port1.unref();
    try {
      const call: ThreadCall<Input> = { input, port: port2, answers: answers.port2 };
      const answer = (await this.pool.run(call, {
        filename: file.href,
        transferList: [port2, answers.port2],
        signal: options.signal,
      })) as ThreadAnswer<Output>;
      if (!answer.ok) {
        throw new TaskError(answer.failure.kind, answer.failure.code, answer.failure.message);
      }
      return answer.output;
    } finally {
      await store.end();
      port1.close();
      answers.port1.close();
      collectGarbage();
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
