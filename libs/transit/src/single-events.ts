/**
 * How much every moment looks like the middle of a transit: a matched filter with one duration.
 *
 * Jenkins 2002, ApJ 575, 493 (the single-event statistic of the Kepler pipeline, here for white
 * noise with inverse-variance weights). The true times of the points enter, so that gaps and
 * barycentric shifts need no resampling. N is points, M moments.
 */
import { filterSeries, Scratch } from '#kernels';
import type { Points } from './points.js';
import { CLIPPED_SCATTER_ERROR, clippedScatter, medianInPlace, towardsOne } from './robust.js';
import { TRANSIT_SHAPE } from './template.js';

/** Moments that hold less than this share of a full transit's weight say nothing of the noise. */
const COVERED = 0.5;
/** Moments that the scatter is taken of, evenly chosen: its error is 1 % then. */
const MOST_RANKED = 8192;
/** The same for denominators, most of which are equal. */
const MOST_DENOMINATORS = 1024;
/** With fewer moments than this their scatter is no measurement. */
const FEWEST_RANKED = 10;

export interface SingleEvents {
  readonly durationDays: number;
  /** Moment k is at start + k · step. */
  readonly startDays: number;
  readonly stepDays: number;
  /** (M,) Σ w·x·T: depth = numerator / denominator, SNR = numerator / √denominator. */
  readonly numerator: Float32Array;
  /** (M,) Σ w·T², times the gain of whitened points: 0 where there are no points. */
  readonly denominator: Float32Array;
  /** Denominator of a transit that is fully covered (median). */
  readonly typicalDenominator: number;
  /** Sum of all denominators. */
  readonly totalDenominator: number;
  /** Largest numerator; 0 where nothing dips. */
  readonly largestNumerator: number;
  /**
   * Robust scatter of the SNR over white noise's, ≥ 1: how red the noise is at this duration. Where
   * nothing red was seen in the points (whitening.ts), it is believed only beyond its own error: that
   * gains 0.3 points of recall in white noise. Where it was, the scatter is what the model of it
   * missed, and is believed as it is: not doing so costs 2 points in red noise.
   */
  readonly redness: number;
}

/** One series: its duration and the distance of its moments. */
export interface EventSpacing {
  readonly durationDays: number;
  readonly stepDays: number;
}

/**
 * One series per spacing, in their order; those of one duration share the noise of the first. O(M + N ·
 * durationDays / stepDays) each.
 *
 * @param scratch the series are taken of it. @default fresh memory
 */
export function singleEvents(
  points: Points,
  spacings: readonly EventSpacing[],
  scratch = new Scratch(),
): SingleEvents[] {
  const { timeDays } = points;
  const spanDays = timeDays[timeDays.length - 1] - timeDays[0];
  const filters = spacings.map((spacing) => ({
    ...spacing,
    moments: Math.floor(spanDays / spacing.stepDays) + 1,
  }));
  const found: SingleEvents[] = [];
  filterSeries(points, TRANSIT_SHAPE, filters, scratch).forEach(({ numerator, denominator }, i) => {
    const { durationDays, stepDays } = spacings[i];
    if (points.gain) multiply(denominator, points.gain(durationDays));
    const known = found.find((each) => each.durationDays === durationDays);
    const typicalDenominator =
      known?.typicalDenominator ?? scratch.during(() => typicalOf(denominator, scratch));
    found.push({
      durationDays,
      startDays: timeDays[0],
      stepDays,
      numerator,
      denominator,
      typicalDenominator,
      totalDenominator: sumOf(denominator),
      largestNumerator: largestOf(numerator),
      redness:
        known?.redness ??
        scratch.during(() =>
          rednessOf(
            numerator,
            denominator,
            {
              leastDenominator: COVERED * typicalDenominator,
              momentsPerDuration: durationDays / stepDays,
              isWhitened: points.gain !== undefined,
            },
            scratch,
          ),
        ),
    });
  });
  return found;
}

function multiply(values: Float32Array, factor: number): void {
  for (let k = 0; k < values.length; k++) values[k] *= factor;
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum;
}

/** 0 where none is above it. */
function largestOf(values: Float32Array): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k]);
  return largest;
}

/** Median of the denominators that are not 0; 0 where there are none. */
function typicalOf(denominator: Float32Array, scratch: Scratch): number {
  const ranked = scratch.float64(MOST_DENOMINATORS + 1);
  const stride = Math.ceil(denominator.length / MOST_DENOMINATORS);
  let count = 0;
  for (let k = 0; k < denominator.length; k += stride) {
    if (denominator[k] > 0) ranked[count++] = denominator[k];
  }
  return count > 0 ? medianInPlace(ranked.subarray(0, count)) : 0;
}

interface Noise {
  /** Only moments with at least this denominator say something of it. */
  readonly leastDenominator: number;
  /** Moments in one duration, which are no independent values. */
  readonly momentsPerDuration: number;
  /** Whether something red was found in the points, and taken out. */
  readonly isWhitened: boolean;
}

/** See `SingleEvents.redness`. */
function rednessOf(
  numerator: Float32Array,
  denominator: Float32Array,
  { leastDenominator, momentsPerDuration, isWhitened }: Noise,
  scratch: Scratch,
): number {
  const snr = scratch.float64(MOST_RANKED + 1);
  const stride = Math.ceil(numerator.length / MOST_RANKED);
  let count = 0;
  for (let k = 0; k < numerator.length; k += stride) {
    if (denominator[k] > leastDenominator) snr[count++] = numerator[k] / Math.sqrt(denominator[k]);
  }
  if (count < FEWEST_RANKED) return 1;
  const ranked = snr.subarray(0, count);
  const scatter = clippedScatter(ranked);
  if (isWhitened) return Math.max(1, scatter);
  const independent = (count * stride) / momentsPerDuration;
  return Math.max(1, towardsOne(scatter, CLIPPED_SCATTER_ERROR / Math.sqrt(independent)));
}
