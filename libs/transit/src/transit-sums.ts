/**
 * What the transits of an ephemeris gather from the points: the sums from which depth and SNR follow.
 *
 * With the template T of a transit, smeared by each point's exposure, depth = Σ w·x·T / Σ w·T² and
 * SNR² = (Σ w·x·T)² / Σ w·T², the drop of χ² against a flat line (Kovács et al. 2002, with a
 * transit's shape instead of a box).
 *
 * Times are in days. N is points, K transits of an ephemeris.
 */
import { Scratch } from '#kernels';
import type { Points } from './points.js';
import { lowerBound } from './robust.js';
import { exposedShape } from './template.js';

export interface Ephemeris {
  readonly periodDays: number;
  /** Any mid-time. */
  readonly t0Days: number;
  readonly durationDays: number;
}

/** What an ephemeris gathers, transit by transit. */
export interface TransitSums {
  /** (K,) Σ w·x·T and Σ w·T² of transit k, at t0 + k · period, t0 being the first in the span. */
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
  readonly firstMidTimeDays: number;
}

export interface Candidate extends Ephemeris {
  readonly snr: number;
}

/** Sums over each transit whose middle lies in the span of the points, half a duration widened. O(N). */
export function transitSums(points: Points, ephemeris: Ephemeris): TransitSums {
  const { k0, count } = transitsIn(points, ephemeris);
  const sums = {
    numerator: new Float64Array(count),
    denominator: new Float64Array(count),
    firstMidTimeDays: ephemeris.t0Days + k0 * ephemeris.periodDays,
  };
  gather(points, ephemeris, sums);
  return sums;
}

function transitsIn({ timeDays }: Points, { periodDays, t0Days, durationDays }: Ephemeris) {
  const half = durationDays / 2;
  const k0 = Math.ceil((timeDays[0] - half - t0Days) / periodDays);
  const k1 = Math.floor((timeDays[timeDays.length - 1] + half - t0Days) / periodDays);
  return { k0, count: Math.max(0, k1 - k0 + 1) };
}

/**
 * Σ w·x·T and Σ w·T² (times the gain of whitened points) of each transit that has points, where they are
 * asked for; the others' stay as they are.
 *
 * @returns the SNR of all of them, 0 where nothing dips
 */
function gather(points: Points, ephemeris: Ephemeris, sums: TransitSums | null): number {
  const { timeDays, dip, weight, exposures } = points;
  const { periodDays, t0Days, durationDays } = ephemeris;
  const n = timeDays.length;
  const { k0, count } = transitsIn(points, ephemeris);
  const gain = points.gain ? points.gain(durationDays) : 1;
  const reach = (durationDays + (exposures?.longestDays ?? 0)) / 2;
  let i = 0;
  let allAbove = 0;
  let allBelow = 0;
  for (let k = 0; k < count && i < n; k++) {
    const middle = t0Days + (k0 + k) * periodDays;
    i = advance(timeDays, i, middle - reach);
    if (i >= n || timeDays[i] > middle + reach) continue;
    let above = 0;
    let below = 0;
    for (; i < n && timeDays[i] <= middle + reach; i++) {
      const shape = exposedShape(
        timeDays[i] - middle,
        durationDays,
        exposures ? exposures.days[i] : 0,
      );
      const weighted = weight[i] * shape;
      above += weighted * dip[i];
      below += weighted * shape;
    }
    below *= gain;
    allAbove += above;
    allBelow += below;
    if (!sums) continue;
    sums.numerator[k] = above;
    sums.denominator[k] = below;
  }
  return snrOfSums(allAbove, allBelow);
}

/** First index from `from` on whose time is not below `time`: a gallop, then bisection. */
export function advance(timeDays: Float64Array, from: number, time: number): number {
  if (timeDays[from] >= time) return from;
  let step = 1;
  while (from + step < timeDays.length && timeDays[from + step] < time) step *= 2;
  return lowerBound(timeDays, time, from + (step >> 1), Math.min(timeDays.length, from + step + 1));
}

/**
 * The points with no weight inside of the transits. O(N).
 *
 * @param scratch the weights are taken of it. @default fresh memory
 */
export function hideTransits(
  points: Points,
  ephemeris: Ephemeris,
  scratch = new Scratch(),
): Points {
  const { timeDays } = points;
  const { periodDays, t0Days, durationDays } = ephemeris;
  const weight = scratch.float64(points.weight.length);
  weight.set(points.weight);
  const { k0, count } = transitsIn(points, ephemeris);
  for (let k = 0, i = 0; k < count && i < weight.length; k++) {
    const middle = t0Days + (k0 + k) * periodDays;
    i = advance(timeDays, i, middle - durationDays / 2);
    for (; i < weight.length && timeDays[i] <= middle + durationDays / 2; i++) weight[i] = 0;
  }
  return { ...points, weight };
}

export function snrOf(numerator: ArrayLike<number>, denominator: ArrayLike<number>): number {
  let above = 0;
  let below = 0;
  for (let k = 0; k < numerator.length; k++) {
    above += numerator[k];
    below += denominator[k];
  }
  return snrOfSums(above, below);
}

const snrOfSums = (above: number, below: number) =>
  below > 0 && above > 0 ? above / Math.sqrt(below) : 0;

/** O(N). */
export const snrAt = (points: Points, ephemeris: Ephemeris): number =>
  gather(points, ephemeris, null);
