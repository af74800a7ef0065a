import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { WorkersService } from './workers.service.js';

@ApiTags('workers')
@Controller('api/v1/workers')
export class WorkersController {
  constructor(private readonly workers: WorkersService) {}

  @Get('status')
  @ApiOperation({ summary: 'Who works on what, and what waits in the queues' })
  @Returns(contract.workersStatus)
  status(@TeamId() teamId: string): Promise<contract.WorkersStatus> {
    return this.workers.status(teamId);
  }
}
