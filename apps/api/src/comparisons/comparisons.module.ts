import { Module } from '@nestjs/common';
import { DetectionsModule } from '../detections/detections.module.js';
import { ComparisonsController } from './comparisons.controller.js';
import { ComparisonsRepository } from './comparisons.repository.js';
import { ComparisonsService } from './comparisons.service.js';

@Module({
  imports: [DetectionsModule],
  controllers: [ComparisonsController],
  providers: [ComparisonsService, ComparisonsRepository],
})
export class ComparisonsModule {}
