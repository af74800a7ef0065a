/**
 * Noise that is correlated in time, as an Ornstein–Uhlenbeck process beside the white noise of the
 * points, and what is left of a curve when it is taken out.
 *
 * With K the covariance of the noise and T the template of a transit, the best depth that can be had
 * is (Tᵀ K⁻¹ x) / (Tᵀ K⁻¹ T), its SNR² the numerator squared over the denominator (generalised least
 * squares, Aitken 1936; the whitening matched filter of the Kepler pipeline, Jenkins 2002, ApJ 575,
 * 493). K⁻¹ x = W (x - s), where W are the white noise's weights and s the expectation of the red
 * noise given all points, which a Kalman filter and a smoother find in O(N), gaps and uneven times
 * included (Rauch, Tung & Striebel 1965, AIAA J. 3, 1445; Kelly et al. 2014, ApJ 788, 33).
 *
 * Pure. Times are in days, N is points.
 */
import { Scratch } from '#kernels';
import type { Points } from './points.js';
import {
  CLIPPED_SCATTER_ERROR,
  clippedScatter,
  median,
  medianInPlace,
  sampleOf,
} from './robust.js';
import { TRANSIT_SHAPE } from './template.js';

export interface RedNoise {
  /** Variance of the process, relative flux squared. */
  readonly variance: number;
  /** Its correlation falls by 1/e in this time. */
  readonly timescaleDays: number;
}

/** Shortest bin in which red noise is sought, in cadences: shorter ones are white by construction. */
const FIRST_BIN_CADENCES = 2.5;
const FIRST_BIN_DAYS = 0.04;
/** Bins double so often: 0.04 to 1.3 d, the durations of transits. */
const LEVELS = 6;
const FEWEST_BINS = 30;
/** Weights and steps that a typical one is taken of, most of which are equal. */
const MOST_TYPICAL = 1024;
/** A bin with less than this share of the typical weight is left out. */
const LEAST_FILLED = 0.5;
/** Standard error of a variance from the scatter of n Gaussian values, over it, times √n. */
const VARIANCE_ERROR = 2 * CLIPPED_SCATTER_ERROR;
const SHORTEST_TIMESCALE_DAYS = 0.03;
const LONGEST_TIMESCALE_DAYS = 5;
const TIMESCALES = 24;
/** Less is what white noise shows in one curve out of some ten thousand. */
const SIGNIFICANT_SIGMAS = 4;
/** What scatters more than this over white noise in three hours is no noise: a star or its eclipses. */
const MOST_REDNESS = 3;
const TYPICAL_TRANSIT_DAYS = 0.125;

/**
 * Estimated from the scatter of bins of several lengths, robustly, so that transits need not be
 * masked. null where there is none to be seen, where there is too little to tell, and where there is
 * so much that it is the signal. O(N).
 */
export function estimateRedNoise(points: Points, scratch = new Scratch()): RedNoise | null {
  const cadenceDays = typicalStepDays(points);
  const excesses = binExcesses(points, cadenceDays, scratch);
  if (!excesses) return null;
  let best: { chi2: number; variance: number; sigmas: number; timescaleDays: number } | null = null;
  for (let i = 0; i < TIMESCALES; i++) {
    const ratio = LONGEST_TIMESCALE_DAYS / SHORTEST_TIMESCALE_DAYS;
    const timescaleDays = SHORTEST_TIMESCALE_DAYS * ratio ** (i / (TIMESCALES - 1));
    let [xx, xy] = [0, 0];
    for (const { days, variance, error } of excesses) {
      const share = binnedShare(days / timescaleDays);
      xx += (share / error) ** 2;
      xy += (share * variance) / error ** 2;
    }
    const variance = xy / xx;
    let chi2 = 0;
    for (const excess of excesses) {
      const model = variance * binnedShare(excess.days / timescaleDays);
      chi2 += ((excess.variance - model) / excess.error) ** 2;
    }
    const sigmas = variance * Math.sqrt(xx);
    if (!best || chi2 < best.chi2) best = { chi2, variance, sigmas, timescaleDays };
  }
  if (!best || !(best.sigmas > SIGNIFICANT_SIGMAS)) return null;
  const share = binnedShare(TYPICAL_TRANSIT_DAYS / best.timescaleDays);
  const weight = (typicalWeight(points) / cadenceDays) * TYPICAL_TRANSIT_DAYS;
  if (1 + best.variance * share * weight > MOST_REDNESS ** 2) return null;
  return { variance: best.variance, timescaleDays: best.timescaleDays };
}

/** Variance of the mean of the process over u timescales, relative to its own. */
function binnedShare(u: number): number {
  return u < 1e-3 ? 1 - u / 3 : (2 * (u - 1 + Math.exp(-u))) / (u * u);
}

interface BinExcess {
  readonly days: number;
  /** Variance of the bins' means beyond white noise; may be negative by chance. */
  readonly variance: number;
  readonly error: number;
}

function binExcesses(
  { timeDays, dip, weight }: Points,
  cadenceDays: number,
  scratch: Scratch,
): BinExcess[] | null {
  const n = timeDays.length;
  if (n < FEWEST_BINS) return null;
  const firstDays = Math.max(FIRST_BIN_DAYS, FIRST_BIN_CADENCES * cadenceDays);
  let count = Math.floor((timeDays[n - 1] - timeDays[0]) / firstDays) + 1;
  const sums = scratch.float64(count).fill(0);
  const weights = scratch.float64(count).fill(0);
  for (let i = 0; i < n; i++) {
    const bin = Math.min(count - 1, Math.floor((timeDays[i] - timeDays[0]) / firstDays));
    sums[bin] += weight[i] * dip[i];
    weights[bin] += weight[i];
  }
  const excesses: BinExcess[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const days = firstDays * 2 ** level;
    const excess = scratch.during(() => excessOf(sums, weights, count, days, scratch));
    if (excess) excesses.push(excess);
    count = Math.ceil(count / 2);
    for (let k = 0; k < count; k++) {
      sums[k] = sums[2 * k] + sums[2 * k + 1];
      weights[k] = weights[2 * k] + weights[2 * k + 1];
    }
  }
  return excesses.length >= 3 ? excesses : null;
}

function excessOf(
  sums: Float64Array,
  weights: Float64Array,
  count: number,
  days: number,
  scratch: Scratch,
): BinExcess | null {
  const occupied = scratch.float64(count);
  let filled = 0;
  for (let k = 0; k < count; k++) if (weights[k] > 0) occupied[filled++] = weights[k];
  if (filled < FEWEST_BINS) return null;
  const typical = medianInPlace(sampleOf(occupied.subarray(0, filled), MOST_TYPICAL));
  const scaled = scratch.float64(filled);
  let kept = 0;
  for (let k = 0; k < count; k++) {
    if (weights[k] >= LEAST_FILLED * typical) scaled[kept++] = sums[k] / Math.sqrt(weights[k]);
  }
  if (kept < FEWEST_BINS) return null;
  const values = scaled.subarray(0, kept);
  const redness = clippedScatter(values);
  const variance = (redness * redness - 1) / typical;
  return {
    days,
    variance,
    error: (VARIANCE_ERROR * redness * redness) / (typical * Math.sqrt(kept)),
  };
}

/**
 * The points less the expectation of the red noise, with the gain that keeps their sums in step: where
 * Σ w·T² would be the denominator, gain(duration) · Σ w·T² is. O(N).
 *
 * @param scratch the dips are taken of it. @default fresh memory
 */
export function whiten(points: Points, noise: RedNoise | null, scratch = new Scratch()): Points {
  if (!noise) return points;
  const { timeDays, dip, weight } = points;
  const rest = scratch.float64(dip.length);
  scratch.during(() =>
    subtract(dip, expectedRedNoise(timeDays, dip, weight, noise, scratch), rest),
  );
  return { ...points, dip: rest, gain: gainOf(weightPerDay(points), noise) };
}

function subtract(from: Float64Array, values: Float64Array, rest: Float64Array): void {
  for (let i = 0; i < rest.length; i++) rest[i] = from[i] - values[i];
}

/** Steps that differ by less than this part are taken for equal. */
const SAME_STEP = 1e-4;

/** (N,) the expectation of the process at each point, given all points. O(N). */
export function expectedRedNoise(
  timeDays: Float64Array,
  dip: Float64Array,
  weight: Float64Array,
  { variance, timescaleDays }: RedNoise,
  scratch = new Scratch(),
): Float64Array {
  const n = timeDays.length;
  const mean = scratch.float64(n);
  const spread = scratch.float64(n);
  const kept = scratch.float64(n);
  let [m, p, lastStep, decay] = [0, variance, NaN, 0];
  for (let i = 0; i < n; i++) {
    if (i > 0) {
      const step = timeDays[i] - timeDays[i - 1];
      // Regular cadences differ by less than a second: one exponential serves many points.
      if (!(Math.abs(step - lastStep) <= SAME_STEP * step)) {
        decay = Math.exp(-step / timescaleDays);
        lastStep = step;
      }
      m *= decay;
      p = variance + (p - variance) * decay * decay;
      kept[i] = decay;
    }
    const gain = (p * weight[i]) / (1 + p * weight[i]);
    m += gain * (dip[i] - m);
    p *= 1 - gain;
    mean[i] = m;
    spread[i] = p;
  }
  for (let i = n - 2; i >= 0; i--) {
    const decay1 = kept[i + 1];
    const predicted = variance + (spread[i] - variance) * decay1 * decay1;
    mean[i] += ((spread[i] * decay1) / predicted) * (mean[i + 1] - decay1 * mean[i]);
  }
  return mean;
}

const SHORTEST_GAIN_DAYS = 0.005;
const LONGEST_GAIN_DAYS = 4;
const GAINS = 24;
/** Points per duration on which a gain is computed. */
const GAIN_POINTS = 60;
/** The inverse of the covariance forgets after so many of its own timescales. */
const FORGETTING = 4;

/**
 * Tᵀ K⁻¹ T over Tᵀ W T for a transit that is fully covered at the curve's typical cadence, as a
 * function of its duration: 1 for white noise, below it for red.
 *
 * @param density typical weight of one day of observation
 */
function gainOf(density: number, noise: RedNoise): (durationDays: number) => number {
  // The timescale of the inverse covariance of OU and white noise (Wiener filter).
  const inverse =
    noise.timescaleDays / Math.sqrt(1 + 2 * noise.variance * noise.timescaleDays * density);
  const perStep = Math.log(LONGEST_GAIN_DAYS / SHORTEST_GAIN_DAYS) / (GAINS - 1);
  const gains = new Float64Array(GAINS).fill(NaN);
  const gainAt = (index: number): number => {
    if (Number.isNaN(gains[index])) {
      const durationDays = SHORTEST_GAIN_DAYS * Math.exp(index * perStep);
      gains[index] = gainOfShape(durationDays, density, noise, FORGETTING * inverse);
    }
    return gains[index];
  };
  return (durationDays) => {
    const at = Math.log(durationDays / SHORTEST_GAIN_DAYS) / perStep;
    const index = Math.max(0, Math.min(GAINS - 2, Math.floor(at)));
    const part = Math.max(0, Math.min(1, at - index));
    return gainAt(index) + part * (gainAt(index + 1) - gainAt(index));
  };
}

/** @param memoryDays how far from the transit the points still matter */
function gainOfShape(
  durationDays: number,
  density: number,
  noise: RedNoise,
  memoryDays: number,
): number {
  const stepDays = durationDays / GAIN_POINTS;
  const half = Math.ceil((durationDays / 2 + memoryDays) / stepDays);
  const count = 2 * half + 1;
  const times = new Float64Array(count);
  const shape = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    times[i] = (i - half) * stepDays;
    const u = (2 * Math.abs(times[i])) / durationDays;
    shape[i] = u < 1 ? TRANSIT_SHAPE[(u * (TRANSIT_SHAPE.length - 1)) | 0] : 0;
  }
  const weight = new Float64Array(count).fill(density * stepDays);
  const red = expectedRedNoise(times, shape, weight, noise);
  let white = 0;
  let left = 0;
  for (let i = 0; i < count; i++) {
    white += shape[i] * shape[i];
    left += shape[i] * (shape[i] - red[i]);
  }
  return left / white;
}

/** Typical weight of one day of observation. */
function weightPerDay(points: Points): number {
  return typicalWeight(points) / typicalStepDays(points);
}

const typicalWeight = ({ weight }: Points) => medianInPlace(sampleOf(weight, MOST_TYPICAL));

/** Typical time from one point to the next. */
function typicalStepDays({ timeDays }: Points): number {
  const stride = Math.ceil((timeDays.length - 1) / MOST_TYPICAL);
  const steps: number[] = [];
  for (let i = 0; i + 1 < timeDays.length; i += stride) steps.push(timeDays[i + 1] - timeDays[i]);
  return median(steps);
}
