/**
 * What detrending did to a transit of the shape that was found: measured, not assumed.
 *
 * The found shape, repeating as it was found, is put into the raw curve where no transit is, in between
 * the found ones, and the piece around is detrended as the whole curve was, once with it and once without. Both pieces hold
 * the same noise, so that the difference is what was kept of the shape: the depth that the search's
 * template finds in it, over the depth put in (as in Christiansen et al. 2012, PASP 124, 1279, for
 * Kepler's pipeline).
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { followTrend } from './detrend.js';
import { lowerBound, median } from './robust.js';
import { shapeStepsPerDay, TRANSIT_SHAPE } from './template.js';
import { daysFromTransit } from './transit-mask.js';
import type { Detrending, LightCurve, Signal } from './types.js';

/** Places that are tried; the median of so many is known to a percent. */
const PLACES = 24;
/** A place needs so many of the points that the cadence promises, in transit and around it. */
const LEAST_COVERED = 0.7;
/** Free of other transits must be so many durations on either side of the middle. */
const CLEAR_DURATIONS = 1.5;
const FEWEST_PLACES = 3;

/**
 * @param raw before detrending, with all its transits.
 * @param signal its period may be NaN (a single event).
 * @param others all signals found in the curve, `signal` among them.
 * @param detrending how the raw curve was detrended for the search, and its trend.
 * @returns the part of the depth that is kept, 1 where nothing was detrended; null where the curve
 * has no room for a measurement. O(places · points of two windows).
 */
export function depthRetained(
  raw: LightCurve,
  signal: Signal,
  others: readonly Signal[],
  detrending: Followed,
): number | null {
  if (detrending.method === 'none') return 1;
  const kept: number[] = [];
  for (const middle of places(raw, signal, others)) {
    const share = retainedAt(raw, middle, signal, detrending);
    if (share !== null) kept.push(share);
  }
  return kept.length < FEWEST_PLACES ? null : median(kept);
}

type Followed = Pick<Detrending, 'method' | 'windowDays' | 'passes' | 'trend'>;

/** Moments spread over the curve, each clear of all transits. */
function places(raw: LightCurve, signal: Signal, others: readonly Signal[]): number[] {
  const { timeDays } = raw;
  const n = timeDays.length;
  const clearDays = (CLEAR_DURATIONS * signal.durationHours) / 24;
  const isClear = (time: number) =>
    others.every((other) => {
      const ownDays = (CLEAR_DURATIONS * other.durationHours) / 24;
      return Math.abs(daysFromTransit(time, other)) > Math.max(clearDays, ownDays);
    });
  const found: number[] = [];
  for (let k = 0; k < PLACES; k++) {
    // By index, not by time: gaps get none. From there on to the next moment that is clear.
    const first = Math.floor(((k + 0.5) * n) / PLACES);
    const end = Math.floor(((k + 1.5) * n) / PLACES);
    for (let i = first; i < Math.min(end, n); i++) {
      if (!isClear(timeDays[i])) continue;
      found.push(timeDays[i]);
      break;
    }
  }
  return found;
}

function retainedAt(
  raw: LightCurve,
  middle: number,
  signal: Signal,
  detrending: Followed,
): number | null {
  const durationDays = signal.durationHours / 24;
  const half = durationDays / 2;
  // The trend at a point is made of what is within half a window of it, once per pass.
  const reach = half + (detrending.passes * detrending.windowDays) / 2;
  const { timeDays } = raw;
  const from = lowerBound(timeDays, middle - reach);
  const to = lowerBound(timeDays, middle + reach);
  const first = lowerBound(timeDays, middle - half);
  const last = lowerBound(timeDays, middle + half);
  const promised =
    durationDays / raw.exposureDays[raw.segment[Math.min(first, timeDays.length - 1)]];
  if (last - first < Math.max(1, LEAST_COVERED * Math.min(promised, last - first + promised))) {
    return null;
  }
  const piece: LightCurve = {
    ...raw,
    timeDays: timeDays.subarray(from, to),
    flux: raw.flux.subarray(from, to),
    fluxError: raw.fluxError.subarray(from, to),
    segment: raw.segment.subarray(from, to),
  };
  const depth = signal.depthPpm / 1e6;
  const stepsPerDay = shapeStepsPerDay(durationDays);
  const placed = { periodDays: signal.periodDays, t0Days: middle };
  const shape = new Float64Array(to - from);
  const flux = new Float64Array(to - from);
  for (let k = 0; k < shape.length; k++) {
    const steps = Math.abs(daysFromTransit(piece.timeDays[k], placed)) * stepsPerDay;
    shape[k] = steps < TRANSIT_SHAPE.length - 1 ? TRANSIT_SHAPE[steps | 0] : 0;
    flux[k] = piece.flux[k] * (1 - depth * shape[k]);
  }
  const options = { ...detrending, wanted: [first - from, last - from] } as const;
  // What one pass makes of these points is in the piece as it is in the whole curve.
  const without =
    detrending.passes === 1 ? detrending.trend.subarray(from, to) : followTrend(piece, options);
  const withIt = followTrend({ ...piece, flux }, options);
  let above = 0;
  let below = 0;
  for (let k = first - from; k < last - from; k++) {
    const dip = piece.flux[k] / without[k] - flux[k] / withIt[k];
    above += shape[k] * dip;
    below += shape[k] * shape[k];
  }
  return below > 0 ? above / below / depth : null;
}
