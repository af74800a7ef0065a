import { Module } from '@nestjs/common';
import { JobsModule } from '#platform/jobs';
import { ModelsModule } from '#platform/models';
import { predictionMetricProviders } from './prediction-metrics.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionsRepository } from './predictions.repository.js';
import { PredictionsService } from './predictions.service.js';
import { Serving } from './serving.js';

@Module({
  imports: [JobsModule, ModelsModule],
  controllers: [PredictionsController],
  providers: [PredictionsService, PredictionsRepository, Serving, ...predictionMetricProviders],
  exports: [Serving],
})
export class PredictionsModule {}
