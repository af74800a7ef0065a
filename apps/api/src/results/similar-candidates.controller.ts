import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { SimilarCandidatesService } from './similar-candidates.service.js';

@ApiTags('results')
@Controller('api/v1/candidates/:candidate_id/similar')
export class SimilarCandidatesController {
  constructor(private readonly similar: SimilarCandidatesService) {}

  @Get()
  @ApiOperation({
    summary: 'Candidates of other targets whose folded curves look alike, the most similar first',
  })
  @Returns(contract.similarCandidates)
  find(
    @TeamId() teamId: string,
    @Param({ schema: contract.candidateId }) { candidateId }: contract.CandidateId,
    @Query({ schema: contract.chooseSimilar }) choice: contract.ChooseSimilar,
  ): Promise<contract.SimilarCandidates> {
    return this.similar.find(teamId, candidateId, choice);
  }
}
