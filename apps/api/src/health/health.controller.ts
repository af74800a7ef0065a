import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import * as contract from '#contracts';
import { Public } from '../http/access.js';
import { Returns } from '../http/returns.decorator.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Controller()
@Public()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get(['health', 'api/v1/health'])
  @ApiOperation({ summary: 'This process and the servers it depends on; 503 without database' })
  @Returns(contract.health)
  async check(@Res({ passthrough: true }) reply: FastifyReply): Promise<contract.Health> {
    const health = await this.health.check();
    if (health.status === 'down') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return health;
  }

  @Get('liveness')
  @ApiOperation({ summary: 'Whether this process answers; depends on nothing' })
  @Returns(contract.probe)
  liveness(): contract.Probe {
    return { status: 'ok' };
  }

  @Get('readiness')
  @ApiOperation({ summary: 'Whether requests should be sent here' })
  @Returns(contract.probe)
  async readiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<contract.Probe> {
    const probe = await this.health.readiness();
    if (probe.status !== 'ok') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return probe;
  }
}
