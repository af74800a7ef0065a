/** Order statistics that a few wild points cannot move. NaN where there is nothing to count. */

/** 1 / Φ⁻¹(3/4): turns a median absolute deviation into a Gaussian standard deviation. */
export const GAUSSIAN_PER_MAD = 1.4826022185056018;

/** Median; the mean of the two middle values where their number is even. O(n log n), fixed order. */
export function median(values: ArrayLike<number>): number {
  return medianOfSorted(Float64Array.from(values).sort());
}

export function medianOfSorted(sorted: Float64Array): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  const middle = n >> 1;
  return n % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median absolute deviation from the median, as a Gaussian standard deviation. */
export function robustScatter(values: ArrayLike<number>, centre = median(values)): number {
  const deviation = new Float64Array(values.length);
  for (let i = 0; i < deviation.length; i++) deviation[i] = Math.abs(values[i] - centre);
  return GAUSSIAN_PER_MAD * medianOfSorted(deviation.sort());
}

/** First index whose value is not below `value`; `sorted` is increasing. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
