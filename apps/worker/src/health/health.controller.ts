import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Probe } from '#contracts';
import { Database } from '#platform/database';
import { TaskRunner } from '../tasks/task-runner.js';

/** Probes only: a worker has no other routes but `/metrics`. */
@Controller()
export class HealthController {
  constructor(
    private readonly runner: TaskRunner,
    private readonly database: Database,
  ) {}

  /** Depends on nothing: a restart mends no database. */
  @Get('liveness')
  liveness(): Probe {
    return { status: 'ok' };
  }

  @Get(['readiness', 'health'])
  async readiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<Probe> {
    const message = await this.fault();
    if (message === null) return { status: 'ok' };
    void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'not_ready', message };
  }

  private async fault(): Promise<string | null> {
    if (!this.runner.isConsuming) return 'No messages are consumed';
    return this.database.pool.query('SELECT 1').then(
      () => null,
      () => 'The database does not answer',
    );
  }
}
