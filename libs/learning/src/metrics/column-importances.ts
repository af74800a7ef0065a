/** How much a model owes to each column of its table. */
import type { ColumnsPreprocessing } from '#contracts';
import { widthOf } from '#inference';
import type { Random } from '#transit';
import { type Examples, type FittedModel, pick } from '../examples.js';
import { shuffle } from '../split.js';
import { permutationImportances } from './importances.js';

export interface ColumnImportance {
  readonly column: string;
  /** Fall of accuracy or R^2 where the column is shuffled. */
  readonly permutation: number;
  /** Share of what splitting gained; null where nothing is split. */
  readonly gain: number | null;
}

const ROUNDS = 3;
/** More rows change the second digit, and cost in proportion. */
const MOST_ROWS = 500;

/** By permutation, the most important first. */
export function importancesOf(
  model: FittedModel,
  spec: ColumnsPreprocessing,
  examples: Examples,
  random: Random,
): ColumnImportance[] {
  const rows = Array.from({ length: examples.rows }, (_, row) => row);
  shuffle(rows, random);
  const some = pick(examples, rows.slice(0, MOST_ROWS));
  let next = 0;
  const places = spec.columns.map((column) => {
    const [first, width] = [next, widthOf(column)];
    next += width;
    return { first, width };
  });
  const falls = permutationImportances(model, some, places, ROUNDS, random);
  return spec.columns
    .map(({ name }, c) => {
      const { first, width } = places[c];
      const own = model.gains?.subarray(first, first + width);
      return { column: name, permutation: falls[c], gain: own?.reduce((a, b) => a + b, 0) ?? null };
    })
    .sort((a, b) => b.permutation - a.permutation);
}
