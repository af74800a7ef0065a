import { z } from 'zod';
import { type Domain, request } from './wire.js';

const modelReference = z
  .string()
  .min(1)
  .max(140)
  .default('auto')
  .describe(
    '`auto`: the default model of those that take the input; else name, name@version or name@alias',
  );

type Cell = number | string | null;

const MOST_CHARACTERS = 1000;
const MOST_IN_NAME = 200;

/** By one function of ours instead of a schema for each name and each cell: a batch has thousands. */
const inputs = z
  .custom<Record<string, Cell>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    { message: 'Expected an object: columns by their names', abort: true },
  )
  .check(({ value, issues }) => {
    for (const name of Object.keys(value)) {
      const message = faultOf(name, value[name]);
      if (message) issues.push({ code: 'custom', path: [name], message, input: value[name] });
    }
  })
  .meta({
    type: 'object',
    propertyNames: { type: 'string', minLength: 1, maxLength: MOST_IN_NAME },
    additionalProperties: {
      anyOf: [{ type: 'number' }, { type: 'string', maxLength: MOST_CHARACTERS }, { type: 'null' }],
    },
  })
  .describe('Columns by the names of the input schema, such as period, radius, source');

function faultOf(name: string, cell: unknown): string | null {
  if (name.length < 1 || name.length > MOST_IN_NAME) {
    return `The name of a column has 1 to ${MOST_IN_NAME} characters`;
  }
  if (Number.isFinite(cell) || cell === null) return null;
  if (typeof cell === 'string' && cell.length <= MOST_CHARACTERS) return null;
  return `Expected a number, a text of at most ${MOST_CHARACTERS} characters or null`;
}

const features = z
  .array(z.number())
  .min(1)
  .max(100_000)
  .describe('A vector, such as folded views, or the numbers that the graph takes');

const options = {
  return_probabilities: z.boolean().default(false),
  subject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('What the input is of, such as a target: in a test of two versions it keeps its own'),
};

export const predict = request(
  z
    .strictObject({
      model: modelReference,
      inputs: inputs.optional(),
      features: features.optional(),
      ...options,
      return_all_models: z
        .boolean()
        .default(false)
        .describe('Ask every model that takes the input'),
    })
    .refine((body) => (body.inputs === undefined) !== (body.features === undefined), {
      message: 'Give either inputs or features',
      path: ['inputs'],
    }),
);
export type Predict = z.output<typeof predict>;

export const predictBatch = request(
  z
    .strictObject({
      model: modelReference,
      samples: z.array(features).min(1).max(100_000).optional().describe('Vectors'),
      predictions: z.array(inputs).min(1).max(100_000).optional().describe('Columns'),
      return_probabilities: options.return_probabilities,
    })
    .refine((body) => (body.samples === undefined) !== (body.predictions === undefined), {
      message: 'Give either samples or predictions',
      path: ['predictions'],
    }),
);
export type PredictBatch = z.output<typeof predictBatch>;

const classification = z.object({
  class_name: z.string(),
  confidence: z.number().min(0).max(1).describe('Probability of this class'),
  probabilities: z.record(z.string(), z.number()).optional(),
});
const regression = z.object({ value: z.number() });

export const drift = z.object({
  warnings: z.array(
    z.object({
      column: z.string(),
      value: z.union([z.number(), z.string(), z.null()]),
      message: z.string(),
    }),
  ),
});

export const prediction = z.object({
  prediction: z.union([classification, regression]),
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  input_schema: z.string(),
  variant: z
    .enum(['champion', 'challenger', 'named'])
    .describe('Which side of a test of two versions answered; named: the request chose'),
  instead_of: z
    .string()
    .optional()
    .describe('The version that was meant; it cannot be loaded, and an earlier one answers'),
  drift: drift
    .optional()
    .describe('What of the input the model has hardly seen in training; left out where nothing'),
});
export type PredictionAnswer = Domain<z.output<typeof prediction>>;

export const ensemblePrediction = z.object({
  ensemble_prediction: classification,
  agreement_score: z.number().min(0).max(1).describe('Share of the models that say the same'),
  individual_predictions: z.record(
    z.string(),
    classification.extend({ version: z.string(), sha256: z.string() }),
  ),
});
export type EnsembleAnswer = Domain<z.output<typeof ensemblePrediction>>;

/** With `Prefer: respond-async` (RFC 7240). */
export const predictionAccepted = z.object({
  task_id: z.uuid().describe('`GET /api/v1/tasks/{task_id}` has the answer in `result`'),
  job_id: z.uuid(),
  status: z.literal('queued'),
});
export type PredictionAccepted = Domain<z.output<typeof predictionAccepted>>;

export const predictAnswer = z.union([prediction, ensemblePrediction, predictionAccepted]);

export const predictions = z.object({ predictions: z.array(prediction) });
export type PredictionsAnswer = Domain<z.output<typeof predictions>>;

export const predictBatchAnswer = z.union([predictions, predictionAccepted]);

/** RFC 7240: one preference of those in the header, in any case. */
export const wantsAsync = (prefer: string | undefined): boolean =>
  (prefer ?? '').split(',').some((each) => /^\s*respond-async\s*$/i.test(each));
