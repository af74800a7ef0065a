/** The files of a version, out of what was trained for each of its input schemas. */
import {
  CARD_FILE,
  type Evaluation,
  type InputSchema,
  type ModelFile,
  type ModelMetadata,
  modelMetadata,
} from '#contracts';
import { METADATA_FILE, sha256Of } from '#inference';
import { modelCard } from './model-card.js';
import type { TrainedSchema, VersionFacts } from './version-facts.js';

export interface TrainedVersion {
  readonly metadata: ModelMetadata;
  /** By name, `metadata.json` and `card.md` among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * @param schemas at least one, with the same labels; the first is the one whose performance is shown
 * @throws {RangeError} where their labels differ
 */
export function versionFiles(
  facts: VersionFacts,
  schemas: readonly TrainedSchema[],
): TrainedVersion {
  const [{ trained: first }] = schemas;
  for (const { name, trained } of schemas) {
    if (trained.labels.join('\n') === first.labels.join('\n')) continue;
    throw new RangeError(`schemas must have the same labels; those of ${name} differ`);
  }
  const files = new Map<string, Uint8Array>();
  const add = (file: string, bytes: Uint8Array): ModelFile => {
    files.set(file, bytes);
    return { file, sha256: sha256Of(bytes), size_bytes: bytes.length };
  };
  const inputSchemas = schemas.map(({ name, trained }): InputSchema => ({
    name,
    features: trained.features,
    dtype: 'float32',
    model: add(`${name}.onnx`, trained.model),
    preprocessing: add(`${name}.preprocessing.json`, json(trained.preprocessing)),
    golden: add(`${name}.golden.json`, json(trained.golden)),
    tensors: trained.tensors,
    calibration: trained.calibration,
    evaluation: trained.evaluation as Evaluation,
  }));
  const metadata = modelMetadata.parse({
    name: facts.name,
    version: facts.version,
    description: facts.description,
    framework: 'lightfold',
    framework_version: facts.codeVersion,
    training: {
      dataset_version: facts.datasetVersion,
      training_samples: first.trainingRows,
      seed: facts.seed,
      command: facts.command,
      parameters: { ...first.modelConfig },
      finished_at: facts.finishedAt,
    },
    performance: first.evaluation.metrics,
    input_schemas: inputSchemas,
    output_schema:
      facts.task === 'classification'
        ? { task: 'classification', classes: first.labels.length, labels: [...first.labels] }
        : { task: 'regression', target: facts.targetColumn },
  });
  files.set(CARD_FILE, new TextEncoder().encode(modelCard(facts, metadata, schemas)));
  files.set(METADATA_FILE, json(metadata));
  return { metadata, files };
}

const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
