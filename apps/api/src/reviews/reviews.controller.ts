import { Body, Controller, Get, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { ReviewsService } from './reviews.service.js';

@ApiTags('reviews')
@Controller('api/v1/candidates/:candidate_id')
export class ReviewsController {
  constructor(private readonly reviews: ReviewsService) {}

  @Post('review')
  @ApiOperation({ summary: 'Say what a candidate is; the newest review counts' })
  @Returns(contract.review, HttpStatus.CREATED)
  add(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.candidateId }) { candidateId }: contract.CandidateId,
    @Body({ schema: contract.createReview }) review: contract.CreateReview,
  ): Promise<contract.Review> {
    return this.reviews.add(caller, candidateId, review);
  }

  @Get('reviews')
  @ApiOperation({ summary: 'What the team has said of a candidate, the newest first' })
  @Returns(contract.reviews)
  async list(
    @TeamId() teamId: string,
    @Param({ schema: contract.candidateId }) { candidateId }: contract.CandidateId,
  ) {
    return { items: await this.reviews.list(teamId, candidateId), nextCursor: null };
  }
}
