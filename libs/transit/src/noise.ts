/**
 * How noisy a curve is: per point, and on the time scale of a transit.
 *
 * Pont, Zucker & Queloz 2006, MNRAS 373, 231: noise that is correlated in time does not average out
 * within a transit, only between transits. With σ_w per point and σ_r on the scale of a transit, the
 * depth from n points in N transits has the variance σ_w²/n + σ_r²/N (their eq. 10).
 */
import { Scratch } from '#kernels';
import type { Points } from './points.js';
import { CLIPPED_SCATTER_ERROR, clippedScatter, selectInPlace, towardsOne } from './robust.js';

/** A bin with less than this share of the typical bin's weight is left out. */
const LEAST_FILLED = 0.5;
/** With fewer bins than this the scatter of bins is no measurement. */
const LEAST_BINS = 20;

export interface CorrelatedNoise {
  /** Variance that bins of this length have beyond white noise's, relative flux squared. */
  readonly redVariance: number;
  /** Scatter of bins over white noise's, ≥ 1; 1 where there are too few bins to tell. */
  readonly redness: number;
}

/**
 * Scatter of the means of bins as long as a transit, against what the points' own errors predict, as
 * far as it exceeds it by more than its own error. The points of the transits themselves should have
 * been taken out. O(N).
 */
export function correlatedNoise(
  points: Points,
  durationDays: number,
  scratch = new Scratch(),
): CorrelatedNoise {
  const { timeDays, dip, weight } = points;
  const means = scratch.float64(timeDays.length);
  const weights = scratch.float64(timeDays.length);
  let bins = 0;
  for (let i = 0; i < timeDays.length;) {
    const edge = timeDays[i] + durationDays;
    let sum = 0;
    let total = 0;
    for (; i < timeDays.length && timeDays[i] < edge; i++) {
      sum += weight[i] * dip[i];
      total += weight[i];
    }
    if (!(total > 0)) continue;
    means[bins] = sum / total;
    weights[bins] = total;
    bins++;
  }
  if (bins < LEAST_BINS) return { redVariance: 0, redness: 1 };
  const typical = selectInPlace(weights.slice(0, bins), bins >> 1);
  const normalised = new Float64Array(bins);
  let filled = 0;
  for (let k = 0; k < bins; k++) {
    if (weights[k] >= LEAST_FILLED * typical)
      normalised[filled++] = means[k] * Math.sqrt(weights[k]);
  }
  if (filled < LEAST_BINS) return { redVariance: 0, redness: 1 };
  const values = normalised.subarray(0, filled);
  const redness = towardsOne(clippedScatter(values), CLIPPED_SCATTER_ERROR / Math.sqrt(filled));
  if (!(redness > 1)) return { redVariance: 0, redness: 1 };
  return { redVariance: (redness * redness - 1) / typical, redness };
}

/** SNR of a depth with its white variance and the red noise of `transits` transits added. */
export function redSnr(
  depth: number,
  whiteVariance: number,
  noise: CorrelatedNoise,
  transits: number,
): number {
  return depth / Math.sqrt(whiteVariance + noise.redVariance / Math.max(1, transits));
}
