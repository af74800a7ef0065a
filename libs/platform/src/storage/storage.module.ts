import {
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Logger } from '../telemetry/logger.js';
import { ObjectStore, objectStoreOptions } from './object-store.js';

@Global()
@Module({
  providers: [
    {
      provide: ObjectStore,
      inject: [Settings],
      useFactory: (settings: Settings) => new ObjectStore(objectStoreOptions(settings)),
    },
  ],
  exports: [ObjectStore],
})
export class StorageModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly store: ObjectStore,
    private readonly logger: Logger,
  ) {}

  /** A store that is down does not keep the app from starting: its health says so. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      const { created, corsIsSet } = await this.store.ensureBucket();
      if (created) this.logger.info({}, 'Bucket created');
      if (!corsIsSet) this.logger.debug({}, 'The object store keeps its own CORS rules');
    } catch (error) {
      this.logger.warn({ error }, 'Bucket could not be looked at');
    }
  }

  onApplicationShutdown(): void {
    this.store.close();
  }
}
