/** Which input schema of a model an input belongs to. */
import type { InputSchema, Preprocessing } from '#contracts';
import { isVector, type ModelInput, valueIn } from '../preprocessing.js';
import type { ModelRecord } from '../registry/registry.js';
import { versionAt } from '../registry/registry.js';
import { InvalidVersionError } from '../registry/registry.errors.js';
import type { VersionFiles } from '../registry/version-files.js';

export interface FittingSchema {
  readonly schema: InputSchema;
  readonly preprocessing: Preprocessing;
  /** Columns of the schema that the input does not have. */
  readonly columnsLeftOut: number;
}

/** No model takes such an input; says what each would take. */
export class NoModelFitsError extends Error {
  override readonly name = 'NoModelFitsError';
  constructor(
    readonly models: readonly { readonly name: string; readonly takes: readonly string[] }[],
  ) {
    const each = models.map(({ name, takes }) => `${name} takes ${takes.join(', or ')}`);
    super(
      models.length === 0
        ? 'There is no model.'
        : `No model takes such an input: ${each.join('; ')}.`,
    );
  }

  /** @throws what reading their files does, but for damaged ones, which are left out */
  static async of(models: readonly ModelRecord[]): Promise<NoModelFitsError> {
    const described: { name: string; takes: string[] }[] = [];
    for (const model of models) {
      const takes: string[] = [];
      try {
        const version = versionAt(model, null);
        if (!version) continue;
        for (const schema of version.metadata.input_schemas) {
          takes.push(inWords(schema, await version.preprocessingOf(schema)));
        }
      } catch (error) {
        if (!(error instanceof InvalidVersionError)) throw error;
      }
      if (takes.length > 0) described.push({ name: model.name, takes });
    }
    return new NoModelFitsError(described);
  }
}

/**
 * The schema that knows every column of the input and needs no other; of several the one that leaves
 * the fewest of its columns out. A vector fits by its length. null: none does.
 *
 * @throws {InvalidVersionError} where the version's files are damaged
 */
export async function schemaThatFits(
  version: VersionFiles,
  input: ModelInput,
): Promise<FittingSchema | null> {
  let best: FittingSchema | null = null;
  for (const schema of version.metadata.input_schemas) {
    const preprocessing = await version.preprocessingOf(schema);
    const columnsLeftOut = leftOut(schema, preprocessing, input);
    if (columnsLeftOut !== null && !(best && best.columnsLeftOut <= columnsLeftOut)) {
      best = { schema, preprocessing, columnsLeftOut };
    }
  }
  return best;
}

/** The schema that knows most columns of an input that fits none: its faults are the ones to name. */
export async function closestSchema(
  version: VersionFiles,
  input: ModelInput,
): Promise<FittingSchema> {
  const { input_schemas: schemas } = version.metadata;
  let closest: FittingSchema | null = null;
  let mostKnown = -1;
  for (const schema of schemas) {
    const preprocessing = await version.preprocessingOf(schema);
    const known = namesOf(preprocessing).filter(
      (name) => !isVector(input) && Object.hasOwn(input, name),
    ).length;
    if (known <= mostKnown) continue;
    mostKnown = known;
    closest = { schema, preprocessing, columnsLeftOut: 0 };
  }
  return closest!;
}

/** How many columns of the schema the input does not have; null: it does not fit. */
function leftOut(
  schema: InputSchema,
  preprocessing: Preprocessing,
  input: ModelInput,
): number | null {
  if (isVector(input)) return input.length === schema.features ? 0 : null;
  if (preprocessing.kind !== 'columns') return null;
  const { columns } = preprocessing;
  const names = new Set(namesOf(preprocessing));
  if (!Object.keys(input).every((name) => names.has(name))) return null;
  const isGiven = (name: string) => valueIn(input, name) !== null;
  const isComplete = columns.every(
    ({ name, when_missing: whenMissing }) => whenMissing !== 'refuse' || isGiven(name),
  );
  return isComplete ? columns.filter(({ name }) => !isGiven(name)).length : null;
}

const namesOf = (preprocessing: Preprocessing) =>
  preprocessing.kind === 'columns' ? preprocessing.columns.map(({ name }) => name) : [];

function inWords(schema: InputSchema, preprocessing: Preprocessing): string {
  const names = namesOf(preprocessing);
  return names.length > 0 ? names.join(', ') : `a vector of ${schema.features} numbers`;
}

/** Inputs of one shape are taken by the same schemas, and so by the same models. */
export function shapeOf(input: ModelInput): string {
  if (isVector(input)) return String(input.length);
  let shape = '';
  for (const name of Object.keys(input))
    shape += `${name}${(input[name] ?? null) === null ? '\0-' : '\0+'}`;
  return shape;
}
