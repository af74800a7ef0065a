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
