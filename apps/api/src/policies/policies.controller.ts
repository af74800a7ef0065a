import { Controller, Get, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, Roles, TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { PoliciesService } from './policies.service.js';

@ApiTags('policies')
@Controller('api/v1/policies')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Post()
  @Roles('owner', 'member')
  @ApiOperation({
    summary: 'Learn a policy from all reviews so far, and say what it would be worth',
  })
  @Returns(contract.policyDetail, HttpStatus.CREATED)
  learn(@CurrentCaller() caller: Caller): Promise<contract.PolicyDetail> {
    return this.policies.learn(caller);
  }

  @Get()
  @ApiOperation({ summary: 'Policies that were learnt, the newest first' })
  @Returns(contract.policies)
  list(@TeamId() teamId: string, @Query({ schema: contract.listPage }) query: contract.PageQuery) {
    return this.policies.list(teamId, query);
  }

  @Get('active')
  @ApiOperation({ summary: 'Who decides now, and who switched to what when' })
  @Returns(contract.activePolicy)
  active(@TeamId() teamId: string): Promise<contract.ActivePolicy> {
    return this.policies.active(teamId);
  }

  @Post('thresholds/activate')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Let the thresholds decide' })
  @Returns(contract.activePolicy, HttpStatus.OK)
  activateThresholds(@CurrentCaller() caller: Caller): Promise<contract.ActivePolicy> {
    return this.policies.activateThresholds(caller);
  }

  @Get(':number')
  @ApiOperation({ summary: 'A policy, beside the thresholds: what each would be worth and do' })
  @Returns(contract.policyDetail)
  get(
    @TeamId() teamId: string,
    @Param({ schema: contract.policyPath }) { number }: contract.PolicyPath,
  ): Promise<contract.PolicyDetail> {
    return this.policies.get(teamId, number);
  }

  @Post(':number/activate')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Let a policy decide, where it is shown to be better' })
  @Returns(contract.activePolicy, HttpStatus.OK)
  activate(
    @CurrentCaller() caller: Caller,
    @Param({ schema: contract.policyPath }) { number }: contract.PolicyPath,
  ): Promise<contract.ActivePolicy> {
    return this.policies.activate(caller, number);
  }
}
