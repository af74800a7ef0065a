import { Module } from '@nestjs/common';
import { ConfigModule } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { StorageModule } from '#platform/storage';
import { TelemetryModule } from '#platform/telemetry';
import { AuthModule } from './auth/auth.module.js';
import { MetricsController } from './http/metrics.controller.js';

@Module({
  imports: [
    ConfigModule,
    TelemetryModule.forApp('api', MetricsController),
    DatabaseModule,
    StorageModule,
    AuthModule,
  ],
})
export class AppModule {}
