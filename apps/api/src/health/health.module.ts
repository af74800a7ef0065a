import { Global, Module } from '@nestjs/common';
import { MessagingModule } from '#platform/messaging';
import { BacklogMetrics } from './backlog.metrics.js';
import { Dependencies } from './dependencies.js';
import { Drain } from './drain.js';
import { EventLoop } from './event-loop.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { IdleConnections } from './idle-connections.js';

@Global()
@Module({
  imports: [MessagingModule],
  controllers: [HealthController],
  providers: [HealthService, Dependencies, EventLoop, Drain, IdleConnections, BacklogMetrics],
  exports: [Drain],
})
export class HealthModule {}
