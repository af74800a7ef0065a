/**
 * Rows of a table as the features that a model takes, by the function that serves it.
 *
 * Pure: no I/O, no clock; randomness is passed in. F is features.
 */
import type { ColumnsPreprocessing } from '#contracts';
import { featureCount, featuresOf, placeOf, widthOf } from '#inference';
import type { Random } from '#transit';
import type { Examples } from '../examples.js';
import { kFolds } from '../split.js';
import { columnNamed, numbersOf, type Table } from '../table/table.js';
import type { Target } from '../table/target.js';
import { targetCodes } from './target-codes.js';

/** @param members places in `target.rows` */
export function examplesOf(
  table: Table,
  spec: ColumnsPreprocessing,
  target: Target,
  members: Int32Array,
): Examples {
  const features = featureCount(spec);
  const values = new Float32Array(members.length * features);
  const read = spec.columns.map((column) => {
    const own = columnNamed(table, column.name, column.name);
    const numbers = column.kind === 'number' ? numbersOf(own) : null;
    return { name: column.name, at: (row: number) => (numbers ? numbers[row] : own.cells[row]) };
  });
  members.forEach((place, i) => {
    const row = target.rows[place];
    const input = Object.fromEntries(read.map(({ name, at }) => [name, at(row)]));
    featuresOf(spec, input, values, i * features);
  });
  const targets = Float64Array.from(members, (place) => target.values[place]);
  return { rows: members.length, features, values, targets, classes: target.labels.length };
}

const FOLDS = 5;

/**
 * The same for the rows that a preprocessing was fitted to: their codes of the target come from the
 * other folds, so that no row's own target is among its features.
 */
export function learntExamplesOf(
  table: Table,
  spec: ColumnsPreprocessing,
  target: Target,
  members: Int32Array,
  random: Random,
): Examples {
  const examples = examplesOf(table, spec, target, members);
  const folds = kFolds({ rows: members.length }, FOLDS, random);
  let first = 0;
  for (const column of spec.columns) {
    const width = widthOf(column);
    if (column.kind === 'category' && column.encoding.method === 'target') {
      const { cells } = columnNamed(table, column.name, column.name);
      const places = Int32Array.from(members, (place) => {
        const cell = cells[target.rows[place]];
        return cell === null ? -1 : placeOf(column, cell);
      });
      for (const { train, held } of folds) {
        const isCounted = new Uint8Array(members.length);
        for (const i of train) isCounted[i] = 1;
        const codes = targetCodes(places, column.categories.length, target, members, isCounted);
        for (const i of held) {
          if (places[i] >= 0) {
            examples.values.set(codes[places[i]], i * examples.features + first);
          }
        }
      }
    }
    first += width;
  }
  return examples;
}
