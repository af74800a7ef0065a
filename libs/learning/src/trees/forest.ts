/**
 * Random forests (Breiman 2001) and extremely randomised trees (Geurts et al. 2006): the mean of many
 * trees, each from rows or thresholds of its own.
 *
 * Pure: no I/O, no clock; randomness comes from the seed.
 */
import { type Random, seededRandom } from '#transit';
import { type Examples, outputsOf, type Report, transposed } from '../examples.js';
import { scoreOf } from '../metrics/score.js';
import { binned } from './bins.js';
import { addTrees, Ensemble } from './ensemble.js';
import { type FeatureShare, featuresLookedAt } from './feature-share.js';
import { ForestGrower, type ForestRows } from './forest-tree.js';
import { HistogramSplitter } from './histogram-splitter.js';
import { RandomSplitter } from './random-splitter.js';
import { TreeNodes } from './tree-nodes.js';

export interface ForestOptions {
  readonly kind: 'random_forest' | 'extra_trees';
  /** @default 300 */
  readonly trees?: number;
  /** @default unlimited */
  readonly maxDepth?: number;
  /** @default 1 */
  readonly minSamplesLeaf?: number;
  /** A number is a share of the features. @default 'sqrt' for classes, 'third' for a regression */
  readonly maxFeatures?: FeatureShare;
  readonly seed: number;
  /** Rows that are not learnt from, whose score is reported. */
  readonly watch?: Examples;
  readonly report?: Report;
}

/**
 * Defaults that were measured on the KOI table (docs/benchmarks.md): more trees than scikit-learn's
 * 100 cost time in proportion and make the probabilities finer.
 */
const DEFAULT_TREES = 300;

/** O(trees * N log N * features looked at). */
export function trainForest(examples: Examples, options: ForestOptions): Ensemble {
  const { kind, seed, watch, report } = options;
  const trees = options.trees ?? DEFAULT_TREES;
  const minSamplesLeaf = options.minSamplesLeaf ?? 1;
  const random = seededRandom(seed);
  const rows = forestRows(examples);
  const nodes = new TreeNodes(rows.sums);
  const splitter =
    kind === 'random_forest'
      ? new HistogramSplitter(binned(examples), rows.sums, minSamplesLeaf)
      : new RandomSplitter(rows, minSamplesLeaf);
  const limits = {
    maxDepth: options.maxDepth ?? Infinity,
    minSamplesLeaf,
    featuresPerSplit: featuresLookedAt(
      examples.features,
      options.maxFeatures ?? (examples.classes > 0 ? 'sqrt' : 'third'),
    ),
  };
  const grower = new ForestGrower(rows, splitter, limits, nodes);
  const weights = new Float64Array(examples.rows);
  const seen = watch && new Float64Array(watch.rows * outputsOf(examples));
  for (let t = 0; t < trees; t++) {
    if (kind === 'random_forest') drawRows(weights, examples.weights, random);
    else weights.set(examples.weights ?? weights.fill(1));
    grower.grow(weights, 1 / trees, random);
    if (watch && seen) {
      const grown = { from: t, to: t + 1 };
      addTrees(nodes, grown, watch.values, watch.features, seen, outputsOf(examples));
    }
    const part = trees / (t + 1);
    report?.(t + 1, trees, watch && seen ? scoreOf(watch, seen, part) : {});
  }
  const base = new Float32Array(outputsOf(examples));
  return new Ensemble(nodes, examples.features, base, 'none', grower.gains);
}

function forestRows(examples: Examples): ForestRows {
  const { rows, features, targets, classes } = examples;
  return {
    rows,
    features,
    columns: transposed(examples),
    slots: classes > 0 ? Uint16Array.from(targets) : new Uint16Array(rows),
    targets: classes > 0 ? null : targets,
    sums: outputsOf(examples),
  };
}

/** As many rows as there are, with replacement: a row counts as often as it was drawn. */
function drawRows(out: Float64Array, weights: Float64Array | undefined, random: Random): void {
  out.fill(0);
  for (let i = 0; i < out.length; i++) out[random.integer(out.length)]++;
  if (weights) for (let i = 0; i < out.length; i++) out[i] *= weights[i];
}
