import { Module } from '@nestjs/common';
import { ConfigModule } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { PrismaModule } from '#platform/prisma';
import { RealtimeModule } from '#platform/realtime';
import { StorageModule } from '#platform/storage';
import { TelemetryModule } from '#platform/telemetry';
import { AuthModule } from './auth/auth.module.js';
import { ComparisonsModule } from './comparisons/comparisons.module.js';
import { DetectionsModule } from './detections/detections.module.js';
import { HealthModule } from './health/health.module.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { DocsModule } from './docs/docs.module.js';
import { MetricsController } from './http/metrics.controller.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { LiveModule } from './live/live.module.js';
import { ModelsModule } from './models/models.module.js';
import { PoliciesModule } from './policies/policies.module.js';
import { PredictionsModule } from './predictions/predictions.module.js';
import { ResultsModule } from './results/results.module.js';
import { ReviewsModule } from './reviews/reviews.module.js';
import { TrainingModule } from './training/training.module.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { WebModule } from './web/web.module.js';
import { WorkersModule } from './workers/workers.module.js';

@Module({
  imports: [
    ConfigModule,
    TelemetryModule.forApp('api', MetricsController),
    DatabaseModule,
    PrismaModule,
    StorageModule,
    RealtimeModule,
    HealthModule,
    AuthModule,
    IdempotencyModule,
    UploadsModule,
    DatasetsModule,
    DocsModule,
    DetectionsModule,
    ResultsModule,
    ReviewsModule,
    PoliciesModule,
    ComparisonsModule,
    ModelsModule,
    PredictionsModule,
    TrainingModule,
    LiveModule,
    WorkersModule,
    WebModule, // last: its route takes what no other one has
  ],
})
export class AppModule {}
