/**
 * What a learnt policy would do, as probabilities, within its limits:
 *
 * - nothing is accepted that no policy may accept;
 * - where the team hardly ever looks, nothing was learnt: there the thresholds decide.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { LearntPolicy } from '#contracts';
import type { Action, LoggedDecision } from '../types.js';
import { actionProbabilities, type Expectation, expectations } from './bandit.js';
import { lookProbability } from './reviewing.js';

/**
 * Candidates whose like is reviewed less often teach nothing: one of 20 makes a review count for as many
 * as 20 candidates, and what rests on one word is not known.
 */
export const LEAST_LOOK = 0.05;

/** What a decision is made on. */
export type Situation = Pick<LoggedDecision, 'context' | 'mayAccept' | 'thresholds'>;

export interface Choice {
  readonly probabilities: Readonly<Record<Action, number>>;
  /** Of the actions allowed; null where the thresholds decide. */
  readonly expected: readonly Expectation[] | null;
}

export function choose(
  { beliefs, looks }: Pick<LearntPolicy, 'beliefs' | 'looks'>,
  { context, mayAccept, thresholds }: Situation,
): Choice {
  if (lookProbability(looks, context, thresholds) < LEAST_LOOK) {
    return { probabilities: certainly(thresholds), expected: null };
  }
  const expected = expectations(beliefs, context).filter(
    ({ action }) => mayAccept || action !== 'accept',
  );
  return { probabilities: actionProbabilities(expected), expected };
}

export const certainly = (action: Action): Record<Action, number> => ({
  accept: action === 'accept' ? 1 : 0,
  reject: action === 'reject' ? 1 : 0,
  human_review: action === 'human_review' ? 1 : 0,
});
