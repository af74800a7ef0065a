/** Parts of versions of models, valid as they are; a test names only what it is about. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Calibration,
  type CategoryColumn,
  type Evaluation,
  type ModelAlias,
  type ModelMetadata,
  type NumberColumn,
  type Preprocessing,
  QUANTILE_SHARES,
} from '#contracts';
import {
  featureCount,
  featuresOf,
  type ModelRecord,
  sha256Of,
  VersionFiles,
  versionsInOrder,
} from '#inference';
import { softmaxGraph } from './onnx.js';

/** Of a column whose training rows lie evenly between the two. */
export const evenly = (least: number, most: number): number[] =>
  QUANTILE_SHARES.map((share) => least + share * (most - least));

export function aNumber(name: string, fields: Partial<NumberColumn> = {}): NumberColumn {
  return {
    kind: 'number',
    name,
    missing_share: 0,
    when_missing: 'refuse',
    has_missing_flag: false,
    transform: 'none',
    scale: { center: 0, width: 1 },
    distribution: evenly(0, 1000),
    ...fields,
  };
}

export function aCategory(
  name: string,
  values: readonly string[],
  fields: Partial<CategoryColumn> = {},
): CategoryColumn {
  return {
    kind: 'category',
    name,
    missing_share: 0,
    categories: values.map((value) => ({ value, share: 1 / values.length })),
    encoding: { method: 'one_hot' },
    when_missing: 'refuse',
    when_unknown: 'refuse',
    ...fields,
  };
}

export function anEvaluation(fields: Partial<Evaluation> = {}): Evaluation {
  return {
    set: { name: 'held-out rows', sha256: 'e'.repeat(64), rows: 100 },
    decisive: 'macro_auc',
    metrics: { macro_auc: 0.9, accuracy: 0.8 },
    ...fields,
  };
}

const LABELS = ['CONFIRMED', 'CANDIDATE', 'FALSE_POSITIVE'] as const;

export interface VersionOptions {
  readonly name?: string;
  readonly version?: string;
  readonly labels?: readonly string[];
  readonly columns?: readonly (NumberColumn | CategoryColumn)[];
  /** (features, classes); different weights make another graph. */
  readonly weights?: readonly (readonly number[])[];
  readonly bias?: readonly number[];
  readonly embedding?: readonly (readonly number[])[];
  readonly evaluation?: Partial<Evaluation>;
  readonly calibration?: Calibration;
  /** Other bytes for some of the files, after their checksums were written down. */
  readonly damaged?: Readonly<Record<string, Uint8Array>>;
  /** Other bytes for the graph, with their checksums. */
  readonly graph?: Uint8Array;
}

export interface TestVersion {
  readonly metadata: ModelMetadata;
  /** By name, with metadata.json. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A version of a softmax model of two columns, with all of its files. */
export function aVersion(options: VersionOptions = {}): TestVersion {
  const { labels = LABELS, columns = [aNumber('period'), aNumber('radius')] } = options;
  const spec: Preprocessing = { kind: 'columns', columns: [...columns] };
  const features = featureCount(spec);
  const weights =
    options.weights ??
    Array.from({ length: features }, (_, f) => labels.map((_, c) => 0.01 * (f + 1) * (c - 1)));
  const bias = options.bias ?? labels.map(() => 0);
  const graph = options.graph ?? softmaxGraph({ weights, bias, embedding: options.embedding });
  const inputs = columns.map(
    ({ name, kind }) => [name, kind === 'number' ? 10 : 'KEPLER'] as const,
  );
  const input = Object.fromEntries(inputs);
  const output = softmax(
    bias.map((b, c) =>
      [...featuresOf(spec, input)].reduce((sum, x, f) => sum + x * weights[f][c], b),
    ),
  );
  const parts = {
    model: ['inputs.onnx', graph],
    preprocessing: ['inputs.preprocessing.json', json(spec)],
    golden: ['inputs.golden.json', json({ tolerance: 1e-5, samples: [{ input, output }] })],
  } as const;
  const metadata: ModelMetadata = {
    name: options.name ?? 'koi-softmax',
    version: options.version ?? '1.0.0',
    description: 'A softmax for tests',
    licence: 'MIT',
    framework: 'none',
    framework_version: '1',
    training: {
      dataset_version: 'none',
      training_samples: 1,
      seed: 1,
      command: 'none',
      parameters: {},
      finished_at: '2026-11-27T12:00:00Z',
    },
    performance: { accuracy: 0.8 },
    input_schemas: [
      {
        name: 'inputs',
        features,
        dtype: 'float32',
        model: fileOf(...parts.model),
        preprocessing: fileOf(...parts.preprocessing),
        golden: fileOf(...parts.golden),
        tensors: {
          input: 'features',
          output: 'probabilities',
          ...(options.embedding ? { embedding: 'embedding' } : {}),
        },
        calibration: options.calibration ?? { method: 'none' },
        evaluation: anEvaluation(options.evaluation),
      },
    ],
    output_schema: { task: 'classification', classes: labels.length, labels: [...labels] },
  };
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  files.set('metadata.json', json(metadata));
  for (const [file, bytes] of Object.values(parts)) {
    files.set(file, new Uint8Array(options.damaged?.[file] ?? bytes));
  }
  return { metadata, files };
}

/** As a registry would hand it out. */
export const opened = ({ metadata, files }: TestVersion): VersionFiles =>
  new VersionFiles(metadata, async (file) => files.get(file) ?? null);

/** As a registry lists it; its name is that of its first version. */
export function aModel(
  versions: readonly VersionOptions[],
  moves: readonly (readonly [ModelAlias, string])[] = [['latest', '1.0.0']],
): ModelRecord {
  const files = versions.map((each) => opened(aVersion(each)));
  return {
    name: files[0].metadata.name,
    owner: 'platform',
    versions: versionsInOrder(files),
    moves: moves.map(([alias, version]) => ({ alias, version, at: '', by: '', note: '' })),
  };
}

export async function written({ files }: TestVersion, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [file, bytes] of files) await writeFile(join(folder, file), bytes);
  return folder;
}

export const softmax = (logits: readonly number[]): number[] => {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
};

const json = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));

const fileOf = (file: string, bytes: Uint8Array) => ({
  file,
  sha256: sha256Of(bytes),
  size_bytes: bytes.length,
});
