/** Fits the model that was selected, by the settings that it has. */
import type { ModelConfig } from '#contracts';
import type { Examples, FittedModel, Report } from './examples.js';
import { trainLogistic } from './linear/logistic-regression.js';
import { trainRidge } from './linear/ridge.js';
import { trainNearest } from './neighbours/k-nearest.js';
import { trainBoosting } from './trees/boosting.js';
import { trainForest } from './trees/forest.js';
import { applied, scaledTargets, standardisedInputs, targetScale } from './wrapped.js';
import { WithInputs, WithTargetScale } from './wrapped.js';

export interface FitContext {
  readonly seed: number;
  /** Rows that are not learnt from: their score is reported, and they may stop the rounds. */
  readonly watch?: Examples;
  readonly report?: Report;
}

const TREES: readonly string[] = ['random_forest', 'extra_trees', 'gradient_boosting'];

/** Whether a model knows of missing values, and does not mind scales. */
export const isTreeModel = ({ selectedModel }: ModelConfig) => TREES.includes(selectedModel);

export function fitModel(
  config: ModelConfig,
  examples: Examples,
  { seed, watch, report }: FitContext,
): FittedModel {
  if (examples.classes > 0) return fitInputs(config, examples, { seed, watch, report });
  const scale = targetScale(examples);
  const own = watch && scaledTargets(watch, scale);
  const model = fitInputs(config, scaledTargets(examples, scale), { seed, watch: own, report });
  return new WithTargetScale(model, scale);
}

/** Codes of categories are numbers of their own scale, NaN where the word is unknown. */
function fitInputs(config: ModelConfig, examples: Examples, context: FitContext): FittedModel {
  if (isTreeModel(config)) return fitTrees(config, examples, context);
  const inputs = standardisedInputs(examples);
  const ready = (own: Examples) => ({ ...own, values: applied(inputs, own.values) });
  const watch = context.watch && ready(context.watch);
  return new WithInputs(fitScaled(config, ready(examples), { ...context, watch }), inputs);
}

function fitTrees(config: ModelConfig, examples: Examples, context: FitContext): FittedModel {
  const { selectedModel, nEstimators, maxDepth, minSamplesLeaf, maxFeatures } = config;
  if (selectedModel === 'gradient_boosting') {
    return trainBoosting(examples, {
      ...context,
      rounds: nEstimators,
      maxDepth,
      minSamplesLeaf,
      maxFeatures,
      learningRate: config.learningRate,
      maxLeaves: config.maxLeaves,
      l2: config.l2,
      stopsEarly: config.earlyStopping,
    });
  }
  const kind = selectedModel === 'extra_trees' ? 'extra_trees' : 'random_forest';
  const options = { kind, trees: nEstimators, maxDepth, minSamplesLeaf, maxFeatures } as const;
  return trainForest(examples, { ...context, ...options });
}

function fitScaled(config: ModelConfig, examples: Examples, context: FitContext): FittedModel {
  if (config.selectedModel === 'k_nearest') {
    return trainNearest(examples, { ...context, neighbours: config.neighbours });
  }
  const options = { ...context, l2: config.l2 };
  return examples.classes > 0 ? trainLogistic(examples, options) : trainRidge(examples, options);
}
