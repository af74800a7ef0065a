import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DetectionsModule } from '../detections/detections.module.js';
import { EventsController } from './events.controller.js';
import { LiveConnections } from './live-connections.js';
import { LiveGateway } from './live-gateway.js';

@Module({
  imports: [AuthModule, DetectionsModule],
  controllers: [EventsController],
  providers: [LiveGateway, LiveConnections],
})
export class LiveModule {}
