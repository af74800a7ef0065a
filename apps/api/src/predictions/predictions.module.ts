import { Module } from '@nestjs/common';
import { JobsModule } from '#platform/jobs';
import { ModelsModule } from '#platform/models';
import { ApiServing } from './api-serving.js';
import { PredictionJobsRepository } from './prediction-jobs.repository.js';
import { predictionMetricProviders } from './prediction-metrics.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionsService } from './predictions.service.js';

@Module({
  imports: [JobsModule, ModelsModule],
  controllers: [PredictionsController],
  providers: [
    PredictionsService,
    PredictionJobsRepository,
    ApiServing,
    ...predictionMetricProviders,
  ],
  exports: [ApiServing],
})
export class PredictionsModule {}
