import {
  Body,
  Controller,
  Delete,
  Get,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { Roles, TeamId } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { MembersService } from './members.service.js';

@ApiTags('teams')
@Controller('api/v1/team/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @ApiOperation({ summary: 'Members of your team, the newest first' })
  @Returns(contract.members)
  list(@TeamId() teamId: string, @Query({ schema: contract.listPage }) page: contract.PageQuery) {
    return this.members.list(teamId, page);
  }

  @Post()
  @Roles('owner')
  @ApiOperation({ summary: 'Add a member, who can log in with this password' })
  @Returns(contract.user, HttpStatus.CREATED)
  add(
    @TeamId() teamId: string,
    @Body({ schema: contract.addMember }) request: contract.AddMember,
  ): Promise<contract.User> {
    return this.members.add(teamId, request);
  }

  @Patch(':id')
  @Roles('owner')
  @ApiOperation({ summary: 'Change what a member may do, from the next request on' })
  @Returns(contract.user)
  changeRole(
    @TeamId() teamId: string,
    @Param({ schema: contract.anId }) { id }: contract.AnId,
    @Body({ schema: contract.changeRole }) request: contract.ChangeRole,
  ): Promise<contract.User> {
    return this.members.changeRole(teamId, id, request.role);
  }

  @Delete(':id')
  @Roles('owner')
  @ApiOperation({ summary: 'Remove a member; sessions and api keys end at once' })
  @ReturnsNothing()
  remove(
    @TeamId() teamId: string,
    @Param({ schema: contract.anId }) { id }: contract.AnId,
  ): Promise<void> {
    return this.members.remove(teamId, id);
  }
}
