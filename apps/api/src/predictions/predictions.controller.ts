import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { PredictionsService } from './predictions.service.js';

@ApiTags('predictions')
@Controller('api/v1/predict')
export class PredictionsController {
  constructor(private readonly predictions: PredictionsService) {}

  @Post()
  @ApiOperation({ summary: 'What a model, or all of them, say of one input' })
  @Returns(contract.predictAnswer)
  one(
    @TeamId() teamId: string,
    @Body({ schema: contract.predict }) request: contract.Predict,
  ): Promise<contract.PredictionAnswer | contract.EnsembleAnswer> {
    return this.predictions.predict(teamId, request);
  }

  @Post('batch')
  @ApiOperation({ summary: 'What a model says of many inputs, in their order' })
  @Returns(contract.predictions)
  async batch(
    @TeamId() teamId: string,
    @Body({ schema: contract.predictBatch }) request: contract.PredictBatch,
  ): Promise<contract.PredictionsAnswer> {
    return { predictions: await this.predictions.predictBatch(teamId, request) };
  }
}
