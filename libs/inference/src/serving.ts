/** The models that a process serves: what is visible to whom, what is in memory, who answers. */
import { ModelRunner } from './predictions/model-runner.js';
import { Predictor, type PredictorOptions } from './predictions/predictor.js';
import { ModelShelf, type ModelSource } from './registry/model-shelf.js';
import type { BatchOptions } from './sessions/batcher.js';
import { GraphCache, type GraphCacheEvents } from './sessions/graph-cache.js';
import { OnnxSessions } from './sessions/onnx-sessions.js';

export interface ServingOptions extends PredictorOptions {
  /** Graphs in memory, >= 1. */
  readonly cacheSize: number;
  readonly batching: BatchOptions;
  /** How old what is known of the registry may be, where nobody says that it changed. @default 10 */
  readonly maxAgeSeconds?: number;
  readonly events?: Partial<GraphCacheEvents>;
}

export class Serving {
  readonly shelf: ModelShelf;
  readonly cache: GraphCache;
  readonly runner: ModelRunner;
  readonly predictor: Predictor;
  private readonly sessions = new OnnxSessions();

  constructor(source: ModelSource, options: ServingOptions) {
    this.shelf = new ModelShelf(source, options.maxAgeSeconds ?? 10);
    this.cache = new GraphCache({ capacity: options.cacheSize, events: options.events });
    this.runner = new ModelRunner(this.sessions, this.cache, options.batching);
    this.predictor = new Predictor(this.runner, options);
  }

  close(): Promise<void> {
    return this.sessions.close();
  }
}
