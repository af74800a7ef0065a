/**
 * From a team's candidates and reviews to a policy, and to what it would be worth.
 *
 * The policy is learnt from all reviews. What it is worth is told by its twins: for each fifth of the
 * targets one that was learnt from the other four. So no candidate is judged by what was learnt from it
 * or from its star, and the numbers are those of a policy of four fifths of the reviews: rather too low
 * than too high. A learnt policy that is active has seen some of the reviews, which favours it.
 *
 * Pure: no I/O, no clock, no randomness but a constant seed's. The same candidates in the same order
 * give the same policy.
 */
import type { LearntPolicy, PolicyEvaluation, ReviewDecision } from '#contracts';
import type { Action } from '../types.js';
import { expectations, learn } from './bandit.js';
import { certainly, choose, LEAST_LOOK, type Situation } from './choose.js';
import { CONTEXT_NAMES, CONTEXT_VERSION } from './context.js';
import { hashOf } from './hash.js';
import { effectiveSampleSize, estimate, MOST_WEIGHT, type Outcome } from './off-policy.js';
import { learnLooks, lookProbability } from './reviewing.js';
import { ACTIONS, rewardRange, REWARDS, REWARDS_VERSION } from './rewards.js';

/** A candidate that was decided on, reviewed or not. */
export interface Case extends Situation {
  readonly target: string;
  /** What was done with it. */
  readonly taken: Action;
  /** The newest; null: nobody has looked. */
  readonly review: ReviewDecision | null;
}

export interface Learnt {
  readonly policy: Omit<LearntPolicy, 'name' | 'until'>;
  readonly evaluation: Omit<PolicyEvaluation, 'against'>;
}

const FOLDS = 5;

/** Fewer reviews leave a fold with none. */
export const LEAST_REVIEWS = 20;

type OfActions = Readonly<Record<Action, number>>;

/**
 * @param active the learnt policy that is active now; null: the thresholds are
 * @throws {RangeError} of fewer than `LEAST_REVIEWS` reviews
 */
export function learnPolicy(cases: readonly Case[], active: LearntPolicy | null): Learnt {
  const reviews = cases.filter(({ review }) => review !== null).length;
  if (reviews < LEAST_REVIEWS) {
    throw new RangeError(`cases must hold ${LEAST_REVIEWS} reviews, not ${reviews}`);
  }
  return {
    policy: {
      context: CONTEXT_VERSION,
      rewards: REWARDS_VERSION,
      reviews,
      ...trained(cases),
    },
    evaluation: evaluation(cases, active),
  };
}

function trained(cases: readonly Case[]): Pick<LearntPolicy, 'beliefs' | 'looks'> {
  const size = CONTEXT_NAMES.length;
  const lessons = cases.flatMap(({ context, review }) => (review ? [{ context, review }] : []));
  const looked = cases.map((each) => ({ ...each, isReviewed: each.review !== null }));
  return { beliefs: learn(lessons, size), looks: learnLooks(looked, size) };
}

/** A case with what each policy would do. */
interface Judged extends Case {
  /** Probabilities: of the learnt policy, the thresholds, and the active one where that is another. */
  readonly choices: readonly OfActions[];
  /** Probability that the team looks at it. */
  readonly look: number;
  /** What the model expects of each action. */
  readonly expected: OfActions;
}

function evaluation(cases: readonly Case[], active: LearntPolicy | null): Learnt['evaluation'] {
  const judged = judge(cases, active);
  const outcomes = judged.map(outcomeOf);
  const estimates = estimate(outcomes);
  const valueOf = (p: number): PolicyEvaluation['learnt'] => ({
    ...estimates[p],
    would: ACTIONS.map((action) => {
      const of = (decision: ReviewDecision) =>
        judged.reduce(
          (sum, { review, choices }) => sum + (review === decision ? choices[p][action] : 0),
          0,
        );
      return {
        action,
        planet: of('planet'),
        falsePositive: of('false_positive'),
        unsure: of('unsure'),
      };
    }),
  });
  const said = (decision: ReviewDecision) =>
    cases.filter(({ review }) => review === decision).length;
  return {
    candidates: cases.length,
    reviews: {
      planet: said('planet'),
      falsePositive: said('false_positive'),
      unsure: said('unsure'),
    },
    targets: new Set(cases.map(({ target }) => target)).size,
    effectiveSampleSize: effectiveSampleSize(outcomes),
    hardlyReviewed: judged.filter(({ look }) => look < LEAST_LOOK).length / judged.length,
    learnt: valueOf(0),
    thresholds: valueOf(1),
    active: active ? valueOf(2) : null,
    difference: estimates[estimates.length - 1].doublyRobust,
  };
}

/** Each case by what was learnt from other targets. */
function judge(cases: readonly Case[], active: LearntPolicy | null): Judged[] {
  const foldOf = ({ target }: Case) => hashOf(target) % FOLDS;
  const twins = Array.from({ length: FOLDS }, (_, fold) =>
    trained(cases.filter((each) => foldOf(each) !== fold)),
  );
  return cases.map((each) => {
    const twin = twins[foldOf(each)];
    const choices = [
      choose(twin, each).probabilities,
      certainly(each.thresholds),
      ...(active ? [choose(active, each).probabilities] : []),
    ];
    const expected = { accept: 0, reject: 0, human_review: 0 };
    for (const { action, mean } of expectations(twin.beliefs, each.context)) {
      const { low, high } = rewardRange(action);
      expected[action] = Math.min(high, Math.max(low, mean));
    }
    return {
      ...each,
      choices,
      look: lookProbability(twin.looks, each.context, each.taken),
      expected,
    };
  });
}

/** Of each policy, and last of the learnt one less the one that is active. */
function outcomeOf({ target, review, look, choices, expected }: Judged): Outcome {
  const meanOf = (rewardOf: (action: Action) => number) => {
    const means = choices.map((choice) =>
      ACTIONS.reduce((sum, action) => sum + choice[action] * rewardOf(action), 0),
    );
    return [...means, means[0] - means[means.length - 1]];
  };
  return {
    target,
    weight: review === null ? 0 : Math.min(MOST_WEIGHT, 1 / look),
    expected: meanOf((action) => expected[action]),
    reward: review === null ? [] : meanOf((action) => REWARDS[action][review]),
  };
}
