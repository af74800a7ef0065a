import { Module } from '@nestjs/common';
import { ConfigModule } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { TelemetryModule } from '#platform/telemetry';

@Module({
  imports: [ConfigModule, TelemetryModule.forApp('api'), DatabaseModule],
})
export class AppModule {}
