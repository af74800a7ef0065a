import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { ComparisonsService } from './comparisons.service.js';

@ApiTags('results')
@Controller('api/v1/compare')
export class ComparisonsController {
  constructor(private readonly comparisons: ComparisonsService) {}

  @Get()
  @ApiOperation({ summary: 'Two searches side by side, and against what the team has decided' })
  @Returns(contract.comparison)
  compare(
    @TeamId() teamId: string,
    @Query({ schema: contract.compareJobs }) { jobA, jobB }: contract.CompareJobs,
  ): Promise<contract.Comparison> {
    return this.comparisons.compare(teamId, jobA, jobB);
  }
}
