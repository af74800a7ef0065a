/**
 * Ridge regression: least squares with an L2 penalty, the intercept free (Hoerl & Kennard 1970,
 * Technometrics 12, 55), by Cholesky of the normal equations of centred features.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, F features.
 */
import type { Examples, Report } from '../examples.js';
import { scoreOf } from '../metrics/score.js';
import { LinearModel } from './linear-model.js';

export interface RidgeOptions {
  /** Penalty of squared weights. @default 1 */
  readonly l2?: number;
  readonly watch?: Examples;
  readonly report?: Report;
}

/** Added to the diagonal, relative to it, so that equal columns have a solution without penalty. */
const JITTER = 1e-10;

/** O(N * F^2 + F^3). */
export function trainRidge(examples: Examples, options: RidgeOptions = {}): LinearModel {
  const { rows, features, values, targets, weights } = examples;
  const { means, target: targetMean } = weightedMeans(examples);
  const normal = new Float64Array(features * features);
  const right = new Float64Array(features);
  const centred = new Float64Array(features);
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    for (let f = 0; f < features; f++) centred[f] = values[i * features + f] - means[f];
    const target = targets[i] - targetMean;
    for (let f = 0; f < features; f++) {
      const scaled = weight * centred[f];
      right[f] += scaled * target;
      for (let g = 0; g <= f; g++) normal[f * features + g] += scaled * centred[g];
    }
  }
  for (let f = 0; f < features; f++) {
    const at = f * features + f;
    normal[at] += (options.l2 ?? 1) + JITTER * normal[at] + Number.MIN_VALUE;
  }
  const solution = choleskySolve(normal, right, features);
  let intercept = targetMean;
  for (let f = 0; f < features; f++) intercept -= solution[f] * means[f];
  const model = new LinearModel(Float32Array.from(solution), Float32Array.of(intercept), 'none');
  const { watch } = options;
  options.report?.(1, 1, watch ? scoreOf(watch, model.predict(watch.values)) : {});
  return model;
}

function weightedMeans({ rows, features, values, targets, weights }: Examples) {
  const means = new Float64Array(features);
  let target = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    total += weight;
    target += weight * targets[i];
    for (let f = 0; f < features; f++) means[f] += weight * values[i * features + f];
  }
  return { means: means.map((sum) => sum / total), target: target / total };
}

/** Of a positive definite matrix whose lower triangle is given; it is overwritten. */
function choleskySolve(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      // A column of zeros has nothing to say: its weight becomes 0.
      if (i === j) a[i * n + i] = sum > 0 ? Math.sqrt(sum) : Infinity;
      else a[i * n + j] = sum / a[j * n + j];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
    x[i] /= a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k];
    x[i] /= a[i * n + i];
  }
  return x;
}
