/** `POST /train`, what its job remembers, and what is kept of what a training found. */
import { z } from 'zod';
import { versionOrAlias } from './model.js';
import { modelName, modelVersionNumber } from './model-version.js';
import { columnRole, trainingConfig } from './training.js';
import { type Domain, request } from './wire.js';

const description = z.string().trim().min(1).max(2000).describe('What the model is for');

export const startTraining = request(
  trainingConfig.safeExtend({
    dataset_id: z.uuid().describe('A table that was uploaded and found valid'),
    name: modelName.optional().describe('Left out: a new model with a name of its own'),
    version: modelVersionNumber
      .optional()
      .describe('Left out: 1.0.0, or a minor step above the highest of the model'),
    description: description.optional(),
  }),
);
export type StartTraining = z.output<typeof startTraining>;

/** `params` of a job of training: nothing is left out any more. */
export const trainingParams = trainingConfig.safeExtend({
  name: modelName,
  version: modelVersionNumber,
  description,
});
export type TrainingParams = Domain<z.output<typeof trainingParams>>;

export const trainingAccepted = z.object({
  job_id: z.uuid(),
  status: z.literal('queued'),
  message: z.string(),
});
export type TrainingAccepted = Domain<z.output<typeof trainingAccepted>>;

export const modelPlotName = z.enum([
  'confusion',
  'roc',
  'precision_recall',
  'reliability',
  'importances',
]);
export type ModelPlotName = z.output<typeof modelPlotName>;

const share = z.number().min(0).max(1);

const curvePoint = z.object({
  threshold: z.number().nullable().describe('null: above all'),
  false_positive_rate: share,
  true_positive_rate: share,
  precision: share,
});

const reliabilityBin = z.object({
  from: share,
  to: share,
  rows: z.number().int(),
  predicted: share.nullable().describe('Mean of the probabilities; null: no rows'),
  observed: share.nullable().describe('Share that is of the class; null: no rows'),
});

/** What the training of a version found, on rows that nothing was learnt from or chosen by. */
export const trainingReport = z.object({
  rows: z.object({ learnt: z.number().int(), tested: z.number().int() }),
  metrics: z.record(z.string(), z.number()),
  fold_scores: z.array(z.number()).describe('Accuracy or R^2 of each fold; empty: none were made'),
  confusion: z
    .array(z.array(z.number().int()))
    .nullable()
    .describe('[true class][what was said], in the order of `classes`; null: a regression'),
  classes: z.array(
    z.object({
      label: z.string(),
      rows: z.number().int(),
      precision: share,
      recall: share,
      f1_score: share,
      auc: share.nullable().describe('null: all rows or none are of it'),
      curve: z.array(curvePoint).describe('ROC, and precision over recall; empty as `auc` is null'),
      reliability: z.array(reliabilityBin),
    }),
  ),
  importances: z
    .array(
      z.object({
        column: z.string(),
        permutation: z.number().describe('Fall of accuracy or R^2 where it is shuffled'),
        gain: z.number().nullable().describe('Share of what splitting gained; null: no trees'),
      }),
    )
    .describe('The most important first'),
  roles: z.array(
    z.object({
      name: z.string(),
      role: z.enum([...columnRole.options, 'target']),
      why: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
  plots: z.array(modelPlotName),
});
export type TrainingReport = Domain<z.output<typeof trainingReport>>;

export const modelPlotPath = request(
  z.object({
    name: modelName,
    version: versionOrAlias,
    plot: z
      .string()
      .regex(
        new RegExp(`^(${modelPlotName.options.join('|')})\\.(svg|png)$`),
        `One of ${modelPlotName.options.join(', ')}, as .svg or .png`,
      ),
  }),
);
export type ModelPlotPath = z.output<typeof modelPlotPath>;
