/** What a model is trained on, and how: the body of `POST /train` without its dataset. */
import { z } from 'zod';
import { modelName, modelVersionNumber } from './model-version.js';
import { type Domain } from './wire.js';

const columnName = z.string().min(1).max(200);

export const selectedModel = z.enum([
  'random_forest',
  'extra_trees',
  'gradient_boosting',
  'logistic_regression',
  'ridge',
  'k_nearest',
]);
export type SelectedModel = z.output<typeof selectedModel>;

export const columnRole = z
  .enum(['number', 'category', 'identifier', 'group', 'ignore'])
  .describe('identifier and ignore: no feature; group: no feature, but its rows stay together');
export type ColumnRole = z.output<typeof columnRole>;

const TREES = ['random_forest', 'extra_trees', 'gradient_boosting'];
const LINEAR = ['logistic_regression', 'ridge'];

/** Which models know a setting; one that the chosen model does not know is refused. */
const KNOWN_BY: Readonly<Record<string, readonly string[]>> = {
  n_estimators: TREES,
  max_depth: TREES,
  min_samples_leaf: TREES,
  max_features: TREES,
  learning_rate: ['gradient_boosting'],
  max_leaves: ['gradient_boosting'],
  l2: ['gradient_boosting', ...LINEAR],
  early_stopping: ['gradient_boosting'],
  neighbours: ['k_nearest'],
};

/** What is left out is chosen by the model: its defaults are in docs/training.md. */
export const modelConfig = z
  .strictObject({
    selected_model: selectedModel,
    n_estimators: z.number().int().min(1).max(5000).optional().describe('Trees, or rounds'),
    max_depth: z.number().int().min(1).max(60).optional().describe('Splits from root to leaf'),
    min_samples_leaf: z.number().int().min(1).max(100_000).optional(),
    max_features: z
      .union([z.enum(['sqrt', 'third', 'all']), z.number().gt(0).max(1)])
      .optional()
      .describe('Features looked at a split, by boosting a tree; a number is their share'),
    learning_rate: z.number().gt(0).max(1).optional(),
    max_leaves: z.number().int().min(2).max(1024).optional(),
    l2: z.number().min(0).max(1e6).optional().describe('Penalty of squared weights'),
    early_stopping: z.boolean().optional().describe('Stop when held-out rows get no better'),
    neighbours: z.number().int().min(1).max(1000).optional(),
  })
  .superRefine((config, context) => {
    for (const [setting, models] of Object.entries(KNOWN_BY)) {
      const isSet = config[setting as keyof typeof config] !== undefined;
      if (!isSet || models.includes(config.selected_model)) continue;
      const message = `${config.selected_model} has no such setting; ${models.join(', ')} have`;
      context.addIssue({ code: 'custom', path: [setting], message });
    }
  });
export type ModelConfig = Domain<z.output<typeof modelConfig>>;

const split = z.strictObject({
  method: z
    .enum(['random', 'stratified', 'group'])
    .optional()
    .describe('Left out: group where a column has that role, else stratified for classes'),
  test_share: z.number().min(0.05).max(0.5).default(0.2).describe('Seen by nothing that chooses'),
});

const search = z.strictObject({
  trials: z.number().int().min(2).max(200).default(20).describe('Settings drawn at random'),
  rungs: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(3)
    .describe('Halvings: each keeps the better third and gives it three times the trees'),
});

export const trainingConfig = z
  .strictObject({
    target_column: columnName,
    task_type: z.enum(['classification', 'regression']),
    model_config: modelConfig,
    roles: z.record(columnName, columnRole).default({}).describe('Instead of what is guessed'),
    encoding: z.enum(['one_hot', 'target', 'ordinal']).default('one_hot').describe('Of categories'),
    encodings: z
      .record(columnName, z.enum(['one_hot', 'target', 'ordinal']))
      .default({})
      .describe('Of single categories'),
    imbalance: z
      .enum(['none', 'class_weights', 'smote'])
      .default('none')
      .describe('class_weights: each class counts the same; smote: made-up rows of rare classes'),
    split: split.prefault({}),
    folds: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(0)
      .refine((folds) => folds !== 1, 'Must be 0, or from 2 to 10')
      .describe('Cross-validation besides the test; 0: none'),
    search: search.nullable().default(null).describe('Of settings that are left out'),
    calibrate: z.boolean().default(true).describe('Probabilities, on held-out rows'),
    seed: z.number().int().min(0).max(4294967295).default(1).describe('Seed of everything random'),
  })
  .superRefine((config, context) => {
    const isRegression = config.task_type === 'regression';
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const model = config.model_config.selected_model;
    if (model === (isRegression ? 'logistic_regression' : 'ridge')) {
      refuse(['model_config', 'selected_model'], `${model} is not for ${config.task_type}`);
    }
    if (model === 'k_nearest' && config.imbalance === 'class_weights') {
      refuse(['imbalance'], 'k_nearest has no weights; smote adds rows');
    }
    if (isRegression && config.imbalance !== 'none') {
      refuse(['imbalance'], 'A regression has no classes to balance');
    }
    if (Object.hasOwn(config.roles, config.target_column)) {
      refuse(['roles', config.target_column], 'The target has no other role');
    }
    if (isRegression && config.split.method === 'stratified') {
      refuse(['split', 'method'], 'A regression has no classes to stratify by');
    }
  });
export type TrainingConfig = Domain<z.output<typeof trainingConfig>>;

/** How a version of a model is made of a table: one or several input schemas, all trained alike. */
export const trainingRecipe = z.strictObject({
  name: modelName,
  version: modelVersionNumber,
  description: z.string().min(1).max(2000),
  dataset_version: z.string().min(1).max(200).describe('Such as koi_cumulative 2025-10-04'),
  labels: z
    .record(z.string(), z.string().min(1).max(200))
    .default({})
    .describe('Cells of the target column, as the model shall call them'),
  schemas: z
    .array(
      z.strictObject({
        name: modelName,
        columns: z
          .record(columnName, columnName)
          .describe('Columns of the table, and what requests call them; others are left out'),
        constants: z
          .record(columnName, z.string().max(200))
          .default({})
          .describe('Columns that the table does not have, with what each of its rows would hold'),
        roles: z.record(columnName, columnRole).default({}).describe('By what requests call them'),
      }),
    )
    .min(1)
    .max(10),
  training: trainingConfig,
});
export type TrainingRecipe = Domain<z.output<typeof trainingRecipe>>;
