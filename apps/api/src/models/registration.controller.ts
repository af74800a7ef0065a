import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, Roles, TeamId } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('models')
@Controller('api/v1/models')
@Roles('owner', 'member')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  @Post()
  @ApiOperation({ summary: 'Take a name for a model of the team; it has no versions yet' })
  @Returns(contract.modelDetail, HttpStatus.CREATED)
  create(
    @TeamId() teamId: string,
    @Body({ schema: contract.createModel }) { name }: contract.CreateModel,
  ): Promise<contract.ModelDetail> {
    return this.registration.createModel(teamId, name);
  }

  @Post(':name/versions')
  @ApiOperation({ summary: 'Announce a version; answers a signed URL for each of its files' })
  @Returns(contract.modelDraft, HttpStatus.CREATED)
  announce(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.modelPath }) { name }: contract.ModelPath,
    @Body({ schema: contract.announceVersion }) { metadata }: contract.AnnounceVersion,
  ): Promise<contract.ModelDraft> {
    return this.registration.announce(caller, name, metadata);
  }

  @Get(':name/versions/:version/draft')
  @ApiOperation({ summary: 'A version that is not registered yet: what arrived, and fresh URLs' })
  @Returns(contract.modelDraft)
  draft(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelDraftPath }) path: contract.ModelDraftPath,
  ): Promise<contract.ModelDraft> {
    return this.registration.session(teamId, path);
  }

  @Put(':name/versions/:version/draft')
  @ApiOperation({ summary: 'Announce it anew, with other metadata; files that stay are kept' })
  @Returns(contract.modelDraft)
  amend(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelDraftPath }) path: contract.ModelDraftPath,
    @Body({ schema: contract.announceVersion }) { metadata }: contract.AnnounceVersion,
  ): Promise<contract.ModelDraft> {
    return this.registration.amend(teamId, path, metadata);
  }

  @Delete(':name/versions/:version/draft')
  @ApiOperation({ summary: 'Delete a version that is not registered yet, with its files' })
  @ReturnsNothing()
  discard(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelDraftPath }) path: contract.ModelDraftPath,
  ): Promise<void> {
    return this.registration.discard(teamId, path);
  }

  @Post(':name/versions/:version/complete')
  @ApiOperation({ summary: 'Say that every file is sent: the version is checked and registered' })
  @Returns(contract.modelVersionDetail)
  complete(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.modelDraftPath }) path: contract.ModelDraftPath,
    @Body({ schema: contract.completeVersion }) { note }: contract.CompleteVersion,
  ): Promise<contract.ModelVersionDetail> {
    return this.registration.complete(caller, path, note);
  }
}
