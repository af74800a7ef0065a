/**
 * Fits a declarative preprocessing to training rows. Trees take missing values and any scale as they
 * are; linear models and neighbours get medians, flags and standard deviations.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import {
  type CategoryColumn,
  type ColumnsPreprocessing,
  type NumberColumn,
  QUANTILE_SHARES,
} from '#contracts';
import type { RoledColumn } from '../table/roles.js';
import {
  columnNamed,
  countsOf,
  numbersOf,
  type Table,
  type TableColumn,
  TrainingInputError,
} from '../table/table.js';
import type { Target } from '../table/target.js';
import { targetCodes } from './target-codes.js';

type Column = NumberColumn | CategoryColumn;

export type Encoding = 'one_hot' | 'target' | 'ordinal';

export interface FitOptions {
  /** Whether the model knows of missing values: then nothing is imputed or scaled. */
  readonly isTree: boolean;
  readonly encoding: Encoding;
  /** By column, instead of `encoding`. */
  readonly encodings: Readonly<Record<string, Encoding>>;
}

/** More words than these become codes of the target, unless one-hot was asked for by name. */
const MOST_ONE_HOT = 64;
const MOST_CATEGORIES = 1000;

/**
 * @param members places in `target.rows` of the rows that may be learnt from
 * @throws {TrainingInputError} for a column of which these rows have no value
 */
export function fitPreprocessing(
  table: Table,
  roles: readonly RoledColumn[],
  target: Target,
  members: Int32Array,
  options: FitOptions,
): ColumnsPreprocessing {
  const columns = roles.flatMap(({ name, role }): Column[] => {
    if (role !== 'number' && role !== 'category') return [];
    const { cells } = columnNamed(table, name, name);
    const own = { name, cells: Array.from(members, (place) => cells[target.rows[place]]) };
    if (own.cells.every((cell) => cell === null)) {
      throw new TrainingInputError(name, 'It has no value in any row that is learnt from.');
    }
    return role === 'number'
      ? [numberColumn(own, options.isTree)]
      : [categoryColumn(own, target, members, options)];
  });
  return { kind: 'columns', columns };
}

function numberColumn(column: TableColumn, isTree: boolean): NumberColumn {
  const present = numbersOf(column)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const missingShare = 1 - present.length / column.cells.length;
  const distribution = QUANTILE_SHARES.map((share) => quantile(present, share));
  const center = present.reduce((sum, value) => sum + value, 0) / present.length;
  const variance = present.reduce((sum, value) => sum + (value - center) ** 2, 0) / present.length;
  return {
    name: column.name,
    kind: 'number',
    missing_share: missingShare,
    when_missing: isTree ? 'nan' : { impute: quantile(present, 0.5) },
    has_missing_flag: !isTree && missingShare > 0,
    transform: 'none',
    scale: isTree ? { center: 0, width: 1 } : { center, width: Math.sqrt(variance) || 1 },
    distribution,
  };
}

/** Linear between the two values next to it. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

function categoryColumn(
  column: TableColumn,
  target: Target,
  members: Int32Array,
  options: FitOptions,
): CategoryColumn {
  const { name, cells } = column;
  const counts = countsOf(cells);
  const words = [...counts.keys()].sort();
  if (words.length > MOST_CATEGORIES) {
    throw new TrainingInputError(name, `It has more than ${MOST_CATEGORIES} categories.`);
  }
  const isMany = options.encoding === 'one_hot' && words.length > MOST_ONE_HOT;
  const asked = Object.hasOwn(options.encodings, name) ? options.encodings[name] : null;
  const method = asked ?? (isMany ? 'target' : options.encoding);
  const places = new Map(words.map((word, place) => [word, place]));
  const own = Int32Array.from(cells, (cell) => (cell === null ? -1 : places.get(cell)!));
  return {
    name,
    kind: 'category',
    missing_share: cells.filter((cell) => cell === null).length / cells.length,
    categories: words.map((value) => ({ value, share: counts.get(value)! / cells.length })),
    encoding:
      method === 'target'
        ? { method, codes: targetCodes(own, words.length, target, members) }
        : { method },
    when_missing: 'unknown',
    when_unknown: 'unknown',
  };
}
