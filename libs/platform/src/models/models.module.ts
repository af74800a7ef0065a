import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { ModelDrafts } from './model-drafts.js';
import { ModelsStore } from './models-store.js';
import { PredictionsStore } from './predictions-store.js';
import { TrainedVersions } from './trained-versions.js';

@Module({
  providers: [
    ModelsStore,
    ModelDrafts,
    TrainedVersions,
    {
      provide: PredictionsStore,
      inject: [Database, Settings],
      useFactory: (database: Database, settings: Settings) =>
        new PredictionsStore(database, settings.PREDICT_BATCH_ROWS),
    },
  ],
  exports: [ModelsStore, ModelDrafts, PredictionsStore, TrainedVersions],
})
export class ModelsModule {}
