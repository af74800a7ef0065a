import type { Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { register } from 'prom-client';
import { readSettings } from '#platform/config';
import { Logger } from '#platform/telemetry';
import { CallerLogInterceptor } from './caller-log.interceptor.js';
import { ProblemFilter } from './problem.filter.js';
import { logRequests } from './request-log.js';
import { ReturnsInterceptor } from './returns.interceptor.js';
import { setSecurityHeaders } from './security-headers.js';
import { refuseUnreadable } from './unreadable-requests.js';
import { validationPipe } from './validation.pipe.js';

/** Enough to announce 10,000 files with long names. */
const BODY_LIMIT_BYTES = 8 * 1024 ** 2;

/** The api with all that every route gets; `main.ts` and the tests start it the same way. */
export async function createApp(module: Type): Promise<NestFastifyApplication> {
  const settings = readSettings(process.env);
  const adapter = new FastifyAdapter({
    trustProxy: settings.TRUSTED_PROXIES,
    bodyLimit: BODY_LIMIT_BYTES,
    clientErrorHandler: refuseUnreadable,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger.forNest());
  readEmptyBodies(app, adapter);
  await setSecurityHeaders(app, settings);
  logRequests(adapter.getInstance() as never, logger, register);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalInterceptors(new CallerLogInterceptor(), new ReturnsInterceptor(app.get(Reflector)));
  if (settings.CORS_ORIGINS.length > 0) {
    app.enableCors({
      origin: settings.CORS_ORIGINS.includes('*') ? '*' : [...settings.CORS_ORIGINS],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      maxAge: 600,
      exposedHeaders: [
        'x-request-id',
        'retry-after',
        'idempotent-replayed',
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
      ],
    });
  }
  return app;
}

/** Many clients say `application/json` of a POST without a body; nothing is no broken JSON. */
function readEmptyBodies(app: NestFastifyApplication, adapter: FastifyAdapter): void {
  const server = adapter.getInstance();
  const parse = server.getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT_BYTES }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request as never, body.toString('utf8'), done);
  });
}
