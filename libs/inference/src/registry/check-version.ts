/** Whether a version is what it says, before anybody relies on it. */
import type { ModelMetadata } from '#contracts';
import { InputError } from '../input-error.js';
import { featureCount } from '../preprocessing.js';
import type { ModelRunner } from '../predictions/model-runner.js';
import { checkGolden } from './golden.js';
import { InvalidVersionError } from './registry.errors.js';
import type { VersionFiles } from './version-files.js';

/**
 * Reads every file, loads every graph, and runs the golden inputs.
 *
 * @throws {InvalidVersionError} with all faults of the version, or of the first file that is damaged
 */
export async function checkVersion(version: VersionFiles, runner: ModelRunner): Promise<void> {
  const faults = faultsOfMetadata(version.metadata);
  for (const schema of version.metadata.input_schemas) {
    const count = featureCount(await version.preprocessingOf(schema));
    if (count !== schema.features) {
      faults.push(
        `The preprocessing of the schema ${schema.name} gives ${count} features, its metadata say ${schema.features}.`,
      );
    }
  }
  if (faults.length > 0) throw new InvalidVersionError(version.reference, faults);
  try {
    for (const { schema, worst, tolerance, isGood } of await checkGolden(version, runner)) {
      if (isGood) continue;
      faults.push(
        `The golden inputs of the schema ${schema} differ by ${worst.toPrecision(3)}, more than ${tolerance}.`,
      );
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(`A golden input is refused: ${error.message}`);
  }
  if (faults.length > 0) throw new InvalidVersionError(version.reference, faults);
}

/** What the schema of the metadata cannot say. */
function faultsOfMetadata({
  output_schema: output,
  input_schemas: schemas,
}: ModelMetadata): string[] {
  const faults: string[] = [];
  const names = schemas.map(({ name }) => name);
  if (new Set(names).size < names.length) faults.push('Two input schemas have the same name.');
  for (const { name, evaluation } of schemas) {
    if (evaluation.metrics[evaluation.decisive] === undefined) {
      faults.push(`The evaluation of the schema ${name} lacks ${evaluation.decisive}.`);
    }
  }
  if (output.task === 'classification') {
    if (output.labels.length !== output.classes || new Set(output.labels).size < output.classes) {
      faults.push(`${output.classes} classes need as many labels, each once.`);
    }
  }
  return faults;
}
