/** ONNX graphs in a thread of their own: load, run, unload. */
import { Worker } from 'node:worker_threads';
import type {
  GraphAnswer,
  GraphSignature,
  SessionReply,
  SessionRequest,
} from './session-protocol.js';

/** The bytes are no graph that can be run, or not the one that the metadata describe. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** The thread ended; what it held is loaded anew by whoever needs it next. */
export class SessionsGoneError extends Error {
  override readonly name = 'SessionsGoneError';
}

export interface LoadedGraph {
  /**
   * @param features (rows, features) row by row; handed over: it is empty afterwards
   * @throws {GraphError} where the graph fails on these numbers
   * @throws {SessionsGoneError} where the thread ended
   */
  run(features: Float32Array<ArrayBuffer>, rows: number): Promise<GraphAnswer>;
  unload(): Promise<void>;
}

type Act = SessionRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

// As built, or as written where tests run the sources.
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './session-thread.ts' : './session-thread.js',
  import.meta.url,
);

export class OnnxSessions {
  private thread: Worker | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<GraphAnswer | null>>();
  private requests = 0;
  private graphs = 0;

  /** @throws {GraphError} where the bytes are no such graph */
  async load(bytes: Uint8Array, signature: GraphSignature): Promise<LoadedGraph> {
    const graph = ++this.graphs;
    await this.ask({ act: 'load', graph, bytes, signature });
    const home = this.thread;
    const ask = (request: Act, transfer: ArrayBuffer[] = []) => {
      if (this.thread !== home) throw new SessionsGoneError('The thread of the sessions ended.');
      return this.ask(request, transfer);
    };
    return {
      run: async (features, rows) =>
        (await ask({ act: 'run', graph, features, rows }, [features.buffer]))!,
      unload: async () => {
        if (this.thread === home) await ask({ act: 'unload', graph });
      },
    };
  }

  /** Who waits for an answer is told first: a thread that computes may take long to end. */
  async close(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    this.giveUp();
    await thread?.terminate();
  }

  private ask(request: Act, transfer: ArrayBuffer[] = []): Promise<GraphAnswer | null> {
    const id = ++this.requests;
    const answer = Promise.withResolvers<GraphAnswer | null>();
    this.waiting.set(id, answer);
    this.thread ??= this.begin();
    this.thread.ref();
    this.thread.postMessage({ ...request, id }, transfer);
    return answer.promise;
  }

  private begin(): Worker {
    const thread = new Worker(THREAD);
    thread.on('message', (reply: SessionReply) => this.settle(reply));
    thread.on('error', () => undefined); // its exit tells
    thread.on('exit', () => {
      if (this.thread !== thread) return;
      this.thread = undefined;
      this.giveUp();
    });
    return thread;
  }

  private settle(reply: SessionReply): void {
    const answer = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.thread?.unref(); // an idle thread keeps no process alive
    if (reply.ok) answer?.resolve(reply.value);
    else answer?.reject(new GraphError(reply.message));
  }

  private giveUp(): void {
    for (const answer of this.waiting.values()) {
      answer.reject(new SessionsGoneError('The thread of the sessions ended.'));
    }
    this.waiting.clear();
  }
}
