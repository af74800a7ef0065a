import { Module } from '@nestjs/common';
import { DetectionsModule } from '../detections/detections.module.js';
import { ResultsController } from './results.controller.js';
import { ResultsRepository } from './results.repository.js';
import { ResultsService } from './results.service.js';

@Module({
  imports: [DetectionsModule],
  controllers: [ResultsController],
  providers: [ResultsService, ResultsRepository],
})
export class ResultsModule {}
