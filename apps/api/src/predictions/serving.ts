/** The models that this process serves: what is visible to whom, and what is in memory. */
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  FolderRegistry,
  GraphCache,
  ModelRunner,
  ModelShelf,
  OnnxSessions,
  Predictor,
} from '#inference';
import { Settings } from '#platform/config';
import { Notifications } from '#platform/jobs';
import { MODELS_CHANNEL, ModelsStore } from '#platform/models';
import { PredictionMetrics } from './prediction-metrics.js';

/** Should a notification get lost, a change is seen after this. */
const MAX_AGE_SECONDS = 10;

@Injectable()
export class Serving implements OnApplicationBootstrap, OnModuleDestroy {
  readonly shelf: ModelShelf;
  readonly runner: ModelRunner;
  readonly predictor: Predictor;
  readonly cache: GraphCache;
  private readonly sessions = new OnnxSessions();
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly store: ModelsStore,
    private readonly notifications: Notifications,
    private readonly settings: Settings,
    metrics: PredictionMetrics,
  ) {
    this.shelf = new ModelShelf(store, MAX_AGE_SECONDS);
    this.cache = new GraphCache({ capacity: settings.CACHE_SIZE, events: metrics.cacheEvents });
    this.runner = new ModelRunner(this.sessions, this.cache, {
      maxRows: settings.PREDICT_BATCH_ROWS,
      maxWaitMs: settings.PREDICT_BATCH_WAIT_MS,
      maxQueuedRows: settings.PREDICT_QUEUE_ROWS,
    });
    metrics.watchQueue(() => this.runner.waitingRows);
    this.predictor = new Predictor(this.runner, {
      defaultModel: settings.DEFAULT_MODEL === 'auto' ? null : settings.DEFAULT_MODEL,
      test: settings.ENABLE_AB_TESTING
        ? { mode: settings.AB_MODE, share: settings.AB_CHALLENGER_SHARE }
        : null,
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = this.notifications.listen(MODELS_CHANNEL, () => this.shelf.refresh());
    await this.store.publish(await new FolderRegistry(this.settings.MODEL_REGISTRY_PATH).list());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening();
    await this.sessions.close();
  }
}
