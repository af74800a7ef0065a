import { Module } from '@nestjs/common';
import { ConfigModule } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { StorageModule } from '#platform/storage';
import { TelemetryModule } from '#platform/telemetry';
import { AuthModule } from './auth/auth.module.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { DocsModule } from './docs/docs.module.js';
import { MetricsController } from './http/metrics.controller.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { UploadsModule } from './uploads/uploads.module.js';

@Module({
  imports: [
    ConfigModule,
    TelemetryModule.forApp('api', MetricsController),
    DatabaseModule,
    StorageModule,
    AuthModule,
    IdempotencyModule,
    UploadsModule,
    DatasetsModule,
    DocsModule,
  ],
})
export class AppModule {}
