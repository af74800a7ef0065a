/** The models of a folder, for programs that search without a server. */
import type { AsyncClassifier } from '#transit';
import { FolderRegistry } from '../registry/folder-registry.js';
import type { ModelRecord } from '../registry/registry.js';
import { ModelRunner } from '../predictions/model-runner.js';
import { GraphCache } from '../sessions/graph-cache.js';
import { OnnxSessions } from '../sessions/onnx-sessions.js';
import { CandidateScorer, type ScoreOptions } from './candidate-scorer.js';

/** Of the network and of the ensemble. */
const GRAPHS = 2;

export class LocalModels {
  private readonly sessions = new OnnxSessions();
  private readonly scorer: CandidateScorer;
  private models: Promise<readonly ModelRecord[]> | undefined;

  /** @param folder of a registry; read when a model is first asked */
  constructor(private readonly folder: string) {
    const batching = { maxRows: 1, maxWaitMs: 0, maxQueuedRows: 1000 };
    const cache = new GraphCache({ capacity: GRAPHS });
    this.scorer = new CandidateScorer(new ModelRunner(this.sessions, cache, batching));
  }

  /** @param pinned see `ScoreOptions` */
  classifier(pinned?: ScoreOptions['pinned']): AsyncClassifier {
    return async (candidate) => this.scorer.score(await this.listed(), candidate, { pinned });
  }

  /** What the network alone says of the views of a candidate. */
  async askNetwork(views: Float32Array) {
    return this.scorer.askNetwork(await this.listed(), views);
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  private listed(): Promise<readonly ModelRecord[]> {
    this.models ??= new FolderRegistry(this.folder).list();
    return this.models;
  }
}
