/**
 * The best first split by its definition: every feature, every place between two values, either
 * side for what is missing; sums made anew each time. The slow twin of both histogram searches.
 */
import type { Examples } from '../examples.js';

export interface ReferenceSplit {
  readonly feature: number;
  readonly isMissingLeft: boolean;
  /** Rows that go left, ascending. */
  readonly left: readonly number[];
  readonly value: number;
}

/** @param value of a way to divide the rows; the largest is best */
export function bestSplitByDefinition(
  { rows, features, values }: Examples,
  minSamplesLeaf: number,
  value: (left: readonly number[], right: readonly number[]) => number,
): ReferenceSplit | null {
  let best: ReferenceSplit | null = null;
  const all = Array.from({ length: rows }, (_, row) => row);
  for (let feature = 0; feature < features; feature++) {
    const of = (row: number) => values[row * features + feature];
    const thresholds = all.map(of).filter((own) => !Number.isNaN(own));
    for (const threshold of thresholds) {
      for (const isMissingLeft of [false, true]) {
        const isLeft = (row: number) =>
          of(row) <= threshold || (Number.isNaN(of(row)) && isMissingLeft);
        const left = all.filter(isLeft);
        const right = all.filter((row) => !isLeft(row));
        if (Math.min(left.length, right.length) < Math.max(1, minSamplesLeaf)) continue;
        const own = value(left, right);
        if (!best || own > best.value) best = { feature, isMissingLeft, left, value: own };
      }
    }
  }
  return best;
}

/** Gini impurity, or the variance, of some rows, times their number. */
export function impurity({ targets, classes }: Examples, rows: readonly number[]): number {
  if (classes === 0) {
    const mean = rows.reduce((sum, row) => sum + targets[row], 0) / rows.length;
    return rows.reduce((sum, row) => sum + (targets[row] - mean) ** 2, 0);
  }
  let pure = 0;
  for (let k = 0; k < classes; k++) {
    pure += (rows.filter((row) => targets[row] === k).length / rows.length) ** 2;
  }
  return rows.length * (1 - pure);
}
