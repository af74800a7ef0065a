import { HttpStatus } from '@nestjs/common';
import type { PolicyEvaluation } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class TooFewReviewsError extends ProblemError {
  constructor(reviews: number, needed: number) {
    super({
      slug: 'too-few-reviews',
      title: 'There is too little to learn from',
      status: HttpStatus.CONFLICT,
      detail: `${reviews} candidates of the team are reviewed; a policy is learnt from ${needed} or more.`,
      extensions: { reviews, needed },
    });
  }
}

export class PolicyNotBetterError extends ProblemError {
  constructor(
    name: string,
    obstacles: readonly string[],
    { difference, reviews, against }: PolicyEvaluation,
  ) {
    super({
      slug: 'policy-not-better',
      title: 'Policy may not decide yet',
      status: HttpStatus.CONFLICT,
      detail: `${name} is not switched on: ${obstacles.join(' ')}`,
      extensions: {
        reasons: obstacles,
        against,
        difference,
        reviews: {
          planet: reviews.planet,
          false_positive: reviews.falsePositive,
          unsure: reviews.unsure,
        },
      },
    });
  }
}

/** Somebody else switched at the same moment. */
export class PolicySwitchedMeanwhileError extends ProblemError {
  constructor(active: string) {
    super({
      slug: 'policy-switched-meanwhile',
      title: 'The policy was switched meanwhile',
      status: HttpStatus.CONFLICT,
      detail: `Somebody else switched to another policy at the same time; before that ${active} decided.`,
    });
  }
}

export class PolicyNeverActiveError extends ProblemError {
  constructor(name: string) {
    super({
      slug: 'policy-never-active',
      title: 'Policy was never switched on',
      status: HttpStatus.CONFLICT,
      detail: `${name} has never decided in this team: switch it on first, or search with "thresholds".`,
    });
  }
}
