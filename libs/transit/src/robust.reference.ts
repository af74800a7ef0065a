/** The slow twins of robust.ts, written from the definitions: sort, then look. */

export function referenceMedian(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function referenceSelect(values: ArrayLike<number>, rank: number): number {
  return Float64Array.from(values).sort()[rank];
}
