import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class InvalidMessageError extends ProblemError {
  constructor(detail: string) {
    super({
      slug: 'invalid-message',
      title: 'Message is not valid',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail,
    });
  }
}

export class TooManySubscriptionsError extends ProblemError {
  constructor(limit: number) {
    super({
      slug: 'too-many-subscriptions',
      title: 'Too many subscriptions',
      status: HttpStatus.TOO_MANY_REQUESTS,
      detail: `A connection may watch ${limit} jobs at once; unsubscribe from one first.`,
    });
  }
}
