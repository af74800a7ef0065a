import { Body, Controller, Headers, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import * as contract from '#contracts';
import { logContext } from '#platform/telemetry';
import { TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { batchPayload, payloadOf } from './payload.js';
import { PredictionsService } from './predictions.service.js';

const Prefer = () =>
  ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`respond-async`: 202 at once, and the answer with `GET /api/v1/tasks/{task_id}`',
  });

@ApiTags('predictions')
@Controller('api/v1/predict')
export class PredictionsController {
  constructor(private readonly predictions: PredictionsService) {}

  @Post()
  @Prefer()
  @ApiOperation({ summary: 'What a model, or all of them, say of one input' })
  @Returns(contract.predictAnswer)
  one(
    @TeamId() teamId: string,
    @Body({ schema: contract.predict }) request: contract.Predict,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<contract.PredictionAnswer | contract.EnsembleAnswer | contract.PredictionAccepted> {
    return contract.wantsAsync(prefer)
      ? this.later(reply, teamId, payloadOf(request))
      : this.predictions.predict(teamId, request);
  }

  @Post('batch')
  @Prefer()
  @ApiOperation({ summary: 'What a model says of many inputs, in their order' })
  @Returns(contract.predictBatchAnswer)
  batch(
    @TeamId() teamId: string,
    @Body({ schema: contract.predictBatch }) request: contract.PredictBatch,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<contract.PredictionsAnswer | contract.PredictionAccepted> {
    return contract.wantsAsync(prefer)
      ? this.later(reply, teamId, batchPayload(request))
      : this.predictions.predictBatch(teamId, request);
  }

  private async later(
    reply: FastifyReply,
    teamId: string,
    payload: contract.PredictionPayload,
  ): Promise<contract.PredictionAccepted> {
    const requestId = logContext().requestId ?? null;
    const accepted = await this.predictions.start(teamId, payload, requestId);
    void reply.status(HttpStatus.ACCEPTED).header('Preference-Applied', 'respond-async');
    return accepted;
  }
}
