import { Module } from '@nestjs/common';
import { ModelsModule as ModelsStoreModule } from '#platform/models';
import { ModelsModule } from '../models/models.module.js';
import { TrainedVersionsController } from './trained-versions.controller.js';
import { TrainedVersionsService } from './trained-versions.service.js';
import { TrainingController } from './training.controller.js';
import { TrainingRepository } from './training.repository.js';
import { TrainingService } from './training.service.js';

@Module({
  imports: [ModelsModule, ModelsStoreModule],
  controllers: [TrainingController, TrainedVersionsController],
  providers: [TrainingService, TrainingRepository, TrainedVersionsService],
})
export class TrainingModule {}
