/**
 * Looks for better settings: drawn at random (Bergstra & Bengio 2012, JMLR 13, 281), most of them
 * judged with few trees, the better third of each rung with three times as many (successive halving:
 * Jamieson & Talwalkar 2016, AISTATS).
 *
 * Pure: no I/O, no clock; randomness comes from the seed.
 */
import type { ModelConfig } from '#contracts';
import { type Random, seededRandom } from '#transit';
import type { Examples } from './examples.js';
import { fitModel, isTreeModel } from './fit.js';
import { logLoss } from './metrics/classification.js';
import { rSquared } from './metrics/score.js';

export interface Trial {
  readonly config: ModelConfig;
  /** Log loss of held-out rows, or 1 - R^2: the lower the better. */
  readonly loss: number;
}

const KEPT = 1 / 3;
const GROWTH = 3;
const LEAST_TREES = 10;
const FULL_TREES = 300;

type Draw = (random: Random) => unknown;
const oneOf =
  (...values: readonly unknown[]): Draw =>
  (random) =>
    values[random.integer(values.length)];
const logUniform =
  (least: number, most: number): Draw =>
  (random) =>
    Number((least * (most / least) ** random.uniform()).toPrecision(3));

const FOREST: Readonly<Record<string, Draw>> = {
  maxFeatures: oneOf('sqrt', 'third', 0.5, 0.7),
  minSamplesLeaf: oneOf(1, 2, 3, 5, 10),
  maxDepth: oneOf(undefined, undefined, 8, 12, 20),
};

const SPACES: Readonly<Record<ModelConfig['selectedModel'], Readonly<Record<string, Draw>>>> = {
  random_forest: FOREST,
  extra_trees: FOREST,
  gradient_boosting: {
    learningRate: logUniform(0.03, 0.3),
    maxLeaves: oneOf(7, 15, 31, 63),
    minSamplesLeaf: oneOf(5, 10, 20, 50),
    l2: oneOf(0, 0.1, 1, 10),
  },
  logistic_regression: { l2: logUniform(1e-3, 1e3) },
  ridge: { l2: logUniform(1e-3, 1e4) },
  k_nearest: { neighbours: oneOf(1, 3, 5, 9, 15, 25, 40, 60) },
};

/**
 * @param base its settings that are there stay; it is the first trial
 * @param onTrial after each fit
 * @returns all trials of the last rung, best first
 */
export function searchSettings(
  base: ModelConfig,
  train: Examples,
  held: Examples,
  wish: { readonly trials: number; readonly rungs: number; readonly seed: number },
  onTrial: (done: number, total: number, trial: Trial) => void = () => undefined,
): Trial[] {
  const random = seededRandom(wish.seed);
  let configs = [base, ...Array.from({ length: wish.trials - 1 }, () => drawn(base, random))];
  const rungs = isTreeModel(base) ? wish.rungs : 1;
  const sizes = [configs.length];
  for (let rung = 1; rung < rungs; rung++) sizes.push(Math.max(1, Math.ceil(sizes.at(-1)! * KEPT)));
  const total = sizes.reduce((a, b) => a + b, 0);
  let done = 0;
  let trials: Trial[] = [];
  for (let rung = 0; rung < rungs; rung++) {
    trials = configs.map((config) => {
      const loss = lossOf(withTrees(config, GROWTH ** (rungs - 1 - rung)), train, held, wish.seed);
      onTrial(++done, total, { config, loss });
      return { config, loss };
    });
    trials.sort((a, b) => a.loss - b.loss);
    configs = trials.slice(0, sizes[rung + 1] ?? trials.length).map(({ config }) => config);
  }
  return trials;
}

function drawn(base: ModelConfig, random: Random): ModelConfig {
  const draws = Object.entries(SPACES[base.selectedModel]).map(([name, draw]) => [
    name,
    draw(random),
  ]);
  const isSet = Object.entries(base).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(draws), ...Object.fromEntries(isSet) } as ModelConfig;
}

function withTrees(config: ModelConfig, divisor: number): ModelConfig {
  if (!isTreeModel(config)) return config;
  const full = config.nEstimators ?? FULL_TREES;
  return {
    ...config,
    nEstimators: Math.max(Math.min(full, LEAST_TREES), Math.ceil(full / divisor)),
  };
}

function lossOf(config: ModelConfig, train: Examples, held: Examples, seed: number): number {
  const said = fitModel(config, train, { seed, watch: held }).predict(held.values);
  if (held.classes > 0) return logLoss(held.targets, said, held.classes);
  return 1 - rSquared(held.targets, said);
}
