/**
 * Fast folding: a series is folded at every period between two whole numbers of samples, for the
 * cost of a few additions per sample and period instead of one per sample, period and row.
 *
 * Staelin 1969, Proc. IEEE 57, 724 (the butterfly); Morello et al. 2020, MNRAS 497, 4654 (any
 * number of rows).
 *
 * At a base period of p samples the series is cut into m = max(2, ceil(samples / p)) rows. Output
 * row s of the m - 1 sums them with a drift of s samples from the first row to the last one, which
 * is a period between p and p + 1 samples (`foldedPeriod` names it). Only the largest sum of each
 * output row is kept. Columns are cyclic: a drift past the last column goes on at the first one.
 *
 * Arithmetic, exact and the same in every implementation: 16-bit integers; sums saturate at -32768
 * and 32767 in the order head + tail of the recursion below; the rows to combine are chosen by
 * integer division, halves up. In the shapes N is samples of the series, p columns, m rows.
 */

/** Rows up to this many are summed straight from the series, without a butterfly. */
const LARGEST_DIRECT = 4;
/** Columns that a SIMD implementation may read or write past the end of a row. */
const VECTOR = 8;

/** Zeros that must follow the samples in `series` for base periods below `endBase`. */
export function foldPadding(endBase: number): number {
  return endBase + 4 * VECTOR;
}

/** Rows of the series at base period p. */
export function foldRows(samples: number, base: number): number {
  return Math.max(2, Math.ceil(samples / base));
}

/** 16-bit words that `foldMaxima` needs as scratch for base periods in [firstBase, endBase). */
export function foldScratch(samples: number, firstBase: number, endBase: number): number {
  let words = 0;
  for (let base = firstBase; base < endBase; base++) {
    words = Math.max(words, 2 * (foldRows(samples, base) + 1) * rowStride(base));
  }
  return words;
}

/** How many maxima `foldMaxima` writes for base periods in [firstBase, endBase). */
export function foldCount(samples: number, firstBase: number, endBase: number): number {
  let count = 0;
  for (let base = firstBase; base < endBase; base++) count += foldRows(samples, base) - 1;
  return count;
}

/**
 * Period of output row s in samples.
 *
 * A cyclic drift of d = s / (m - 1) samples per row skips a row whenever it has gone once around,
 * so the n-th dip lies n·p²/(p - d) from the first one, not n·(p + d). Few rows are read without
 * going around, and there the plain label holds.
 */
export function foldedPeriod(base: number, rows: number, row: number): number {
  const drift = row / (rows - 1);
  return rows <= LARGEST_DIRECT ? base + drift : (base * base) / (base - drift);
}

/**
 * Writes the maximum of every output row, base period by base period, and returns their number.
 * O(N · log(m)) additions per base period.
 *
 * @param series (N + foldPadding,) the samples, then zeros.
 * @param firstBase, endBase base periods firstBase ≤ p < endBase; firstBase ≥ 4.
 * @param scratch (foldScratch,) overwritten.
 * @param maxima (foldCount,) filled.
 * @throws {RangeError} where an array is too short or a base period below 4.
 */
export function foldMaxima(
  series: Int16Array,
  samples: number,
  firstBase: number,
  endBase: number,
  scratch: Int16Array,
  maxima: Int16Array,
): number {
  if (!(firstBase >= 4)) throw new RangeError(`firstBase must be >= 4, not ${firstBase}`);
  demand('series', series.length, samples + foldPadding(endBase));
  demand('scratch', scratch.length, foldScratch(samples, firstBase, endBase));
  demand('maxima', maxima.length, foldCount(samples, firstBase, endBase));
  let written = 0;
  for (let base = firstBase; base < endBase; base++) {
    const rows = foldRows(samples, base);
    if (rows <= LARGEST_DIRECT) foldDirectly(series, base, rows, maxima, written);
    else foldByButterfly(series, base, rows, scratch, maxima, written);
    written += rows - 1;
  }
  return written;
}

function demand(name: string, length: number, needed: number): void {
  if (length < needed) {
    throw new RangeError(`${name} must hold ${needed} values, not ${length}`);
  }
}

/** A multiple of the vector length, with room for one vector of wrapped copies. */
function rowStride(base: number): number {
  return Math.ceil(base / VECTOR) * VECTOR + VECTOR;
}

/** Two to four rows: every drift is read from the series as it lies in time, nothing goes around. */
function foldDirectly(
  series: Int16Array,
  base: number,
  rows: number,
  maxima: Int16Array,
  at: number,
): void {
  for (let row = 0; row < rows - 1; row++) {
    const second = base + roundedShare(row, 1, rows - 1);
    const third = rows > 2 ? 2 * base + roundedShare(row, 2, rows - 1) : -1;
    const fourth = rows > 3 ? 3 * base + row : -1;
    let best = -32768;
    for (let j = 0; j < base; j++) {
      let sum = saturate(series[j] + series[second + j]);
      if (third >= 0) {
        const rest = fourth < 0 ? 0 : series[fourth + j];
        sum = saturate(sum + saturate(series[third + j] + rest));
      }
      if (sum > best) best = sum;
    }
    maxima[at + row] = best;
  }
}

function foldByButterfly(
  series: Int16Array,
  base: number,
  rows: number,
  scratch: Int16Array,
  maxima: Int16Array,
  at: number,
): void {
  const stride = rowStride(base);
  const head = rows >> 1;
  const tail = rows - head;
  const upper = 0;
  const lower = head * stride;
  const spare = (rows + 1) * stride;
  transform(series, base, stride, 0, head, scratch, upper, spare);
  transform(series, base, stride, head, tail, scratch, lower, spare + lower);
  for (let row = 0; row < rows - 1; row++) {
    const a = roundedShare(row, head - 1, rows - 1);
    const b = roundedShare(row, tail - 1, rows - 1);
    maxima[at + row] = largestSum(
      scratch,
      upper + a * stride,
      lower + b * stride,
      (row - b) % base,
      base,
    );
  }
}

/**
 * All m drifts of m rows, by recursion: drift s of the whole is drift a of the first half plus
 * drift b of the second half, shifted by what the first half and the step between them drifted.
 */
function transform(
  series: Int16Array,
  base: number,
  stride: number,
  firstRow: number,
  rows: number,
  store: Int16Array,
  to: number,
  spare: number,
): void {
  if (rows === 1) {
    const from = firstRow * base;
    for (let j = 0; j < base; j++) store[to + j] = series[from + j];
    return;
  }
  if (rows === 2) {
    const first = firstRow * base;
    addSeriesRows(series, first, first + base, store, to, stride, base);
    return;
  }
  const head = rows >> 1;
  const tail = rows - head;
  const lower = spare + head * stride;
  transform(series, base, stride, firstRow, head, store, spare, to);
  transform(series, base, stride, firstRow + head, tail, store, lower, to + head * stride);
  for (let row = 0; row < rows; row++) {
    const a = roundedShare(row, head - 1, rows - 1);
    const b = roundedShare(row, tail - 1, rows - 1);
    const shift = (row - b) % base;
    addRows(store, spare + a * stride, lower + b * stride, to + row * stride, shift, base);
  }
}

/** row · part / whole to the nearest integer, halves up; 0 where there is no whole. */
function roundedShare(row: number, part: number, whole: number): number {
  return ((2 * row * part + whole) / (2 * whole)) | 0;
}

function saturate(sum: number): number {
  return sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum;
}

/** Two rows of the series, without drift and with a drift of one sample. */
function addSeriesRows(
  series: Int16Array,
  x: number,
  y: number,
  store: Int16Array,
  to: number,
  stride: number,
  base: number,
): void {
  const drifted = to + stride;
  for (let j = 0; j < base - 1; j++) {
    const value = series[x + j];
    store[to + j] = saturate(value + series[y + j]);
    store[drifted + j] = saturate(value + series[y + j + 1]);
  }
  const last = base - 1;
  store[to + last] = saturate(series[x + last] + series[y + last]);
  store[drifted + last] = saturate(series[x + last] + series[y]);
}

function addRows(
  store: Int16Array,
  x: number,
  y: number,
  to: number,
  shift: number,
  base: number,
): void {
  const wrap = base - shift;
  const ahead = y + shift;
  for (let j = 0; j < wrap; j++) store[to + j] = saturate(store[x + j] + store[ahead + j]);
  const around = ahead - base;
  for (let j = wrap; j < base; j++) store[to + j] = saturate(store[x + j] + store[around + j]);
}

function largestSum(store: Int16Array, x: number, y: number, shift: number, base: number): number {
  const wrap = base - shift;
  const ahead = y + shift;
  let best = -32768;
  for (let j = 0; j < wrap; j++) {
    const sum = store[x + j] + store[ahead + j];
    if (sum > best) best = sum;
  }
  const around = ahead - base;
  for (let j = wrap; j < base; j++) {
    const sum = store[x + j] + store[around + j];
    if (sum > best) best = sum;
  }
  return saturate(best);
}
