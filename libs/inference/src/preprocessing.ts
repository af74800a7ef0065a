/**
 * From an input to the numbers that a graph takes, as a version's preprocessing says. Training makes
 * its features by this very function, so that what is trained is what is served.
 *
 * Pure: no I/O, no clock, no randomness. F is the features of a specification.
 */
import type {
  CategoryColumn,
  ColumnsPreprocessing,
  NumberColumn,
  Preprocessing,
  VectorPreprocessing,
} from '#contracts';
import { InputError, type InputFault, pointerTo } from './input-error.js';

/** Values by column name, where a missing one is null, NaN or left out; or a vector. */
export type ModelInput = Readonly<Record<string, number | string | null>> | readonly number[];

type Column = NumberColumn | CategoryColumn;

/** How many numbers a row of the graph's input has. */
export function featureCount(spec: Preprocessing): number {
  if (spec.kind === 'vector') return spec.parts.reduce((sum, { length }) => sum + length, 0);
  return spec.columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/** What each feature is called: the column, and what of it where it gives several. */
export function featureNames(spec: Preprocessing): string[] {
  if (spec.kind === 'vector') {
    return spec.parts.flatMap(({ name, length }) =>
      Array.from({ length }, (_, i) => `${name}[${i}]`),
    );
  }
  return spec.columns.flatMap((column) => {
    if (column.kind === 'number') {
      return column.has_missing_flag ? [column.name, `${column.name} is missing`] : [column.name];
    }
    if (column.encoding.method === 'one_hot') {
      return column.categories.map(({ value }) => `${column.name} = ${value}`);
    }
    const width = widthOf(column);
    if (width === 1) return [column.name];
    return Array.from({ length: width }, (_, k) => `${column.name} [${k}]`);
  });
}

/** Features that a column gives. */
export function widthOf(column: Column): number {
  if (column.kind === 'number') return column.has_missing_flag ? 2 : 1;
  if (column.encoding.method === 'one_hot') return column.categories.length;
  return column.encoding.method === 'target' ? (column.encoding.codes[0]?.length ?? 0) : 1;
}

/**
 * Writes the features of one input.
 *
 * @param out where they go, so that a batch is one array @default an array of its own
 * @param offset of the first in `out`
 * @returns `out`
 * @throws {InputError} with every fault of the input: a column that is unknown or missing, a value of
 * the wrong type, not finite, out of bounds or no known category, a vector of the wrong length
 */
export function featuresOf(
  spec: Preprocessing,
  input: ModelInput,
  out: Float32Array = new Float32Array(featureCount(spec)),
  offset = 0,
): Float32Array {
  const faults: InputFault[] = [];
  if (spec.kind === 'vector') vectorFeatures(spec, input, out, offset, faults);
  else columnFeatures(spec, input, out, offset, faults);
  if (faults.length > 0) throw new InputError(faults);
  return out;
}

function vectorFeatures(
  spec: VectorPreprocessing,
  input: ModelInput,
  out: Float32Array,
  offset: number,
  faults: InputFault[],
): void {
  const length = featureCount(spec);
  if (!isVector(input)) {
    faults.push({ pointer: '', detail: `Must be an array of ${length} numbers.` });
    return;
  }
  if (input.length !== length) {
    const detail = `Must have ${length} numbers, not ${input.length}.`;
    faults.push({ pointer: '/features', detail });
    return;
  }
  for (let i = 0; i < length; i++) {
    const value = input[i];
    out[offset + i] = value;
    if (!isFiniteFloat(value)) {
      faults.push({ pointer: `/features/${i}`, detail: 'Must be a finite number.' });
    }
  }
}

function columnFeatures(
  spec: ColumnsPreprocessing,
  input: ModelInput,
  out: Float32Array,
  offset: number,
  faults: InputFault[],
): void {
  if (isVector(input)) {
    const detail = `Must be an object of ${spec.columns.length} columns, not an array.`;
    faults.push({ pointer: '', detail });
    return;
  }
  let at = offset;
  let taken = 0;
  for (const column of spec.columns) {
    const { name } = column;
    if (Object.hasOwn(input, name)) taken++;
    const value = Object.hasOwn(input, name) ? input[name] : null;
    const fault =
      column.kind === 'number'
        ? writeNumber(column, value, out, at)
        : writeCategory(column, value, out, at);
    if (fault) faults.push({ pointer: pointerTo(name), detail: fault });
    at += widthOf(column);
  }
  if (taken === Object.keys(input).length) return;
  const known = new Set(spec.columns.map(({ name }) => name));
  for (const name of Object.keys(input)) {
    if (!known.has(name)) {
      faults.push({ pointer: pointerTo(name), detail: 'The model has no such column.' });
    }
  }
}

/** @returns what is wrong with the value, or null */
function writeNumber(
  column: NumberColumn,
  value: number | string | null,
  out: Float32Array,
  at: number,
): string | null {
  const isMissing = isMissingValue(value);
  if (column.has_missing_flag) out[at + 1] = isMissing ? 1 : 0;
  if (isMissing) {
    if (column.when_missing === 'refuse') return 'Must not be missing.';
    out[at] = column.when_missing === 'nan' ? NaN : scaled(column, column.when_missing.impute);
    return null;
  }
  if (typeof value !== 'number') return `Must be a number, not ${described(value)}.`;
  if (!isFiniteFloat(value)) return 'Must be a finite number.';
  if (column.least !== undefined && value < column.least) {
    return `Must be at least ${column.least}, not ${value}.`;
  }
  if (column.most !== undefined && value > column.most) {
    return `Must be at most ${column.most}, not ${value}.`;
  }
  if (column.transform === 'log10' && !(value > 0)) return `Must be above 0, not ${value}.`;
  out[at] = scaled(column, value);
  return null;
}

function scaled({ transform, scale }: NumberColumn, value: number): number {
  const transformed = transformedBy(transform, value);
  return (transformed - scale.center) / scale.width;
}

/** The value before it is scaled. */
export function transformedBy(transform: NumberColumn['transform'], value: number): number {
  if (transform === 'log10') return Math.log10(value);
  if (transform === 'signed_log1p') return Math.sign(value) * Math.log1p(Math.abs(value));
  return value;
}

/** @returns what is wrong with the value, or null */
function writeCategory(
  column: CategoryColumn,
  value: number | string | null,
  out: Float32Array,
  at: number,
): string | null {
  const width = widthOf(column);
  const isMissing = isMissingValue(value);
  if (isMissing && column.when_missing === 'refuse') return 'Must not be missing.';
  if (!isMissing && typeof value !== 'string') {
    return `Must be a string, not ${described(value)}.`;
  }
  const place = isMissing ? -1 : placeOf(column, value as string);
  if (!isMissing && place < 0 && column.when_unknown === 'refuse') {
    const known = column.categories.slice(0, 10).map((category) => category.value);
    const rest = column.categories.length > 10 ? ', ...' : '';
    return `Must be one of ${known.join(', ')}${rest}, not ${described(value)}.`;
  }
  const { encoding } = column;
  if (encoding.method === 'one_hot') {
    out.fill(0, at, at + width);
    if (place >= 0) out[at + place] = 1;
  } else if (encoding.method === 'ordinal') {
    out[at] = place < 0 ? NaN : place;
  } else {
    for (let k = 0; k < width; k++) out[at + k] = place < 0 ? NaN : encoding.codes[place][k];
  }
  return null;
}

const places = new WeakMap<CategoryColumn, ReadonlyMap<string, number>>();

/** @returns -1 for a category that the column does not list */
export function placeOf(column: CategoryColumn, value: string): number {
  let known = places.get(column);
  if (!known) {
    known = new Map(column.categories.map((category, place) => [category.value, place]));
    places.set(column, known);
  }
  return known.get(value) ?? -1;
}

export const isMissingValue = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));

const isVector = (input: ModelInput): input is readonly number[] => Array.isArray(input);

/** Whether a float32 can hold it. */
const isFiniteFloat = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(Math.fround(value));

const described = (value: unknown) => JSON.stringify(value)?.slice(0, 60) ?? String(value);
