import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Serving } from '#inference';
import { servingOptions, Settings } from '#platform/config';
import { Notifications } from '#platform/jobs';
import { MODELS_CHANNEL, ModelsStore } from '#platform/models';

/** What this worker answers with. Its thread of graphs begins with the first prediction. */
@Injectable()
export class WorkerServing extends Serving implements OnApplicationBootstrap, OnModuleDestroy {
  private stopListening: () => void = () => undefined;

  constructor(
    store: ModelsStore,
    private readonly notifications: Notifications,
    settings: Settings,
  ) {
    super(store, servingOptions(settings));
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.notifications.listen(MODELS_CHANNEL, () => this.shelf.refresh());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening();
    await this.close();
  }
}
