/**
 * Which candidates a team looks at: the probability of a review, by a logistic regression on the context
 * and on the action that was taken. What is learnt from reviews alone would speak of the candidates that
 * were reviewed; with it they can speak of all.
 *
 * Pure: no I/O, no clock, no randomness. C is numbers of a context, D = C + 2.
 */
import type { Action } from '../types.js';
import { cholesky, solve, triangle } from './cholesky.js';

/** A candidate, reviewed or not. */
export interface Looked {
  /** (C,) */
  readonly context: readonly number[];
  /** What was done with it. */
  readonly taken: Action;
  readonly isReviewed: boolean;
}

/**
 * A Gaussian prior of width 3. One of width 1 draws all candidates together: reviews of what is seldom
 * looked at then count for too few (the inverse propensity estimates were off by 6 standard errors).
 */
const PENALTY = 1 / 9;
const MOST_STEPS = 25;
const SMALLEST_STEP = 1e-9;

/** (D,) weights: of the context, of being accepted, of being rejected. O(N D²) a step. */
export function learnLooks(all: readonly Looked[], contextSize: number): number[] {
  const size = contextSize + 2;
  let weights = new Float64Array(size);
  for (let step = 0; step < MOST_STEPS; step++) {
    const curvature = new Float64Array(triangle(size));
    const gradient = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      curvature[triangle(i) + i] = PENALTY;
      gradient[i] = -PENALTY * weights[i];
    }
    for (const { context, taken, isReviewed } of all) {
      const x = inputOf(context, taken);
      const p = logistic(dot(weights, x));
      const slope = p * (1 - p);
      for (let i = 0; i < size; i++) {
        gradient[i] += ((isReviewed ? 1 : 0) - p) * x[i];
        for (let j = 0; j <= i; j++) curvature[triangle(i) + j] += slope * x[i] * x[j];
      }
    }
    const change = solve(cholesky(curvature, size), gradient);
    weights = weights.map((weight, i) => weight + change[i]);
    if (change.every((each) => Math.abs(each) < SMALLEST_STEP)) break;
  }
  return [...weights];
}

export const lookProbability = (
  weights: ArrayLike<number>,
  context: readonly number[],
  taken: Action,
): number => logistic(dot(weights, inputOf(context, taken)));

const inputOf = (context: readonly number[], taken: Action): number[] => [
  ...context,
  taken === 'accept' ? 1 : 0,
  taken === 'reject' ? 1 : 0,
];

const logistic = (odds: number) => 1 / (1 + Math.exp(-odds));

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
