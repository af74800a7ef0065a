/**
 * Fast folding: a series is folded at every period between two whole numbers of samples, for the
 * cost of a few additions per sample and period instead of one per sample, period and row.
 *
 * Staelin 1969, Proc. IEEE 57, 724 (the butterfly); Morello et al. 2020, MNRAS 497, 4654 (any
 * number of rows).
 *
 * At a base period of p samples the series is cut into m rows (`foldRows`). Output
 * row s of the m - 1 sums them with a drift of s samples from the first row to the last one, which
 * is a period between p and p + 1 samples (`foldedPeriod` names it). Only the largest sum of each
 * output row is kept.
 *
 * The arithmetic is exact and the same in both implementations, WebAssembly SIMD (../assembly) and
 * plain TypeScript (fold.reference.ts), so that they give the same integers: see the latter for
 * every rounding. In the shapes N is samples of the series, p columns, m rows.
 */
import { foldMaximaReference } from './fold.reference.js';
import { foldPadding, foldRows, LARGEST_LEAF } from './fold-rows.js';
import { foldMaximaWasm, hasWasmSimd } from './fold-wasm.js';

/** Shortest base period: a row holds at least one vector of eight samples. */
export const SHORTEST_BASE = 8;

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
  return rows <= LARGEST_LEAF ? base + drift : (base * base) / (base - drift);
}

/**
 * Writes the maximum of every output row, base period by base period, and returns their number.
 * O(N · log(m)) additions per base period. Uses WebAssembly SIMD where the engine has it, else the
 * plain twin: the integers are the same.
 *
 * @param series (N + foldPadding,) the samples, then zeros.
 * @param firstBase, endBase base periods firstBase ≤ p < endBase; firstBase ≥ 8.
 * @param maxima (foldCount,) filled.
 * @throws {RangeError} where an array is too short or a base period below 8.
 */
export function foldMaxima(
  series: Int16Array,
  samples: number,
  firstBase: number,
  endBase: number,
  maxima: Int16Array,
): number {
  if (!(firstBase >= SHORTEST_BASE)) {
    throw new RangeError(`firstBase must be >= ${SHORTEST_BASE}, not ${firstBase}`);
  }
  demand('series', series.length, samples + foldPadding(endBase));
  demand('maxima', maxima.length, foldCount(samples, firstBase, endBase));
  const implementation = hasWasmSimd() ? foldMaximaWasm : foldMaximaReference;
  return implementation(series, samples, firstBase, endBase, maxima);
}

function demand(name: string, length: number, needed: number): void {
  if (length < needed) throw new RangeError(`${name} must hold ${needed} values, not ${length}`);
}
