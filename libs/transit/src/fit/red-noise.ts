/**
 * How much more the mean of neighbouring residuals scatters than white noise would: the factor beta
 * by which uncertainties grow (Winn et al. 2008, ApJ 683, 1076, section 3; Pont et al. 2006).
 */
import type { TransitPoints } from './fold.js';

/** With fewer blocks the factor itself is more uncertain than what it corrects. */
const FEWEST_BLOCKS = 8;

/**
 * @param normalised (M,) residuals over their sigma
 * @param blockDays length of the stretches whose means are compared: the transit's duration
 * @returns at least 1
 */
export function redNoiseFactor(
  points: TransitPoints,
  normalised: Float64Array,
  blockDays: number,
): number {
  const m = normalised.length;
  let white = 0;
  let blocks = 0;
  let block = 0;
  let start = 0;
  const label = (i: number) => Math.round(points.fromMidDays[i] / blockDays);
  let used = 0;
  for (let i = 1; i <= m; i++) {
    const ends = i === m || points.epoch[i] !== points.epoch[start] || label(i) !== label(start);
    if (!ends) continue;
    const count = i - start;
    // A block of one point says nothing about correlation.
    if (count > 1) {
      let sum = 0;
      for (let k = start; k < i; k++) {
        sum += normalised[k];
        white += normalised[k] * normalised[k];
      }
      block += (sum * sum) / count;
      used += count;
      blocks++;
    }
    start = i;
  }
  if (blocks < FEWEST_BLOCKS || white === 0) return 1;
  return Math.max(1, Math.sqrt(block / blocks / (white / used)));
}
