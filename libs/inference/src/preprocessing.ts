/**
 * From what a request says to the numbers that a graph takes, as a declarative specification has it.
 * Training makes its features by the same functions: what is trained is what is served.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type {
  CategoryColumn,
  ColumnsPreprocessing,
  NumberColumn,
  Preprocessing,
  VectorPreprocessing,
} from '#contracts';
import { InputError, type InputFault, pointerTo } from './input-fault.js';

export { InputError, type InputFault };

/** Columns by name, in the units of the specification; or a vector. null: missing. */
export type ModelInput = Readonly<Record<string, number | string | null>> | readonly number[];

/** Numbers that a row of features has. */
export function countFeatures(spec: Preprocessing): number {
  return spec.kind === 'columns'
    ? spec.columns.reduce((sum, column) => sum + widthOf(column), 0)
    : spec.parts.reduce((sum, { length }) => sum + length, 0);
}

/**
 * The features of one input, NaN where a value is missing and the model itself knows of that.
 *
 * @param into takes them from `at` on, instead of a new array
 * @throws {InputError} with every fault: columns that are unknown, missing or of another type,
 *   numbers that are not finite or outside their range, categories that are unknown, a vector of
 *   another length
 */
export function featuresOf(
  spec: Preprocessing,
  input: ModelInput,
  into: Float32Array = new Float32Array(countFeatures(spec)),
  at = 0,
): Float32Array {
  const faults: InputFault[] = [];
  if (spec.kind === 'vector') writeVector(spec, input, into, at, faults);
  else writeColumns(spec, input, into, at, faults);
  if (faults.length > 0) throw new InputError(faults);
  return into;
}

/** (1 or more) numbers of one column: the feature, or one a category; and the flag of missing ones. */
function widthOf(column: NumberColumn | CategoryColumn): number {
  if (column.kind === 'number') return column.has_missing_flag ? 2 : 1;
  const { encoding, categories } = column;
  if (encoding.method === 'one_hot') return categories.length;
  return encoding.method === 'target' ? encoding.codes[0].length : 1;
}

function writeVector(
  spec: VectorPreprocessing,
  input: ModelInput,
  into: Float32Array,
  at: number,
  faults: InputFault[],
): void {
  const wanted = countFeatures(spec);
  if (!isVector(input)) {
    faults.push({ pointer: '', detail: `must be a vector of ${wanted} numbers, not columns` });
  } else if (input.length !== wanted) {
    faults.push({ pointer: '', detail: `must have ${wanted} numbers, not ${input.length}` });
  } else {
    for (const [i, value] of input.entries()) {
      const fault = faultOfNumber(value);
      if (fault) faults.push({ pointer: pointerTo(i), detail: fault });
      else into[at + i] = value;
    }
  }
}

function writeColumns(
  spec: ColumnsPreprocessing,
  input: ModelInput,
  into: Float32Array,
  at: number,
  faults: InputFault[],
): void {
  if (isVector(input)) {
    writeFeatures(spec, input, into, at, faults);
    return;
  }
  const known = new Set<string>();
  let place = at;
  for (const column of spec.columns) {
    known.add(column.name);
    const value = valueIn(input, column.name);
    const fault =
      column.kind === 'number'
        ? writeNumber(column, value, into, place)
        : writeCategory(column, value, into, place);
    if (fault) faults.push({ pointer: pointerTo(column.name), detail: fault });
    place += widthOf(column);
  }
  for (const name of Object.keys(input)) {
    if (known.has(name)) continue;
    faults.push({ pointer: pointerTo(name), detail: `is none of ${[...known].join(', ')}` });
  }
}

/** A vector for a model of columns: the numbers that its graph takes, as they are. */
function writeFeatures(
  spec: ColumnsPreprocessing,
  input: readonly number[],
  into: Float32Array,
  at: number,
  faults: InputFault[],
): void {
  const wanted = countFeatures(spec);
  if (input.length !== wanted) {
    faults.push({ pointer: '', detail: `must have ${wanted} numbers, not ${input.length}` });
    return;
  }
  for (const [i, value] of input.entries()) {
    const fault = faultOfNumber(value);
    if (fault) faults.push({ pointer: pointerTo(i), detail: fault });
    else into[at + i] = value;
  }
}

/** Answers what is wrong, or null. */
function writeNumber(
  column: NumberColumn,
  value: number | string | null,
  into: Float32Array,
  at: number,
): string | null {
  const { when_missing: whenMissing } = column;
  if (column.has_missing_flag) into[at + 1] = value === null ? 1 : 0;
  if (value === null) {
    if (whenMissing === 'refuse') return 'is missing';
    into[at] = whenMissing === 'nan' ? NaN : scaled(column, whenMissing.impute);
    return null;
  }
  const fault = faultOfNumber(value);
  if (fault) return fault;
  const number = value as number;
  if (column.least !== undefined && number < column.least) {
    return `must be at least ${inUnit(column.least, column)}, not ${number}`;
  }
  if (column.most !== undefined && number > column.most) {
    return `must be at most ${inUnit(column.most, column)}, not ${number}`;
  }
  if (column.transform === 'log10' && !(number > 0)) return `must be above 0, not ${number}`;
  into[at] = scaled(column, number);
  return null;
}

function scaled({ transform, scale }: NumberColumn, value: number): number {
  return (transformed(transform, value) - scale.center) / scale.width;
}

function transformed(transform: NumberColumn['transform'], value: number): number {
  switch (transform) {
    case 'none':
      return value;
    case 'log10':
      return Math.log10(value);
    case 'signed_log1p':
      return Math.sign(value) * Math.log1p(Math.abs(value));
  }
}

/** Answers what is wrong, or null. */
function writeCategory(
  column: CategoryColumn,
  value: number | string | null,
  into: Float32Array,
  at: number,
): string | null {
  const { categories, when_missing: whenMissing, when_unknown: whenUnknown } = column;
  if (value === null) {
    if (whenMissing === 'refuse') return 'is missing';
    writeCode(column, null, into, at);
    return null;
  }
  if (typeof value !== 'string') return `must be text, not ${value}`;
  const place = categories.findIndex((each) => each.value === value);
  if (place < 0 && whenUnknown === 'refuse') {
    const some = categories.slice(0, 10).map((each) => each.value);
    const more = categories.length > some.length ? ', ...' : '';
    return `must be one of ${some.join(', ')}${more}, not "${value}"`;
  }
  writeCode(column, place < 0 ? null : place, into, at);
  return null;
}

/** @param place null: no word of the list */
function writeCode(
  { encoding, categories }: CategoryColumn,
  place: number | null,
  into: Float32Array,
  at: number,
): void {
  switch (encoding.method) {
    case 'one_hot':
      into.fill(0, at, at + categories.length);
      if (place !== null) into[at + place] = 1;
      return;
    case 'ordinal':
      into[at] = place ?? NaN;
      return;
    case 'target':
      encoding.codes[0].forEach((_, i) => {
        into[at + i] = place === null ? NaN : encoding.codes[place][i];
      });
  }
}

function faultOfNumber(value: unknown): string | null {
  if (typeof value !== 'number') return `must be a number, not ${JSON.stringify(value)}`;
  // A float32 is what the graph takes.
  return Number.isFinite(Math.fround(value)) ? null : `must be finite, not ${value}`;
}

const inUnit = (value: number, { unit }: NumberColumn) => (unit ? `${value} ${unit}` : value);

/** null: missing. What every object has by itself is no value of the input. */
export const valueIn = (input: Readonly<Record<string, number | string | null>>, name: string) =>
  Object.hasOwn(input, name) ? (input[name] ?? null) : null;

export const isVector = (input: ModelInput): input is readonly number[] => Array.isArray(input);
