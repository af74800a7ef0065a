/**
 * The fold of fold.ts in plain TypeScript: its definition, its fallback, and the twin that the
 * WebAssembly kernel must equal bit for bit.
 *
 * Rows are added by recursion. Drift s of m rows is drift a of the first half (m >> 1 rows) plus
 * drift b of the second half, shifted by what the first half and the step between the halves
 * drifted: a = s·(h - 1)/(m - 1) and b = s·(t - 1)/(m - 1) for halves of h and t rows, rounded,
 * halves up; shift = (s - b) mod p. Two conventions at the edges: up to four rows are read as they
 * lie in time, so that a drift past the last column goes on into the next row; above that columns
 * are cyclic, and a drift past the last column goes on at the first one. Sums are head + tail and
 * saturate at the limits of 16 bits.
 *
 * Checks nothing: `foldMaxima` does.
 */
import { foldRows, LARGEST_LEAF } from './fold-rows.js';

export function foldMaximaReference(
  series: Int16Array,
  samples: number,
  firstBase: number,
  endBase: number,
  maxima: Int16Array,
): number {
  let written = 0;
  for (let base = firstBase; base < endBase; base++) {
    const rows = foldRows(samples, base);
    const store = new Int16Array(rows * base);
    const spare = new Int16Array(rows * base);
    transform(series, 0, base, rows, store, spare, 0);
    for (let row = 0; row < rows - 1; row++) maxima[written++] = largest(store, row * base, base);
  }
  return written;
}

function largest(values: Int16Array, from: number, count: number): number {
  let best = -32768;
  for (let i = from; i < from + count; i++) if (values[i] > best) best = values[i];
  return best;
}

/** All m drifts of the m rows of the series from `first` on, into `to` from `at` on. */
function transform(
  series: Int16Array,
  first: number,
  base: number,
  rows: number,
  to: Int16Array,
  spare: Int16Array,
  at: number,
): void {
  if (rows <= LARGEST_LEAF) {
    for (let row = 0; row < rows; row++) {
      addInTime(series, first, base, rows, row, to, at + row * base);
    }
    return;
  }
  const head = rows >> 1;
  const tail = rows - head;
  const lower = at + head * base;
  transform(series, first, base, head, spare, to, at);
  transform(series, first + head * base, base, tail, spare, to, lower);
  for (let row = 0; row < rows; row++) {
    const a = roundedShare(row, head - 1, rows - 1);
    const b = roundedShare(row, tail - 1, rows - 1);
    const x = at + a * base;
    const y = lower + b * base;
    const z = at + row * base;
    const shift = (row - b) % base;
    const wrap = base - shift;
    for (let j = 0; j < wrap; j++) to[z + j] = saturate(spare[x + j] + spare[y + shift + j]);
    for (let j = wrap; j < base; j++) to[z + j] = saturate(spare[x + j] + spare[y - wrap + j]);
  }
}

/** Drift `row` of one to four rows of the series. */
function addInTime(
  series: Int16Array,
  first: number,
  base: number,
  rows: number,
  row: number,
  to: Int16Array,
  at: number,
): void {
  const second = first + base;
  const third = second + base;
  const fourth = third + base;
  if (rows === 1) {
    for (let j = 0; j < base; j++) to[at + j] = series[first + j];
  } else if (rows === 2) {
    for (let j = 0; j < base; j++)
      to[at + j] = saturate(series[first + j] + series[second + row + j]);
  } else if (rows === 3) {
    const drift = roundedShare(row, 1, 2); // of the tail of two rows
    const shift = row - drift;
    for (let j = 0; j < base; j++) {
      const tail = saturate(series[second + shift + j] + series[third + row + j]);
      to[at + j] = saturate(series[first + j] + tail);
    }
  } else {
    const drift = roundedShare(row, 1, 3); // of either half
    const shift = row - drift;
    for (let j = 0; j < base; j++) {
      const head = saturate(series[first + j] + series[second + drift + j]);
      const tail = saturate(series[third + shift + j] + series[fourth + row + j]);
      to[at + j] = saturate(head + tail);
    }
  }
}

/** row · part / whole to the nearest integer, halves up; 0 where there is no whole. */
function roundedShare(row: number, part: number, whole: number): number {
  return ((2 * row * part + whole) / (2 * whole)) | 0;
}

function saturate(sum: number): number {
  return sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum;
}
