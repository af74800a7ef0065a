/** The one number that is shown while a model is trained. */
import type { Examples } from '../examples.js';

/**
 * @param outputs (N * outputs,) probabilities or values, up to `factor`
 * @returns accuracy of classes, or R^2; both unweighted
 */
export function scoreOf(
  examples: Examples,
  outputs: Float64Array,
  factor = 1,
): Readonly<Record<string, number>> {
  const { rows, classes, targets } = examples;
  if (classes === 0) return { r2: rSquared(targets, outputs, factor) };
  let right = 0;
  for (let i = 0; i < rows; i++) {
    if (mostProbable(outputs, i * classes, classes) === targets[i]) right++;
  }
  return { accuracy: right / rows };
}

/** The first of the largest. */
export function mostProbable(values: ArrayLike<number>, start: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** NaN where the truth does not vary. */
export function rSquared(truth: Float64Array, values: Float64Array, factor = 1): number {
  const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    residual += (truth[i] - factor * values[i]) ** 2;
    total += (truth[i] - mean) ** 2;
  }
  return total > 0 ? 1 - residual / total : NaN;
}
