import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FolderRegistry, Serving } from '#inference';
import { BUNDLED_MODELS, servingOptions, Settings } from '#platform/config';
import { Notifications } from '#platform/jobs';
import { MODELS_CHANNEL, ModelsStore } from '#platform/models';
import { PredictionMetrics } from './prediction-metrics.js';

/** What this process serves; it takes in the models that came with the platform. */
@Injectable()
export class ApiServing extends Serving implements OnApplicationBootstrap, OnModuleDestroy {
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly store: ModelsStore,
    private readonly notifications: Notifications,
    private readonly settings: Settings,
    metrics: PredictionMetrics,
  ) {
    super(store, { ...servingOptions(settings), events: metrics.cacheEvents });
    metrics.watchQueue(() => this.runner.waitingRows);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = this.notifications.listen(MODELS_CHANNEL, () => this.shelf.refresh());
    const folder = this.settings.MODEL_REGISTRY_PATH ?? BUNDLED_MODELS;
    await this.store.publish(await new FolderRegistry(folder).list());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening();
    await this.close();
  }
}
