import { Body, Controller, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { logContext } from '#platform/telemetry';
import { type Caller, CurrentCaller, Roles } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { TrainingService } from './training.service.js';

@ApiTags('training')
@Controller('api/v1')
export class TrainingController {
  constructor(private readonly training: TrainingService) {}

  @Post('train')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Train a model on a valid table; it is registered when it is done' })
  @Returns(contract.trainingAccepted, HttpStatus.ACCEPTED)
  start(
    @CurrentCaller() caller: Caller,
    @Body({ schema: contract.startTraining }) request: contract.StartTraining,
  ): Promise<contract.TrainingAccepted> {
    return this.training.start(caller, request, logContext().requestId ?? null);
  }
}
