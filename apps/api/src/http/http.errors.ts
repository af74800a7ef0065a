import { HttpStatus } from '@nestjs/common';
import { ProblemError } from './problem-error.js';

export interface RequestFault {
  /** JSON pointer into the body, or `#/name` of a query or path parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export class InvalidRequestError extends ProblemError {
  constructor(errors: readonly RequestFault[]) {
    super({
      slug: 'invalid-request',
      title: 'Request is not valid',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail: errors.map((error) => `${error.pointer} ${error.detail}`).join('; '),
      extensions: { errors },
    });
  }
}

export class UnauthenticatedError extends ProblemError {
  constructor(detail = 'Send "Authorization: Bearer <access token>" or "X-API-Key".') {
    super({
      slug: 'unauthenticated',
      title: 'Who are you?',
      status: HttpStatus.UNAUTHORIZED,
      detail,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
}

export class ForbiddenError extends ProblemError {
  constructor(role: string, needed: readonly string[]) {
    super({
      slug: 'forbidden',
      title: 'Your role may not do this',
      status: HttpStatus.FORBIDDEN,
      detail: `This needs the role ${needed.join(' or ')}; yours is ${role}.`,
    });
  }
}

export class NotFoundError extends ProblemError {
  constructor(what: string, id: string) {
    super({
      slug: 'not-found',
      title: 'Not found',
      status: HttpStatus.NOT_FOUND,
      detail: `There is no ${what} ${id} in your team.`,
    });
  }
}

export class TooManyRequestsError extends ProblemError {
  constructor(retryAfterSeconds: number) {
    super({
      slug: 'too-many-requests',
      title: 'Too many requests',
      status: HttpStatus.TOO_MANY_REQUESTS,
      detail: `The limit is reached; try again in ${retryAfterSeconds} seconds.`,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

export class StorageAwayError extends ProblemError {
  constructor() {
    super({
      slug: 'storage-unavailable',
      title: 'Object store is away',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail: 'The object store does not answer at the moment; try again in a few seconds.',
      headers: { 'Retry-After': '5' },
    });
  }
}

export class DatabaseUnavailableError extends ProblemError {
  constructor() {
    super({
      slug: 'database-unavailable',
      title: 'Database is away',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail: 'The database does not answer at the moment; try again in a few seconds.',
      headers: { 'Retry-After': '5' },
    });
  }
}

/**
 * Codes of a database that cannot be reached: of the socket, of PostgreSQL (class 08, connection
 * exception, and 57P01 to 57P03, shutting down or starting up) and of Prisma (P1001, P1008, P1017,
 * P2024).
 */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08\w{3}|57P0[123]|P1001|P1008|P1017|P2024)$/;
const AWAY_SENTENCE = /Connection terminated|timeout exceeded when trying to connect/;

/** Whether an error of the database says that it is away, and not that we asked nonsense. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ProblemError) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && AWAY.test(code)) return true;
  return AWAY_SENTENCE.test(error.message) || isDatabaseAway(error.cause);
}
