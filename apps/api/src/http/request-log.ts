import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { metrics } from '#contracts';
import { addToLogContext, type Logger, withLogContext } from '#platform/telemetry';

const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** Gives each request an id, an access-log line and its place in the metrics. */
export function logRequests(server: FastifyInstance, logger: Logger, registry: Registry): void {
  const labelNames = ['method', 'route', 'status'];
  const total = new Counter({ ...metrics.httpRequestsTotal, labelNames, registers: [registry] });
  const duration = new Histogram({
    ...metrics.httpRequestDurationSeconds,
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });

  server.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    void reply.header('x-request-id', requestId);
    withLogContext({ requestId }, done);
  });

  server.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the path: labels come from a small closed set.
    const route = request.routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    total.inc({ method: request.method, route, status: reply.statusCode });
    duration.observe({ method: request.method, route }, seconds);
    addToLogContext({ requestId: String(reply.getHeader('x-request-id')) });
    const quiet = route === '/metrics' || route === '/liveness' || route === '/readiness';
    const fields = { method: request.method, route, status: reply.statusCode, seconds };
    if (quiet) logger.debug(fields, 'Request answered');
    else logger.info(fields, 'Request answered');
    done();
  });
}
