/**
 * Folds of two series at exact periods, sums of the one squared over sums of the other: the
 * multiple-event statistic (Jenkins 2002, ApJ 575, 493) of every epoch, of which the best is kept.
 *
 * In the shapes N is samples, P periods.
 */
import { foldColumnsReference } from './columns.reference.js';
import { foldColumnsWasm, hasWasmSimd } from './fold-wasm.js';

export interface StrongestColumns {
  /** (P,) sample of the first row at which the sums are best; -1 where none is positive. */
  readonly column: Int32Array;
  /** (P,) (Σ numerator)² / Σ denominator there; 0 where none is positive. */
  readonly power: Float64Array;
}

/**
 * O(N) time per period, four samples at a time.
 *
 * @param numerator, denominator (N,)
 * @param periods (P,) in samples, each ≥ 1 and ≤ N.
 * @param leastDenominator sums below it do not count: the rim of a transit in a gap.
 * @throws {RangeError} where the lengths differ or a period is outside its range.
 */
export function strongestColumns(
  numerator: Float32Array,
  denominator: Float32Array,
  periods: Float64Array,
  leastDenominator: number,
): StrongestColumns {
  const n = numerator.length;
  if (denominator.length !== n) {
    throw new RangeError(`denominator must hold ${n} values, not ${denominator.length}`);
  }
  let longest = 0;
  for (const period of periods) {
    if (!(period >= 1 && period <= n)) {
      throw new RangeError(`periods must be from 1 to ${n} samples, not ${period}`);
    }
    longest = Math.max(longest, Math.ceil(period));
  }
  const best = {
    column: new Int32Array(periods.length).fill(-1),
    power: new Float64Array(periods.length),
  };
  const keepBest = (i: number, above: Float32Array, below: Float32Array) =>
    keepStrongest(best, i, above, below, Math.ceil(periods[i]), leastDenominator);
  if (hasWasmSimd()) {
    foldColumnsWasm(numerator, denominator, periods, longest, keepBest);
  } else {
    for (let i = 0; i < periods.length; i++) {
      const above = new Float32Array(Math.ceil(periods[i]));
      const below = new Float32Array(Math.ceil(periods[i]));
      foldColumnsReference(numerator, denominator, periods[i], above, below);
      keepBest(i, above, below);
    }
  }
  return best;
}

function keepStrongest(
  { column, power }: StrongestColumns,
  i: number,
  above: Float32Array,
  below: Float32Array,
  columns: number,
  leastDenominator: number,
): void {
  for (let j = 0; j < columns; j++) {
    if (!(above[j] > 0) || below[j] < leastDenominator) continue;
    const value = (above[j] * above[j]) / below[j];
    if (value <= power[i]) continue;
    power[i] = value;
    column[i] = j;
  }
}
