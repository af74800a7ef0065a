import { Module } from '@nestjs/common';
import { ModelsModule as ModelsStoreModule } from '#platform/models';
import { PredictionsModule } from '../predictions/predictions.module.js';
import { ModelsController } from './models.controller.js';
import { ModelsService } from './models.service.js';

@Module({
  imports: [PredictionsModule, ModelsStoreModule],
  controllers: [ModelsController],
  providers: [ModelsService],
})
export class ModelsModule {}
