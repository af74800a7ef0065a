/** What one version says of inputs, whatever stands beside it. */
import type { InputSchema } from '#contracts';
import { driftOf } from '../drift.js';
import { InputError, type InputFault } from '../input-error.js';
import { featuresOf, type ModelInput } from '../preprocessing.js';
import type { VersionFiles } from '../registry/version-files.js';
import { indexOfMost } from './ensemble.js';
import type { ModelRunner } from './model-runner.js';
import type { Answer, ClassAnswer, ValueAnswer } from './prediction.js';
import { closestSchema, type FittingSchema, schemaThatFits, shapeOf } from './schemas.js';

/** An input, and its place among those that were asked about together. */
export interface Placed {
  readonly input: ModelInput;
  readonly place: number;
}

/**
 * In the order of the items; those of one input schema go through its graph together.
 *
 * @throws {InputError} with the faults of all inputs, each by its place: `/3/period`
 * @throws {InvalidVersionError} where the version's files are damaged or no graph
 * @throws {BatchQueueFullError} where too many rows wait
 */
export async function answersOf(
  version: VersionFiles,
  items: readonly Placed[],
  runner: ModelRunner,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const batches = await bySchema(version, items);
  const answers = new Array<Answer>(items.length);
  await Promise.all(
    batches.map(async ({ fit, features, members }) => {
      const rows = await runner.run(version, fit.schema, features, members.length, signal);
      members.forEach((member, row) => {
        answers[member] = {
          version,
          schema: fit.schema,
          output: outputOf(version, rows[row].output),
          embedding: rows[row].embedding,
          drift: driftOf(fit.preprocessing, items[member].input),
        };
      });
    }),
  );
  return answers;
}

interface SchemaBatch {
  readonly fit: FittingSchema;
  /** (members, features), row by row */
  readonly features: Float32Array;
  /** Which of the items, in the order of the rows. */
  readonly members: readonly number[];
}

async function bySchema(version: VersionFiles, items: readonly Placed[]): Promise<SchemaBatch[]> {
  const groups = new Map<InputSchema, { fit: FittingSchema; members: number[] }>();
  const fits = new Map<string, FittingSchema>();
  for (const [i, { input }] of items.entries()) {
    const shape = shapeOf(input);
    const fit =
      fits.get(shape) ??
      (await schemaThatFits(version, input)) ??
      (await closestSchema(version, input));
    fits.set(shape, fit);
    const group = groups.get(fit.schema) ?? { fit, members: [] };
    group.members.push(i);
    groups.set(fit.schema, group);
  }
  const faults: InputFault[] = [];
  const batches = [...groups.values()].map(({ fit, members }) => {
    const width = fit.schema.features;
    const features = new Float32Array(members.length * width);
    for (const [row, member] of members.entries()) {
      const { input, place } = items[member];
      try {
        featuresOf(fit.preprocessing, input, features, row * width);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        faults.push(
          ...error.faults.map((fault) => ({ ...fault, pointer: `/${place}${fault.pointer}` })),
        );
      }
    }
    return { fit, features, members };
  });
  if (faults.length > 0) throw new InputError(faults);
  return batches;
}

function outputOf({ metadata }: VersionFiles, output: Float64Array): ClassAnswer | ValueAnswer {
  const { output_schema: schema } = metadata;
  if (schema.task === 'regression') return { value: output[0] };
  const best = indexOfMost(output);
  const { labels } = schema;
  return { className: labels[best], confidence: output[best], labels, probabilities: output };
}
