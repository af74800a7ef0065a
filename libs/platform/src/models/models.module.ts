import { Module } from '@nestjs/common';
import { ModelsStore } from './models-store.js';
import { PredictionsStore } from './predictions-store.js';

@Module({
  providers: [ModelsStore, PredictionsStore],
  exports: [ModelsStore, PredictionsStore],
})
export class ModelsModule {}
