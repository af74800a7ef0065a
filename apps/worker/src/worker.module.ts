import { Module } from '@nestjs/common';
import { ConfigModule } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { RealtimeModule } from '#platform/realtime';
import { StorageModule } from '#platform/storage';
import { TelemetryModule } from '#platform/telemetry';
import { HealthController } from './health/health.controller.js';
import { HousekeepingModule } from './housekeeping/housekeeping.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    ConfigModule,
    TelemetryModule.forApp('worker'),
    DatabaseModule,
    StorageModule,
    RealtimeModule,
    TasksModule,
    ReportsModule,
    HousekeepingModule,
  ],
  controllers: [HealthController],
})
export class WorkerModule {}
