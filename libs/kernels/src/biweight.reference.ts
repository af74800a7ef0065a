/** Median and Tukey's biweight (Mosteller & Tukey 1977), written from their definitions. */

/** NaN of nothing. */
export function sortedMedian(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Location with weights (1 - u²)² for u = (x - location) / (5 MAD), |u| < 1. */
export function biweightLocation(values: readonly number[]): number {
  let location = sortedMedian(values);
  const mad = sortedMedian(values.map((x) => Math.abs(x - location)));
  if (mad === 0) return location;
  for (let iteration = 0; iteration < 200; iteration++) {
    let sum = 0;
    let weights = 0;
    for (const x of values) {
      const u = (x - location) / (5 * mad);
      if (Math.abs(u) >= 1) continue;
      const weight = (1 - u * u) ** 2;
      sum += weight * x;
      weights += weight;
    }
    const moved = sum / weights - location;
    location += moved;
    if (Math.abs(moved) < 1e-9 * mad) break;
  }
  return location;
}
