/**
 * What an action is worth once the team has said what the candidate is. A review tells the reward of
 * every action, also of those that were not taken.
 *
 * The unit is one right decision that nobody had to look at; a decision left open is worth 0.
 */
import type { ReviewDecision } from '#contracts';
import type { Action } from '../types.js';

/** Changes with any of the numbers below. */
export const REWARDS_VERSION = 'rewards-1';

export const ACTIONS = ['accept', 'reject', 'human_review'] as const satisfies readonly Action[];

const RIGHT = 1;
/** A wrong accept goes into catalogues and costs others nights at a telescope. */
const WRONG_ACCEPT = -4;
/** A wrong reject loses a planet, but stays in the results, where it can be found again. */
const WRONG_REJECT = -2;
/** A human's look costs minutes: a fifth of what its right decision is worth. */
const LOOK = -0.2;
const OPEN = 0;
/** Of what nobody can tell, half are planets. */
const even = (ifPlanet: number, ifNot: number) => (ifPlanet + ifNot) / 2;

/**
 * With them, accepting beats asking where a planet is more probable than 96 %, rejecting where it is
 * less probable than 7 %.
 */
export const REWARDS: Readonly<Record<Action, Readonly<Record<ReviewDecision, number>>>> = {
  accept: {
    planet: RIGHT,
    false_positive: WRONG_ACCEPT,
    unsure: even(RIGHT, WRONG_ACCEPT),
  },
  reject: {
    planet: WRONG_REJECT,
    false_positive: RIGHT,
    unsure: even(WRONG_REJECT, RIGHT),
  },
  human_review: { planet: RIGHT + LOOK, false_positive: RIGHT + LOOK, unsure: OPEN + LOOK },
};

export interface RewardRange {
  readonly low: number;
  readonly high: number;
}

export function rewardRange(action: Action): RewardRange {
  const rewards = Object.values(REWARDS[action]);
  return { low: Math.min(...rewards), high: Math.max(...rewards) };
}

/** Before any review: even odds of a planet. A policy that knows nothing asks. */
export const priorReward = (action: Action): number =>
  even(REWARDS[action].planet, REWARDS[action].false_positive);
