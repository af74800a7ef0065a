/** ONNX graphs in a thread or a process of their own: load, run, unload. */
import { inThread, type SessionHost } from './session-hosts.js';
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

/** What ran them ended; what it held is loaded anew by whoever needs it next. */
export class SessionsGoneError extends Error {
  override readonly name = 'SessionsGoneError';

  constructor() {
    super('The thread or process of the graphs ended.');
  }
}

export interface LoadedGraph {
  /**
   * @param features (rows, features) row by row; handed over: it is empty afterwards
   * @throws {GraphError} where the graph fails on these numbers
   * @throws {SessionsGoneError} where what runs it ended
   */
  run(features: Float32Array<ArrayBuffer>, rows: number): Promise<GraphAnswer>;
  unload(): Promise<void>;
}

type Act = SessionRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

export class OnnxSessions {
  private host: SessionHost | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<GraphAnswer | null>>();
  private requests = 0;
  private graphs = 0;

  constructor(private readonly open = inThread) {}

  /** @throws {GraphError} where the bytes are no such graph */
  async load(bytes: Uint8Array, signature: GraphSignature): Promise<LoadedGraph> {
    const graph = ++this.graphs;
    await this.ask({ act: 'load', graph, bytes, signature });
    const home = this.host;
    const ask = (request: Act, transfer: ArrayBuffer[] = []) => {
      if (this.host !== home) throw new SessionsGoneError();
      return this.ask(request, transfer);
    };
    return {
      run: async (features, rows) =>
        (await ask({ act: 'run', graph, features, rows }, [features.buffer]))!,
      unload: async () => {
        if (this.host === home) await ask({ act: 'unload', graph });
      },
    };
  }

  /** Who waits for an answer is told first: a thread that computes may take long to end. */
  async close(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    this.giveUp();
    await host?.end();
  }

  private ask(request: Act, transfer: ArrayBuffer[] = []): Promise<GraphAnswer | null> {
    const id = ++this.requests;
    const answer = Promise.withResolvers<GraphAnswer | null>();
    this.waiting.set(id, answer);
    this.host ??= this.begin();
    this.host.ref();
    this.host.post({ ...request, id }, transfer);
    return answer.promise;
  }

  private begin(): SessionHost {
    const host = this.open({
      reply: (reply) => this.settle(reply),
      gone: () => {
        if (this.host !== host) return;
        this.host = undefined;
        this.giveUp();
      },
    });
    return host;
  }

  private settle(reply: SessionReply): void {
    const answer = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.host?.unref(); // idle, it keeps no process alive
    if (reply.ok) answer?.resolve(reply.value);
    else answer?.reject(new GraphError(reply.message));
  }

  private giveUp(): void {
    for (const answer of this.waiting.values()) {
      answer.reject(new SessionsGoneError());
    }
    this.waiting.clear();
  }
}
