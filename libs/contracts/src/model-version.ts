/**
 * What a version of a model consists of, as its files say: `metadata.json`, which names and
 * checksums all others, and for each input schema an ONNX file, its preprocessing and its golden
 * inputs. Nothing in them is code. docs/models.md shows the layout; `models/*.schema.json` are these
 * schemas for other programs.
 */
import { z } from 'zod';
import { sha256 } from './upload.js';

export const modelName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'Lower-case words and digits, joined by hyphens')
  .describe('Such as koi-forest');

/** Semantic Versioning 2.0.0 without build metadata: what is immutable has one name. */
export const modelVersionNumber = z
  .string()
  .max(64)
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/,
    'A semantic version, such as 1.0.0',
  );

export const modelAlias = z.enum(['latest', 'champion', 'challenger']);
export type ModelAlias = z.output<typeof modelAlias>;

const fileName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'A plain file name in lower case');

/** A file of a version. It is read only where its size and checksum are these. */
export const modelFile = z.strictObject({
  file: fileName,
  sha256,
  size_bytes: z.number().int().positive(),
});
export type ModelFile = z.output<typeof modelFile>;

/** Shares of the training rows below which the quantiles of a distribution lie. */
export const QUANTILE_SHARES = [
  0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1,
] as const;

const columnName = z.string().min(1).max(200);

const quantiles = z
  .array(z.number())
  .length(QUANTILE_SHARES.length)
  .describe(`Values below which ${QUANTILE_SHARES.join(', ')} of the training rows lie`);

const anyColumn = {
  name: columnName.describe('What a request calls it'),
  description: z.string().max(500).optional(),
  unit: z.string().max(40).optional(),
  missing_share: z.number().min(0).max(1).describe('Of the training rows'),
};

/** A number: checked, imputed where it is missing, transformed, scaled. */
export const numberColumn = z.strictObject({
  ...anyColumn,
  kind: z.literal('number'),
  least: z.number().optional().describe('Smaller values are refused'),
  most: z.number().optional().describe('Larger values are refused'),
  when_missing: z
    .union([z.literal('refuse'), z.literal('nan'), z.strictObject({ impute: z.number() })])
    .describe(
      '`nan`: the model itself knows of missing values. `impute`: in the unit of the input',
    ),
  has_missing_flag: z
    .boolean()
    .default(false)
    .describe('Whether a second feature follows: 1 where the value was missing, else 0'),
  transform: z
    .enum(['none', 'log10', 'signed_log1p'])
    .default('none')
    .describe('signed_log1p: sign(x) ln(1 + |x|)'),
  scale: z
    .strictObject({ center: z.number(), width: z.number().positive() })
    .default({ center: 0, width: 1 })
    .describe('(transformed - center) / width'),
  distribution: quantiles,
});
export type NumberColumn = z.output<typeof numberColumn>;

/** A word out of a list, as one feature or as one feature a word. */
export const categoryColumn = z.strictObject({
  ...anyColumn,
  kind: z.literal('category'),
  categories: z
    .array(z.strictObject({ value: z.string().max(200), share: z.number().min(0).max(1) }))
    .min(1)
    .max(1000)
    .describe('With their shares of the training rows'),
  encoding: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('one_hot') }),
    z.strictObject({ method: z.literal('ordinal') }).describe('Place in the list, from 0'),
    z.strictObject({
      method: z.literal('target'),
      codes: z.array(z.array(z.number())).describe('By category; one number a class or target'),
    }),
  ]),
  when_missing: z.enum(['refuse', 'unknown']),
  when_unknown: z
    .enum(['refuse', 'unknown'])
    .describe('unknown: no word of the list; all zeros, or NaN where it is one number'),
});
export type CategoryColumn = z.output<typeof categoryColumn>;

export const columnsPreprocessing = z.strictObject({
  kind: z.literal('columns'),
  columns: z
    .array(z.discriminatedUnion('kind', [numberColumn, categoryColumn]))
    .min(1)
    .max(2000)
    .describe('In the order of the features that they give'),
});
export type ColumnsPreprocessing = z.output<typeof columnsPreprocessing>;

/** Numbers that mean something only together, such as a folded light curve. */
export const vectorPreprocessing = z.strictObject({
  kind: z.literal('vector'),
  parts: z
    .array(
      z.strictObject({
        name: columnName,
        length: z.number().int().positive().max(100_000),
        description: z.string().max(500).optional(),
        mean: quantiles.describe("Of the part's mean"),
        deviation: quantiles.describe("Of the part's standard deviation"),
      }),
    )
    .min(1)
    .max(20)
    .describe('One after the other'),
});
export type VectorPreprocessing = z.output<typeof vectorPreprocessing>;

/** From what a request says to the numbers that the ONNX graph takes. */
export const preprocessing = z.discriminatedUnion('kind', [
  columnsPreprocessing,
  vectorPreprocessing,
]);
export type Preprocessing = z.output<typeof preprocessing>;

/** From what the graph gives to probabilities that mean what they say; chosen on held-out rows. */
export const calibration = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z
    .strictObject({ method: z.literal('temperature'), temperature: z.number().positive() })
    .describe('softmax(ln p / temperature): Guo et al. 2017'),
  z
    .strictObject({
      method: z.literal('isotonic'),
      classes: z.array(
        z.strictObject({
          from: z.array(z.number()).min(2).describe('Ascending'),
          to: z.array(z.number()).min(2).describe('Not descending'),
        }),
      ),
    })
    .describe('By class, linear between the knots, then divided by the sum: Zadrozny & Elkan 2002'),
]);
export type Calibration = z.output<typeof calibration>;

/** Inputs with the outputs that the version must give again, wherever it is loaded. */
export const goldenInputs = z.strictObject({
  tolerance: z.number().positive().max(0.01),
  samples: z
    .array(
      z.strictObject({
        input: z.union([
          z.record(columnName, z.union([z.number(), z.string(), z.null()])),
          z.array(z.number()),
        ]),
        output: z.array(z.number()).min(1).describe('Probabilities by class, or the one value'),
      }),
    )
    .min(1)
    .max(1000),
});
export type GoldenInputs = z.output<typeof goldenInputs>;

/** What a version was found to be worth, and on which rows. */
export const evaluation = z.strictObject({
  set: z.strictObject({
    name: z.string().max(200),
    sha256: sha256.describe('Of the rows: versions are compared only on the same ones'),
    rows: z.number().int().positive(),
  }),
  decisive: z
    .enum(['macro_auc', 'accuracy', 'f1_score', 'r2'])
    .describe('The metric that decides which of two versions is better'),
  metrics: z.record(z.string().max(60), z.number()).describe('With the decisive one'),
});
export type Evaluation = z.output<typeof evaluation>;

/** One way to ask the model: columns or a vector, and the graph that takes them. */
export const inputSchema = z.strictObject({
  name: modelName.describe('Such as full'),
  features: z.number().int().positive().describe('Numbers that the graph takes a row'),
  dtype: z.literal('float32'),
  model: modelFile.describe('ONNX'),
  preprocessing: modelFile,
  golden: modelFile,
  tensors: z.strictObject({
    input: z.string().min(1).max(200).describe('(rows, features), float32'),
    output: z.string().min(1).max(200).describe('(rows, classes) probabilities, or (rows, 1)'),
    embedding: z.string().min(1).max(200).optional().describe('(rows, any), float32'),
  }),
  calibration: calibration.default({ method: 'none' }),
  evaluation,
});
export type InputSchema = z.output<typeof inputSchema>;

export const modelMetadata = z.strictObject({
  name: modelName,
  version: modelVersionNumber,
  description: z.string().min(1).max(2000),
  licence: z.string().max(100).default('MIT'),
  framework: z.string().max(100).describe('What trained it, such as lightfold or pytorch'),
  framework_version: z.string().max(100),
  training: z.strictObject({
    dataset_version: z.string().max(200).describe('Such as koi_cumulative 2025-10-04'),
    training_samples: z.number().int().positive(),
    epochs: z.number().int().positive().optional(),
    seed: z.number().int().nonnegative(),
    command: z.string().max(1000).describe('Which makes it again'),
    parameters: z.record(z.string().max(100), z.unknown()).default({}),
    finished_at: z.iso.datetime(),
  }),
  performance: z
    .record(z.string().max(60), z.number())
    .describe('accuracy, precision, recall, f1_score, ... of its first input schema'),
  input_schemas: z.array(inputSchema).min(1).max(10),
  output_schema: z.discriminatedUnion('task', [
    z.strictObject({
      task: z.literal('classification'),
      classes: z.number().int().min(2).max(1000),
      labels: z.array(z.string().min(1).max(200)).min(2),
    }),
    z.strictObject({
      task: z.literal('regression'),
      target: columnName,
      unit: z.string().max(40).optional(),
    }),
  ]),
});
export type ModelMetadata = z.output<typeof modelMetadata>;

/** What a reader has to know of a version, as Markdown; not every version has one. */
export const CARD_FILE = 'card.md';

/** All files that a version has beside its metadata. */
export const filesOfVersion = ({ input_schemas: schemas }: ModelMetadata): ModelFile[] =>
  schemas.flatMap(({ model, preprocessing: spec, golden }) => [model, spec, golden]);

/** The same, each once: two input schemas may share a file. */
export const distinctFiles = (metadata: ModelMetadata): ModelFile[] => [
  ...new Map(filesOfVersion(metadata).map((each) => [each.file, each])).values(),
];

/** Of all of its files beside the metadata. */
export const bytesOfVersion = (metadata: ModelMetadata): number =>
  distinctFiles(metadata).reduce((sum, file) => sum + file.size_bytes, 0);
