/** The column to predict, and which columns give it away. */
import type { RoledColumn } from './roles.js';
import { columnNamed, countsOf, numbersOf, type Table, TrainingInputError } from './table.js';

export interface Target {
  /** Rows that have a target, in their order; the others are left out. */
  readonly rows: Int32Array;
  /** Of these rows: index of the class, or the value. */
  readonly values: Float64Array;
  /** Sorted; empty for a regression. */
  readonly labels: readonly string[];
}

/** Fewer rows cannot be held out, split and learnt from. */
const LEAST_ROWS = 20;
/** Of each class: one for the test, for what is held out, and the rest to learn from. */
const LEAST_OF_CLASS = 5;
const MOST_CLASSES = 1000;

/** @throws {TrainingInputError} which names the target column, where nothing can be learnt of it */
export function targetOf(
  table: Table,
  name: string,
  task: 'classification' | 'regression',
): Target {
  const column = columnNamed(table, name, 'target_column');
  const refuse = (detail: string): never => {
    throw new TrainingInputError('target_column', `"${name}" ${detail}`);
  };
  const numbers = task === 'regression' ? numbersOf(column) : null;
  const rows: number[] = [];
  column.cells.forEach((cell, row) => {
    if (cell === null) return;
    if (numbers && Number.isNaN(numbers[row])) refuse(`has "${cell}", which is not a number.`);
    rows.push(row);
  });
  if (rows.length < LEAST_ROWS) refuse(`has ${rows.length} rows with a value; 20 are needed.`);
  if (numbers) {
    const values = Float64Array.from(rows, (row) => numbers[row]);
    if (values.every((value) => value === values[0])) refuse('has only one value.');
    return { rows: Int32Array.from(rows), values, labels: [] };
  }
  const counts = countsOf(column.cells);
  const labels = [...counts.keys()].sort();
  if (labels.length < 2) refuse(`has only one class, "${labels[0]}".`);
  if (labels.length > MOST_CLASSES) refuse(`has ${labels.length} classes; is it a number?`);
  const rare = labels.find((label) => counts.get(label)! < LEAST_OF_CLASS);
  if (rare !== undefined) {
    refuse(`has ${counts.get(rare)} rows of class "${rare}"; ${LEAST_OF_CLASS} are needed.`);
  }
  const places = new Map(labels.map((label, place) => [label, place]));
  const values = Float64Array.from(rows, (row) => places.get(column.cells[row]!)!);
  return { rows: Int32Array.from(rows), values, labels };
}

/** Rows a word must have on average before its telling the class is no chance. */
const ROWS_A_WORD = 5;
const SAME_LINE = 0.999999;

/** One sentence for each feature that determines the target all alone. */
export function leaksOf(table: Table, roles: readonly RoledColumn[], target: Target): string[] {
  return roles.flatMap(({ name, role }) => {
    if (role !== 'number' && role !== 'category') return [];
    const column = columnNamed(table, name, name);
    const cells = Array.from(target.rows, (row) => column.cells[row]);
    const numbers = role === 'number' ? numbersOf({ name, cells }) : null;
    const tells =
      target.labels.length === 0
        ? numbers !== null && isSameLine(numbers, target.values)
        : numbers
          ? isSortedByClass(numbers, target)
          : tellsClass(cells, target.values);
    return tells
      ? [`Column "${name}" determines the target: will it be known when the model is asked?`]
      : [];
  });
}

function tellsClass(cells: readonly (string | null)[], classes: Float64Array): boolean {
  const seen = new Map<string | null, number>();
  for (let i = 0; i < cells.length; i++) {
    const known = seen.get(cells[i]);
    if (known !== undefined && known !== classes[i]) return false;
    seen.set(cells[i], classes[i]);
  }
  return seen.size * ROWS_A_WORD <= cells.length;
}

/** Whether thresholds alone separate the classes, and no row is missing. */
function isSortedByClass(numbers: Float64Array, { values, labels }: Target): boolean {
  if (numbers.some(Number.isNaN)) return false;
  const order = Array.from(numbers, (_, i) => i).sort((a, b) => numbers[a] - numbers[b]);
  let runs = 1;
  for (let i = 1; i < order.length; i++) {
    if (values[order[i]] === values[order[i - 1]]) continue;
    if (numbers[order[i]] === numbers[order[i - 1]]) return false;
    runs++;
  }
  return runs === labels.length;
}

function isSameLine(a: Float64Array, b: Float64Array): boolean {
  const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return Math.abs(ab) >= SAME_LINE * Math.sqrt(aa * bb) && aa > 0;
}
