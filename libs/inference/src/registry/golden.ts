/** Whether a version says of its golden inputs what it said when it was made. */
import type { InputSchema } from '#contracts';
import { featuresOf } from '../preprocessing.js';
import type { ModelRunner } from '../predictions/model-runner.js';
import type { VersionFiles } from './version-files.js';

export interface GoldenCheck {
  readonly schema: string;
  readonly samples: number;
  readonly tolerance: number;
  /** Largest difference of any output of any sample. */
  readonly worst: number;
  readonly isGood: boolean;
}

/**
 * @throws {InvalidVersionError} where the files are damaged or the graph cannot be loaded
 * @throws {InputError} where its preprocessing refuses a golden input
 */
export async function checkGolden(
  version: VersionFiles,
  runner: ModelRunner,
): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const schema of version.metadata.input_schemas) {
    checks.push(await checkSchema(version, schema, runner));
  }
  return checks;
}

async function checkSchema(
  version: VersionFiles,
  schema: InputSchema,
  runner: ModelRunner,
): Promise<GoldenCheck> {
  const preprocessing = await version.preprocessingOf(schema);
  const { samples, tolerance } = await version.goldenOf(schema);
  let worst = 0;
  for (const { input, output } of samples) {
    const features = featuresOf(preprocessing, input);
    const [found] = await runner.run(version, schema, features, 1);
    worst = Math.max(worst, difference(output, found.output));
  }
  const isGood = worst <= tolerance;
  return { schema: schema.name, samples: samples.length, tolerance, worst, isGood };
}

/** Largest difference; infinite where one has more numbers than the other, or one that is none. */
function difference(wanted: ArrayLike<number>, found: ArrayLike<number>): number {
  if (wanted.length !== found.length) return Infinity;
  let most = 0;
  for (let i = 0; i < wanted.length; i++) {
    const each = Math.abs(wanted[i] - found[i]);
    if (Number.isNaN(each)) return Infinity;
    most = Math.max(most, each);
  }
  return most;
}
