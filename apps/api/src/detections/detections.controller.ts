import { Body, Controller, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { logContext } from '#platform/telemetry';
import { Roles, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { DetectionsService } from './detections.service.js';

@ApiTags('detection')
@Controller('api/v1')
export class DetectionsController {
  constructor(private readonly detections: DetectionsService) {}

  @Post('run')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Search a valid dataset for transits' })
  @Returns(contract.jobAccepted, HttpStatus.ACCEPTED)
  start(
    @TeamId() teamId: string,
    @Body({ schema: contract.startDetection }) request: contract.StartDetection,
  ): Promise<contract.JobAccepted> {
    return this.detections.start(teamId, request, logContext().requestId ?? null);
  }
}
