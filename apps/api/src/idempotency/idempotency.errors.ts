import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class IdempotencyKeyReusedError extends ProblemError {
  constructor() {
    super({
      slug: 'idempotency-key-reused',
      title: 'Idempotency-Key was used for another request',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail: 'This key came with another route or body before; make a new one for each request.',
    });
  }
}

export class IdempotencyKeyInUseError extends ProblemError {
  constructor() {
    super({
      slug: 'idempotency-key-in-use',
      title: 'First request is under way',
      status: HttpStatus.CONFLICT,
      detail: 'The first request with this key has not been answered yet; try again in a second.',
      headers: { 'Retry-After': '1' },
    });
  }
}
