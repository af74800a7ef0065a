/**
 * Multinomial logistic regression with an L2 penalty: sum of weighted log losses + l2 / 2 |w|^2, the
 * intercepts free (Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, 4.4).
 *
 * Our own: what the registry offers fits one class against the rest by plain gradient descent,
 * without penalty, weights or a criterion to stop.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, F features, C classes.
 */
import type { Examples, Report } from '../examples.js';
import { scoreOf } from '../metrics/score.js';
import { minimise, type Objective } from './lbfgs.js';
import { LinearModel } from './linear-model.js';

export interface LogisticOptions {
  /** @default 1, which is C = 1 of scikit-learn */
  readonly l2?: number;
  /** @default 200 */
  readonly maxIterations?: number;
  readonly watch?: Examples;
  readonly report?: Report;
}

/** Largest derivative of the mean loss at which the minimum counts as reached. */
const TOLERANCE = 1e-6;

/** Features should have about the same scale, which the penalty and the steps are for. */
export function trainLogistic(examples: Examples, options: LogisticOptions = {}): LinearModel {
  const { watch, report } = options;
  const maxIterations = options.maxIterations ?? 200;
  const { features, classes } = examples;
  const objective = logisticLoss(examples, options.l2 ?? 1);
  const start = new Float64Array((features + 1) * classes);
  const modelOf = (parameters: Float64Array) => toModel(parameters, features, classes);
  const minimum = minimise(objective, start, maxIterations, TOLERANCE, (iteration, loss, now) => {
    const metrics = watch ? scoreOf(watch, modelOf(now).predict(watch.values)) : {};
    report?.(iteration, maxIterations, { ...metrics, loss });
  });
  return modelOf(minimum.parameters);
}

function toModel(parameters: Float64Array, features: number, classes: number): LinearModel {
  const weights = Float32Array.from(parameters.subarray(0, features * classes));
  return new LinearModel(
    weights,
    Float32Array.from(parameters.subarray(weights.length)),
    'softmax',
  );
}

/** Mean over the weight of the rows; parameters are (F * C,) weights, then (C,) intercepts. */
export function logisticLoss(examples: Examples, l2: number): Objective {
  const { rows, features, classes, values, targets, weights } = examples;
  const total = weights ? weights.reduce((a, b) => a + b, 0) : rows;
  const logits = new Float64Array(classes);
  const intercepts = features * classes;
  return (parameters, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const row = i * features;
      const weight = weights ? weights[i] : 1;
      for (let k = 0; k < classes; k++) logits[k] = parameters[intercepts + k];
      for (let f = 0; f < features; f++) {
        const value = values[row + f];
        if (value === 0) continue; // most of a one-hot row
        const at = f * classes;
        for (let k = 0; k < classes; k++) logits[k] += value * parameters[at + k];
      }
      let most = -Infinity;
      for (let k = 0; k < classes; k++) if (logits[k] > most) most = logits[k];
      const own = logits[targets[i]];
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += logits[k] = Math.exp(logits[k] - most);
      loss += weight * (Math.log(sum) + most - own);
      for (let k = 0; k < classes; k++) {
        logits[k] = weight * (logits[k] / sum - (targets[i] === k ? 1 : 0));
        gradient[intercepts + k] += logits[k];
      }
      for (let f = 0; f < features; f++) {
        const value = values[row + f];
        if (value === 0) continue;
        const at = f * classes;
        for (let k = 0; k < classes; k++) gradient[at + k] += value * logits[k];
      }
    }
    for (let d = 0; d < intercepts; d++) {
      loss += (l2 / 2) * parameters[d] * parameters[d];
      gradient[d] += l2 * parameters[d];
    }
    for (let d = 0; d < gradient.length; d++) gradient[d] /= total;
    return loss / total;
  };
}
