import { Body, Controller, Get, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { logContext } from '#platform/telemetry';
import { Roles, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('upload')
@Controller('api/v1/upload')
@Roles('owner', 'member')
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Post('start')
  @ApiOperation({ summary: 'Announce files; answers a signed URL for each, or one per part' })
  @Returns(contract.uploadStarted, HttpStatus.CREATED)
  start(
    @TeamId() teamId: string,
    @Body({ schema: contract.startUpload }) request: contract.StartUpload,
  ): Promise<contract.UploadStarted> {
    return this.uploads.start(teamId, request);
  }

  @Post('complete')
  @ApiOperation({ summary: 'Say that every file is sent; they are checked and validated' })
  @Returns(contract.uploadCompleted, HttpStatus.ACCEPTED)
  complete(
    @TeamId() teamId: string,
    @Body({ schema: contract.completeUpload }) request: contract.CompleteUpload,
  ): Promise<contract.UploadCompleted> {
    return this.uploads.complete(teamId, request, logContext().requestId ?? null);
  }

  @Get(':dataset_id')
  @ApiOperation({ summary: 'Resume an upload: what arrived, and fresh URLs for what did not' })
  @Returns(contract.uploadSession)
  session(
    @TeamId() teamId: string,
    @Param({ schema: contract.datasetId }) { datasetId }: contract.DatasetId,
  ): Promise<contract.UploadSession> {
    return this.uploads.session(teamId, datasetId);
  }
}
