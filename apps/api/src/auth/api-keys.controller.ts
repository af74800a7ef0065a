import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, SecretAnswer } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('teams')
@Controller('api/v1/auth/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @ApiOperation({ summary: 'Your api keys; an owner sees those of the team' })
  @Returns(contract.apiKeys)
  list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: contract.listPage }) page: contract.PageQuery,
  ) {
    return this.keys.list(caller, page);
  }

  @Post()
  @SecretAnswer()
  @ApiOperation({ summary: 'Make an api key; it is shown this once' })
  @Returns(contract.createdApiKey, HttpStatus.CREATED)
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: contract.createApiKey }) request: contract.CreateApiKey,
  ): Promise<contract.CreatedApiKey> {
    return this.keys.create(caller, request);
  }

  @Delete()
  @ApiOperation({ summary: 'End an api key, named by `?id=`' })
  @ReturnsNothing()
  deleteNamed(
    @CurrentCaller() caller: Caller,
    @Query({ schema: contract.anId }) { id }: contract.AnId,
  ): Promise<void> {
    return this.keys.delete(caller, id);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'End an api key' })
  @ReturnsNothing()
  delete(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.anId }) { id }: contract.AnId,
  ): Promise<void> {
    return this.keys.delete(caller, id);
  }
}
