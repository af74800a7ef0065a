import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Public } from './access.js';
import { ReturnsBytes } from './returns.decorator.js';

/** Prometheus has no account here. */
@ApiTags('health')
@Controller()
@Public()
export class MetricsController extends PrometheusController {
  @Get()
  @ApiOperation({ summary: 'Metrics, in the text format of Prometheus' })
  @ReturnsBytes('text/plain')
  override index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return super.index(reply);
  }
}
