import { HttpStatus } from '@nestjs/common';
import type { InvalidVersionError } from '#inference';
import { NotFoundError } from '../http/http.errors.js';
import { ProblemError } from '../http/problem-error.js';

export class NoSuchModelError extends NotFoundError {
  constructor(reference: string) {
    super('model', reference);
  }
}

/** A version's files are damaged, or no graph that can be run. */
export class ModelUnavailableError extends ProblemError {
  constructor(error: InvalidVersionError) {
    super({
      slug: 'model-unavailable',
      title: 'Model cannot be used',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail: error.message,
      extensions: { model: error.reference, faults: error.faults },
      headers: { 'Retry-After': '30' },
      cause: error,
    });
  }
}

export class PromotionRefusedProblem extends ProblemError {
  constructor(reference: string, alias: string, reasons: readonly string[]) {
    super({
      slug: 'promotion-refused',
      title: 'Version may not take the alias',
      status: HttpStatus.CONFLICT,
      detail: `${reference} does not become ${alias}: ${reasons.join(' ')}`,
      extensions: { reasons },
    });
  }
}

export class NothingBeforeError extends ProblemError {
  constructor(modelName: string, alias: string) {
    super({
      slug: 'nothing-to-roll-back',
      title: 'There is nothing to go back to',
      status: HttpStatus.CONFLICT,
      detail: `${modelName} had no other ${alias} before.`,
    });
  }
}

export class PlatformModelError extends ProblemError {
  constructor(name: string) {
    super({
      slug: 'platform-model',
      title: 'The model belongs to the platform',
      status: HttpStatus.FORBIDDEN,
      detail: `${name} comes with the platform, for all teams: its versions and aliases come with a release, or by whoever runs it.`,
    });
  }
}
