/**
 * How much every moment looks like the middle of a transit: a matched filter with one duration.
 *
 * Jenkins 2002, ApJ 575, 493 (the single-event statistic of the Kepler pipeline, here for white
 * noise with inverse-variance weights). The true times of the points enter, so that gaps and
 * barycentric shifts need no resampling. N is points, M moments.
 */
import type { Points } from './points.js';
import { robustScatter } from './robust.js';
import { shapeStepsPerDay, TRANSIT_SHAPE } from './template.js';

/** Moments that hold less than this share of a full transit's weight say nothing of the noise. */
const COVERED = 0.5;

export interface SingleEvents {
  readonly durationDays: number;
  /** Moment k is at start + k · step. */
  readonly startDays: number;
  readonly stepDays: number;
  /** (M,) Σ w·x·T: depth = numerator / denominator, SNR = numerator / √denominator. */
  readonly numerator: Float64Array;
  /** (M,) Σ w·T²: 0 where there are no points. */
  readonly denominator: Float64Array;
  /** Denominator of a transit that is fully covered (median). */
  readonly typicalDenominator: number;
  /** Robust scatter of the SNR over white noise's, ≥ 1: how red the noise is at this duration. */
  readonly redness: number;
}

/** O(M + N · durationDays / stepDays). */
export function singleEvents(points: Points, durationDays: number, stepDays: number): SingleEvents {
  const { timeDays, dip, weight } = points;
  const n = timeDays.length;
  const startDays = timeDays[0];
  const moments = Math.floor((timeDays[n - 1] - startDays) / stepDays) + 1;
  const numerator = new Float64Array(moments);
  const denominator = new Float64Array(moments);
  const half = durationDays / 2;
  const stepsPerDay = shapeStepsPerDay(durationDays);
  let first = 0;
  for (let k = 0; k < moments; k++) {
    const middle = startDays + k * stepDays;
    while (first < n && timeDays[first] < middle - half) first++;
    let above = 0;
    let below = 0;
    for (let i = first; i < n; i++) {
      const distance = Math.abs(timeDays[i] - middle);
      if (timeDays[i] > middle + half) break;
      const shape = TRANSIT_SHAPE[(distance * stepsPerDay) | 0];
      const weighted = weight[i] * shape;
      above += weighted * dip[i];
      below += weighted * shape;
    }
    numerator[k] = above;
    denominator[k] = below;
  }
  const occupied = denominator.filter((value) => value > 0).sort();
  const typicalDenominator = occupied.length ? occupied[occupied.length >> 1] : 0;
  return {
    durationDays,
    startDays,
    stepDays,
    numerator,
    denominator,
    typicalDenominator,
    redness: redness(numerator, denominator, COVERED * typicalDenominator),
  };
}

function redness(numerator: Float64Array, denominator: Float64Array, least: number): number {
  const snr: number[] = [];
  for (let k = 0; k < numerator.length; k++) {
    if (denominator[k] > least) snr.push(numerator[k] / Math.sqrt(denominator[k]));
  }
  return snr.length < 10 ? 1 : Math.max(1, robustScatter(snr));
}
