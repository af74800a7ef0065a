import { HttpStatus } from '@nestjs/common';
import {
  BatchQueueFullError,
  InvalidVersionError,
  ModelNotFoundError,
  NoModelFitsError,
} from '#inference';
import { ProblemError } from '../http/problem-error.js';
import { ModelUnavailableError, NoSuchModelError } from '../models/models.errors.js';

export class NoModelTakesItError extends ProblemError {
  constructor({ models, message }: NoModelFitsError) {
    super({
      slug: 'no-model-fits',
      title: 'No model takes such an input',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail: message,
      extensions: { models },
    });
  }
}

export class PredictionsBusyError extends ProblemError {
  constructor({ queuedRows, retryAfterSeconds }: BatchQueueFullError) {
    super({
      slug: 'predictions-busy',
      title: 'Too many predictions wait',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail: `${queuedRows} rows wait for this model; try again in ${retryAfterSeconds} s, or send "Prefer: respond-async".`,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

export class PredictionTimeoutError extends ProblemError {
  constructor(seconds: number) {
    super({
      slug: 'prediction-timeout',
      title: 'Prediction took too long',
      status: HttpStatus.GATEWAY_TIMEOUT,
      detail: `No answer within ${seconds} s; send "Prefer: respond-async" where there is no hurry.`,
    });
  }
}

export class BatchTooLargeError extends ProblemError {
  constructor(inputs: number, most: number) {
    super({
      slug: 'batch-too-large',
      title: 'Batch is too large',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail: `${inputs} inputs; at most ${most} may be sent together.`,
      extensions: { most },
    });
  }
}

/** What a request was refused for, as its caller hears it; null: nobody foresaw it. */
export function asProblem(
  error: unknown,
  signal: AbortSignal,
  seconds: number,
): ProblemError | null {
  if (signal.aborted && error === signal.reason) return new PredictionTimeoutError(seconds);
  if (error instanceof BatchQueueFullError) return new PredictionsBusyError(error);
  if (error instanceof NoModelFitsError) return new NoModelTakesItError(error);
  if (error instanceof ModelNotFoundError) return new NoSuchModelError(error.reference);
  if (error instanceof InvalidVersionError) return new ModelUnavailableError(error);
  return null;
}
