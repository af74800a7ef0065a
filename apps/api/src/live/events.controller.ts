import { Controller, Get, Headers, HttpStatus, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import * as contract from '#contracts';
import { Settings } from '#platform/config';
import { JobFeed } from '#platform/realtime';
import { JobsService } from '../detections/jobs.service.js';
import { Drain } from '../health/drain.js';
import { AcceptsTokenInQuery, TeamId } from '../http/access.js';
import { InvalidRequestError } from '../http/http.errors.js';
import { ReturnsBytes } from '../http/returns.decorator.js';
import { EventStream } from './event-stream.js';
import { LiveConnections } from './live-connections.js';

@ApiTags('jobs')
@Controller('api/v1/jobs/:job_id/events')
export class EventsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly feed: JobFeed,
    private readonly drain: Drain,
    private readonly counter: LiveConnections,
    private readonly settings: Settings,
  ) {}

  @Get()
  @AcceptsTokenInQuery()
  @ApiOperation({
    summary: 'Events of a job as they happen; `Last-Event-ID` resumes, 204: there will be none',
  })
  @ReturnsBytes('text/event-stream')
  async watch(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
    @Query({ schema: contract.watchEvents }) query: contract.WatchEvents,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventId ? numberOf(lastEventId) : (query.after ?? 0);
    const job = await this.jobs.get(teamId, jobId);
    if (job.finishedAt !== null && job.seq <= after) {
      // The one answer after which an EventSource does not come back.
      return void reply.status(HttpStatus.NO_CONTENT).send();
    }
    const stream = new EventStream({
      feed: this.feed,
      jobId,
      after,
      newest: job.seq,
      maxSeconds: this.settings.ACCESS_TOKEN_TTL_SECONDS,
    });
    const closed = this.counter.opened('sse');
    const forget = this.drain.onBegin(() => stream.end());
    stream.on('close', () => {
      closed();
      forget();
    });
    void reply
      .headers({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // nginx would collect events into large pieces
      })
      .send(stream);
  }
}

function numberOf(lastEventId: string): number {
  if (/^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw new InvalidRequestError([
    { pointer: '#/Last-Event-ID', detail: 'Is not the id of one of our events' },
  ]);
}
