/**
 * Thompson sampling for contextual bandits with linear payoffs: Agrawal & Goyal 2013, ICML (PMLR 28,
 * 127); the setting is that of Li, Chu, Langford & Schapire 2010, WWW, 661.
 *
 * The reward of an action is linear in the context, r = θ'x + noise, with a Gaussian prior of θ. Each
 * action has a posterior of its own,
 *
 *   B = I + Σ x x',   μ = B^-1 (m + Σ r x),   θ ~ N(μ, v² B^-1),
 *
 * m the prior mean. As in the paper, v is what the noise is sub-Gaussian with: half the range of the
 * reward (Hoeffding's lemma). An action is chosen as often as its draw is the best of all, and that
 * probability is computed: what is drawn and what is logged is the same number.
 *
 * Pure: no I/O, no clock, no randomness. C is numbers of a context.
 */
import type { LearntPolicy, ReviewDecision } from '#contracts';
import type { Action } from '../types.js';
import { cholesky, solve, solveLower, triangle } from './cholesky.js';
import { bothBelow, normalBelow } from './normal.js';
import { ACTIONS, priorReward, rewardRange, REWARDS } from './rewards.js';

export type Belief = LearntPolicy['beliefs'][number];

/** A context whose review is known. */
export interface Lesson {
  /** (C,) */
  readonly context: readonly number[];
  readonly review: ReviewDecision;
}

/** Reward of an action as it is expected, and one standard deviation of that. */
export interface Expectation {
  readonly action: Action;
  readonly mean: number;
  readonly deviation: number;
}

/** Posteriors in the order of `ACTIONS`. O(N C²) for N lessons. */
export function learn(lessons: readonly Lesson[], size: number): Belief[] {
  const precision = new Float64Array(triangle(size));
  for (let i = 0; i < size; i++) precision[triangle(i) + i] = 1;
  for (const { context } of lessons) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) precision[triangle(i) + j] += context[i] * context[j];
    }
  }
  // A review gives the reward of every action, so that all have seen the same contexts.
  const factor = cholesky(precision, size);
  return ACTIONS.map((action) => {
    const weighted = new Float64Array(size);
    weighted[0] = priorReward(action); // the constant comes first
    for (const { context, review } of lessons) {
      for (let i = 0; i < size; i++) weighted[i] += REWARDS[action][review] * context[i];
    }
    const { low, high } = rewardRange(action);
    return {
      action,
      mean: [...solve(factor, weighted)],
      factor: [...factor],
      scale: (high - low) / 2,
    };
  });
}

export function expectations(
  beliefs: readonly Belief[],
  context: readonly number[],
): Expectation[] {
  return beliefs.map(({ action, mean, factor, scale }) => {
    const spread = solveLower(factor, context);
    const variance = spread.reduce((sum, value) => sum + value * value, 0);
    return {
      action,
      mean: mean.reduce((sum, weight, i) => sum + weight * context[i], 0),
      deviation: scale * Math.sqrt(variance),
    };
  });
}

/**
 * How probable it is of each action that its draw is the best; 0 where it is not among them.
 *
 * @param of two or three actions, their draws independent
 */
export function actionProbabilities(of: readonly Expectation[]): Record<Action, number> {
  const probabilities = { accept: 0, reject: 0, human_review: 0 };
  for (const [i, each] of of.entries()) {
    probabilities[each.action] = isBest(
      each,
      of.filter((_, k) => k !== i),
    );
  }
  const total = ACTIONS.reduce((sum, action) => sum + probabilities[action], 0);
  for (const action of ACTIONS) probabilities[action] /= total; // rounding of the integrals
  return probabilities;
}

function isBest(one: Expectation, others: readonly Expectation[]): number {
  const [first, second] = others.map(({ mean, deviation }) => {
    const apart = Math.hypot(one.deviation, deviation);
    return { margin: (one.mean - mean) / apart, apart };
  });
  if (!second) return normalBelow(first.margin);
  const rho = one.deviation ** 2 / (first.apart * second.apart);
  return bothBelow(first.margin, second.margin, rho);
}
