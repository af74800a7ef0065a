import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FolderRegistry, Serving } from '#inference';
import { BUNDLED_MODELS, servingOptions, Settings } from '#platform/config';
import { Notifications } from '#platform/jobs';
import { MODELS_CHANNEL, ModelsStore } from '#platform/models';

/**
 * What this worker answers with; it takes in the models that came with the platform, as an api does:
 * whichever starts first. Its thread of graphs begins with the first prediction.
 */
@Injectable()
export class WorkerServing extends Serving implements OnApplicationBootstrap, OnModuleDestroy {
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly store: ModelsStore,
    private readonly notifications: Notifications,
    private readonly settings: Settings,
  ) {
    super(store, servingOptions(settings));
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
