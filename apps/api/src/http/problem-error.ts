import { HttpException, HttpStatus } from '@nestjs/common';

export interface ProblemFacts {
  /** Public and permanent; docs/problems/<slug>.md explains it. */
  readonly slug: string;
  readonly title: string;
  readonly status: HttpStatus;
  readonly detail: string;
  /** Further members of the problem document, snake_case. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A failure that a caller can act on; answered as RFC 9457 problem+json. */
export abstract class ProblemError extends HttpException {
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  protected constructor(facts: ProblemFacts) {
    super(facts.detail, facts.status, { cause: facts.cause });
    this.slug = facts.slug;
    this.title = facts.title;
    this.detail = facts.detail;
    this.extensions = facts.extensions ?? {};
    this.headers = facts.headers ?? {};
  }
}
