import { Module } from '@nestjs/common';
import { DetectionsModule } from '../detections/detections.module.js';
import { ResultsController } from './results.controller.js';
import { ResultsRepository } from './results.repository.js';
import { ResultsService } from './results.service.js';
import { SimilarCandidatesController } from './similar-candidates.controller.js';
import { SimilarCandidatesRepository } from './similar-candidates.repository.js';
import { SimilarCandidatesService } from './similar-candidates.service.js';

@Module({
  imports: [DetectionsModule],
  controllers: [ResultsController, SimilarCandidatesController],
  providers: [
    ResultsService,
    ResultsRepository,
    SimilarCandidatesService,
    SimilarCandidatesRepository,
  ],
})
export class ResultsModule {}
