/**
 * Gradient boosting: each round adds trees that take a Newton step down the loss.
 *
 * Friedman 2001, Ann. Stat. 29, 1189 (boosting; the logistic and the softmax loss, squared errors);
 * Ke et al. 2017, NeurIPS 30 (histograms).
 *
 * Pure: no I/O, no clock; randomness comes from the seed. N is rows, C classes.
 */
import { seededRandom } from '#transit';
import { type Examples, outputsOf, type Report } from '../examples.js';
import { scoreOf } from '../metrics/score.js';
import { binned } from './bins.js';
import { BoostingGrower } from './boosting-tree.js';
import { addTrees, Ensemble, softmaxRows } from './ensemble.js';
import { type FeatureShare, featuresLookedAt } from './feature-share.js';
import { TreeNodes } from './tree-nodes.js';

export interface BoostingOptions {
  /** Trees of a regression or of two classes; of more, one a class. @default 300 */
  readonly rounds?: number;
  /** @default 0.04 */
  readonly learningRate?: number;
  /** @default 15 */
  readonly maxLeaves?: number;
  /** @default unlimited */
  readonly maxDepth?: number;
  /** @default 10 */
  readonly minSamplesLeaf?: number;
  /** Penalty of squared leaf values. @default 1 */
  readonly l2?: number;
  /** Features that a tree may split by; a number is their share. @default 'all' */
  readonly maxFeatures?: FeatureShare;
  /** @default 1 */
  readonly seed?: number;
  /** Rows that are not learnt from: their score is reported, and they stop the rounds. */
  readonly watch?: Examples;
  /** Keep the rounds after which the loss of `watch` was least. @default true, where there is one */
  readonly stopsEarly?: boolean;
  readonly report?: Report;
}

/**
 * At least as good as scikit-learn's (100 rounds of 0.1, 31 leaves of 20) on the KOI table, in
 * accuracy and in AUC: docs/benchmarks.md.
 */
const DEFAULTS = {
  rounds: 300,
  learningRate: 0.04,
  maxLeaves: 15,
  minSamplesLeaf: 10,
  l2: 1,
  maxFeatures: 'all',
} as const;
/** Rounds without a lower loss after which no more are grown. */
const PATIENCE = 20;
/** Of a probability, so that no leaf is infinite. */
const LEAST_HESSIAN = 1e-16;

export function trainBoosting(examples: Examples, options: BoostingOptions): Ensemble {
  const rounds = options.rounds ?? DEFAULTS.rounds;
  const { watch, report } = options;
  const stopsEarly = watch !== undefined && options.stopsEarly !== false;
  const { rows, features, classes } = examples;
  const outputs = outputsOf(examples);
  // Of two classes only the second has trees; the first one's sum stays 0.
  const grown = classes === 2 ? [1] : Array.from({ length: outputs }, (_, k) => k);
  const base = baseOf(examples);
  const nodes = new TreeNodes(1);
  const limits = {
    maxLeaves: options.maxLeaves ?? DEFAULTS.maxLeaves,
    maxDepth: options.maxDepth ?? Infinity,
    minSamplesLeaf: options.minSamplesLeaf ?? DEFAULTS.minSamplesLeaf,
    l2: options.l2 ?? DEFAULTS.l2,
    learningRate: options.learningRate ?? DEFAULTS.learningRate,
    featuresPerTree: featuresLookedAt(features, options.maxFeatures ?? DEFAULTS.maxFeatures),
  };
  const grower = new BoostingGrower(
    binned(examples),
    limits,
    nodes,
    seededRandom(options.seed ?? 1),
  );
  const raw = repeated(base, rows);
  const said = new Float64Array(raw.length);
  const gradient = new Float64Array(rows);
  const hessian = new Float64Array(rows);
  const watched = watch && repeated(base, watch.rows);
  let [best, bestLoss] = [0, Infinity];
  let gains = grower.gains;
  for (let round = 1; round <= rounds; round++) {
    said.set(raw);
    if (classes > 0) softmaxRows(said, outputs);
    for (const k of grown) {
      derivatives(examples, said, k, gradient, hessian);
      grower.grow(gradient, hessian, raw, outputs, k, k);
    }
    let metrics = {};
    if (watch && watched) {
      const trees = { from: (round - 1) * grown.length, to: round * grown.length };
      addTrees(nodes, trees, watch.values, features, watched, outputs);
      const loss = lossOf(watch, watched);
      metrics = { ...scoreOf(watch, watched), loss };
      if (loss < bestLoss) {
        [best, bestLoss] = [round, loss];
        // What later rounds gain does not count, should they be thrown away.
        if (stopsEarly) gains = grower.gains.slice();
      }
    }
    report?.(round, rounds, metrics);
    if (stopsEarly && round - best >= PATIENCE) break;
  }
  if (stopsEarly) nodes.truncate(best * grown.length);
  const link = classes > 0 ? 'softmax' : 'none';
  return new Ensemble(nodes, features, base, link, gains);
}

/** The logarithm of each class's share, or the mean. */
function baseOf(examples: Examples): Float32Array {
  const { rows, targets, weights, classes } = examples;
  const sums = new Float64Array(outputsOf(examples));
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1;
    sums[classes > 0 ? targets[i] : 0] += classes > 0 ? weight : weight * targets[i];
    total += weight;
  }
  if (classes === 0) return Float32Array.of(sums[0] / total);
  if (classes === 2) return Float32Array.of(0, Math.log(sums[1] / sums[0]));
  return Float32Array.from(sums, (sum) => Math.log(sum / total));
}

function repeated(base: Float32Array, rows: number): Float64Array {
  const out = new Float64Array(base.length * rows);
  for (let i = 0; i < out.length; i++) out[i] = base[i % base.length];
  return out;
}

/** Of half the squared error, or of the logarithmic loss, by output k. */
function derivatives(
  { rows, targets, weights, classes }: Examples,
  said: Float64Array,
  k: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const outputs = Math.max(1, classes);
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    const value = said[i * outputs + k];
    if (classes === 0) {
      gradient[i] = weight * (value - targets[i]);
      hessian[i] = weight;
    } else {
      gradient[i] = weight * (value - (targets[i] === k ? 1 : 0));
      hessian[i] = weight * Math.max(value * (1 - value), LEAST_HESSIAN);
    }
  }
}

/** Mean logarithmic loss of sums before the softmax, or mean squared error. */
function lossOf({ rows, classes, targets }: Examples, raw: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    if (classes === 0) {
      loss += (raw[i] - targets[i]) ** 2;
      continue;
    }
    const start = i * classes;
    let most = -Infinity;
    for (let k = 0; k < classes; k++) most = Math.max(most, raw[start + k]);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(raw[start + k] - most);
    loss += Math.log(sum) + most - raw[start + targets[i]];
  }
  return loss / rows;
}
