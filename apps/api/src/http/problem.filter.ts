import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '#platform/telemetry';
import type { Problem } from '#contracts';
import { StorageUnavailableError } from '#platform/storage';
import { DatabaseUnavailableError, isDatabaseAway, StorageAwayError } from './http.errors.js';
import { ProblemError } from './problem-error.js';

/** The one place that makes responses out of errors, and that logs an unexpected one. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = ofNeighbour(thrown);
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.problemOf(error);
    if (problem.status >= 500) {
      this.logger.error({ error: thrown, path: pathOf(request) }, 'Request failed');
    }
    if (reply.sent) return; // A stream that broke off cannot be answered any more.
    if (error instanceof ProblemError) void reply.headers(error.headers);
    void reply
      .status(problem.status)
      .type('application/problem+json')
      .send({ ...problem, instance: pathOf(request) });
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof ProblemError) {
      return {
        type: `/problems/${error.slug}`,
        title: error.title,
        status: error.getStatus(),
        detail: error.detail,
        ...error.extensions,
      };
    }
    const status = statusOf(error);
    if (status !== undefined && status < 500) {
      return plainProblem(status, error instanceof Error ? error.message : 'Refused');
    }
    return {
      type: '/problems/internal-error',
      title: 'Something broke on our side',
      status: 500,
      detail: 'The failure was logged. Try again; if it stays, report the X-Request-Id.',
    };
  }
}

/** Without the query: it may hold a token. */
const pathOf = (request: FastifyRequest) => request.url.split('?')[0];

/** A neighbour that is away is not a fault of the request, and may be back soon. */
function ofNeighbour(error: unknown): unknown {
  if (error instanceof StorageUnavailableError) return new StorageAwayError();
  if (isDatabaseAway(error)) return new DatabaseUnavailableError();
  return error;
}

/** Status of what Nest or Fastify threw itself: an unknown route, a body that is no JSON, ... */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

const PLAIN: Readonly<Record<number, readonly [slug: string, title: string]>> = {
  400: ['bad-request', 'Request could not be read'],
  401: ['unauthenticated', 'Who are you?'],
  403: ['forbidden', 'Not allowed'],
  404: ['not-found', 'Not found'],
  405: ['method-not-allowed', 'Method not allowed'],
  413: ['body-too-large', 'Request body is too large'],
  415: ['unsupported-media-type', 'Send application/json'],
  429: ['too-many-requests', 'Too many requests'],
};

function plainProblem(status: number, detail: string): Problem {
  const [slug, title] = PLAIN[status] ?? ['bad-request', 'Request was refused'];
  return { type: `/problems/${slug}`, title, status, detail };
}
