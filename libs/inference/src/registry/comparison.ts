/** Two versions of a model side by side: what they take, how good, how large and how fast they are. */
import type { InputSchema, Preprocessing } from '#contracts';
import { featuresOf } from '../preprocessing.js';
import type { ModelRunner } from '../predictions/model-runner.js';
import type { VersionFiles } from './version-files.js';

/** A pair: of the first version, of the second; null where one has none. */
export type Pair<T> = readonly [T | null, T | null];

export interface SchemaComparison {
  readonly schema: string;
  /** Names of the evaluation sets; metrics are comparable only on the same rows. */
  readonly evaluatedOn: Pair<string>;
  readonly isSameSet: boolean;
  readonly metrics: readonly { readonly name: string; readonly values: Pair<number> }[];
  readonly columns: {
    /** Only the second takes them. */
    readonly added: readonly string[];
    /** Only the first takes them. */
    readonly removed: readonly string[];
    /** Both take them, and treat them otherwise. */
    readonly changed: readonly string[];
  };
  /** Of the graph. */
  readonly sizeBytes: Pair<number>;
  /** Median of single rows, measured in turn here and now. */
  readonly secondsARow: Pair<number>;
}

const ROUNDS = 50;

/** @throws {InvalidVersionError} where a version's files are damaged or its graph cannot be loaded */
export async function compareSchemas(
  first: VersionFiles,
  second: VersionFiles,
  runner: ModelRunner,
): Promise<SchemaComparison[]> {
  const names = new Set(
    [first, second].flatMap(({ metadata }) => metadata.input_schemas.map(({ name }) => name)),
  );
  const comparisons: SchemaComparison[] = [];
  for (const name of names) {
    const sides = await Promise.all([sideOf(first, name), sideOf(second, name)]);
    comparisons.push({
      schema: name,
      ...evaluations(sides),
      columns: columnChanges(sides),
      sizeBytes: pair(sides, ({ schema }) => schema.model.size_bytes),
      secondsARow: await latencies(sides, runner),
    });
  }
  return comparisons;
}

interface Side {
  readonly version: VersionFiles;
  readonly schema: InputSchema;
  readonly preprocessing: Preprocessing;
}
type Sides = readonly (Side | null)[];

async function sideOf(version: VersionFiles, name: string): Promise<Side | null> {
  const schema = version.metadata.input_schemas.find((each) => each.name === name);
  return schema ? { version, schema, preprocessing: await version.preprocessingOf(schema) } : null;
}

function pair<T>([first, second]: Sides, of: (side: Side) => T): Pair<T> {
  return [first && of(first), second && of(second)];
}

function evaluations(sides: Sides) {
  const evaluationsOfBoth = pair(sides, ({ schema }) => schema.evaluation);
  const [first, second] = evaluationsOfBoth;
  const names = new Set(evaluationsOfBoth.flatMap((each) => Object.keys(each?.metrics ?? {})));
  return {
    evaluatedOn: pair(sides, ({ schema }) => schema.evaluation.set.name),
    isSameSet: first !== null && first.set.sha256 === second?.set.sha256,
    metrics: [...names].map((name) => ({
      name,
      values: pair(sides, ({ schema }) => schema.evaluation.metrics[name] ?? null),
    })),
  };
}

function columnChanges(sides: Sides): SchemaComparison['columns'] {
  const [before, after] = sides.map((side) => partsByName(side?.preprocessing));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after.keys()].filter(
      (name) => before.has(name) && before.get(name) !== after.get(name),
    ),
  };
}

/** Columns, or parts of a vector, each as text without what only describes the training rows. */
function partsByName(preprocessing: Preprocessing | undefined): Map<string, string> {
  if (!preprocessing) return new Map();
  const parts = preprocessing.kind === 'columns' ? preprocessing.columns : preprocessing.parts;
  return new Map(parts.map((part) => [part.name, JSON.stringify(part, withoutStatistics)]));
}

const STATISTICS = new Set(['distribution', 'missing_share', 'share', 'mean', 'deviation']);
const withoutStatistics = (key: string, value: unknown) =>
  STATISTICS.has(key) || key === 'description' ? undefined : value;

/** The two in turn, so that whatever slows one slows the other; each on its own first golden input. */
async function latencies(sides: Sides, runner: ModelRunner): Promise<Pair<number>> {
  const runs = await Promise.all(sides.map((side) => side && singleRun(side, runner)));
  const seconds = sides.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, run] of runs.entries()) {
      const startedMs = performance.now();
      await run?.();
      seconds[i].push((performance.now() - startedMs) / 1000);
    }
  }
  const medians = seconds.map((each) => each.sort((a, b) => a - b)[ROUNDS >> 1]);
  return [runs[0] && medians[0], runs[1] && medians[1]];
}

async function singleRun({ version, schema, preprocessing }: Side, runner: ModelRunner) {
  const { samples } = await version.goldenOf(schema);
  const features = featuresOf(preprocessing, samples[0].input);
  const run = () => runner.run(version, schema, features, 1);
  await run(); // loads the graph
  return run;
}
