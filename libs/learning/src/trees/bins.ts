/**
 * Values as bins, for trees that look at counts instead of rows (Ke et al. 2017, NeurIPS 30).
 *
 * An edge is a float32 between two values of the training rows, so that `value <= edge` decides the
 * same in training, in our prediction and in an ONNX graph, which compares float32 too.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, F features.
 */
import type { Examples } from '../examples.js';
import { transposed } from '../examples.js';

export interface Bins {
  readonly rows: number;
  /** (F * N,) feature by feature: how many edges lie below the value; MISSING_BIN for NaN. */
  readonly bins: Uint8Array;
  /** By feature, ascending: a value is in bin b where edges[b - 1] < value <= edges[b]. */
  readonly edges: readonly Float32Array[];
}

/** Of values; a missing one has a bin of its own besides. */
export const MOST_BINS = 254;
export const MISSING_BIN = 255;
/** Above every finite value: what is not missing goes left. */
export const ABOVE_ALL = 3.4028234663852886e38;
/** Edges of longer columns come from this many rows, evenly picked. */
const ROWS_FOR_EDGES = 200_000;

export function binned(examples: Examples): Bins {
  const { rows, features } = examples;
  const columns = transposed(examples);
  const bins = new Uint8Array(rows * features);
  const edges: Float32Array[] = [];
  for (let f = 0; f < features; f++) {
    const column = columns.subarray(f * rows, (f + 1) * rows);
    const own = edgesOf(column);
    edges.push(own);
    for (let i = 0; i < rows; i++) bins[f * rows + i] = binOf(own, column[i]);
  }
  return { rows, bins, edges };
}

/** How many edges lie below a value; MISSING_BIN for NaN. */
export function binOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value)) return MISSING_BIN;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Between all neighbouring values where they are few, else so that the bins hold about as many. */
export function edgesOf(column: Float32Array): Float32Array {
  const every = Math.max(1, Math.ceil(column.length / ROWS_FOR_EDGES));
  const sorted = column.filter((value, i) => i % every === 0 && !Number.isNaN(value)).sort();
  const changes: number[] = [];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] > sorted[i - 1]) changes.push(i);
  const places = changes.length < MOST_BINS ? changes : evenly(changes, sorted.length);
  return Float32Array.from(places, (i) => between(sorted[i - 1], sorted[i]));
}

/** Of the places where the value changes, those nearest above even shares of the rows. */
function evenly(changes: readonly number[], rows: number): number[] {
  const places: number[] = [];
  let next = 0;
  for (let bin = 1; bin < MOST_BINS; bin++) {
    const wanted = (bin * rows) / MOST_BINS;
    while (next < changes.length && changes[next] < wanted) next++;
    if (next === changes.length) break;
    if (places.at(-1) !== changes[next]) places.push(changes[next]);
  }
  return places;
}

/** A float32 from `low`, which is included, to below `high`. */
export function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}
