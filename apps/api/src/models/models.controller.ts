import { Body, Controller, Get, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, Roles, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { ModelsService } from './models.service.js';

@ApiTags('models')
@Controller('api/v1')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get('models')
  @ApiOperation({ summary: 'Models that the team can use: those of the platform, and its own' })
  @Returns(contract.models)
  async list(@TeamId() teamId: string) {
    return { items: await this.models.list(teamId), nextCursor: null };
  }

  @Get('model/info')
  @ApiOperation({ summary: 'What serves now, and whether it is loaded and can be' })
  @Returns(contract.modelInfo)
  info(@TeamId() teamId: string): Promise<contract.ModelInfo> {
    return this.models.info(teamId);
  }

  @Get('models/:name')
  @ApiOperation({ summary: 'A model: its versions, its aliases and their history' })
  @Returns(contract.modelDetail)
  get(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelPath }) { name }: contract.ModelPath,
  ): Promise<contract.ModelDetail> {
    return this.models.get(teamId, name);
  }

  @Get('models/:name/versions/:version')
  @ApiOperation({ summary: 'A version: its metadata, whole' })
  @Returns(contract.modelVersionDetail)
  version(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelVersionPath }) { name, version }: contract.ModelVersionPath,
  ): Promise<contract.ModelVersionDetail> {
    return this.models.getVersion(teamId, name, version);
  }

  @Post('models/:name/versions/:version/validate')
  @ApiOperation({ summary: 'Run the golden inputs of a version, and compare' })
  @Returns(contract.modelValidation)
  validate(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelVersionPath }) { name, version }: contract.ModelVersionPath,
  ): Promise<contract.ModelValidation> {
    return this.models.validate(teamId, name, version);
  }

  @Get('models/:name/compare')
  @ApiOperation({ summary: 'Two versions: metrics, inputs, size and latency' })
  @Returns(contract.modelComparison)
  compare(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelPath }) { name }: contract.ModelPath,
    @Query({ schema: contract.compareVersions })
    { versionA, versionB }: contract.CompareVersions,
  ): Promise<contract.ModelComparison> {
    return this.models.compare(teamId, name, versionA, versionB);
  }

  @Post('models/:name/aliases/:alias')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Let an alias stand for a version, where that is no step back' })
  @Returns(contract.modelDetail)
  promote(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.modelAliasPath }) { name, alias }: contract.ModelAliasPath,
    @Body({ schema: contract.promoteModel }) { version, note }: contract.PromoteModel,
  ): Promise<contract.ModelDetail> {
    return this.models.promote(caller, name, alias, version, note);
  }

  @Post('models/:name/aliases/:alias/rollback')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Let an alias stand for what it stood for before' })
  @Returns(contract.modelDetail, HttpStatus.OK)
  rollback(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.modelAliasPath }) { name, alias }: contract.ModelAliasPath,
    @Body({ schema: contract.rollBackModel }) { note }: contract.RollBackModel,
  ): Promise<contract.ModelDetail> {
    return this.models.rollback(caller, name, alias, note);
  }
}
