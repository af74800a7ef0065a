/**
 * The depth of every transit by itself: the fitted model scaled to its points, over a baseline of its
 * own (linear least squares with two unknowns).
 *
 * Pure: no I/O, no clock, no randomness. E is transits with data.
 */
import { transitFlux, type TransitModel } from '../transit-model.js';
import type { LightCurve } from '../types.js';
import type { Points } from '../points.js';

export interface Events {
  /** (E,) number of the transit from t0, increasing. */
  readonly epoch: Float64Array;
  /** (E,) depth over the model's depth: 1 where the transit is as deep as the fit. */
  readonly amplitude: Float64Array;
  /** (E,) one sigma of `amplitude`, red noise included. */
  readonly error: Float64Array;
  /** (E,) part of the transit that has data, at most 1. */
  readonly coverage: Float64Array;
  /** Transits between the first and the last point of the curve. */
  readonly expected: number;
}

/** Baseline on each side, in durations from mid-transit. */
const HALF_WINDOW_DURATIONS = 1.5;
/** A transit of which less is seen has no depth. */
const LEAST_COVERAGE = 0.3;
const FEWEST_POINTS_OUTSIDE = 2;

/** Slow noise is in the transit and, over two stretches as long, in its baseline. */
const RED_SHARE = 1.5;

/** O(N). */
export function measureEvents(
  curve: LightCurve,
  points: Points,
  model: TransitModel,
  durationDays: number,
  redVariance: number,
): Events {
  const { timeDays } = curve;
  const { periodDays, t0Days } = model;
  const halfWindow = Math.min(HALF_WINDOW_DURATIONS * durationDays, 0.49 * periodDays);
  const exposures = new Float64Array(timeDays.length);
  for (let i = 0; i < exposures.length; i++) {
    exposures[i] = Math.min(curve.exposureDays[curve.segment[i]], 0.5 * periodDays);
  }
  const epoch: number[] = [];
  const amplitude: number[] = [];
  const error: number[] = [];
  const coverage: number[] = [];
  const n = timeDays.length;
  for (let i = 0; i < n;) {
    const number = Math.round((timeDays[i] - t0Days) / periodDays);
    const middle = t0Days + number * periodDays;
    if (timeDays[i] > middle + halfWindow || timeDays[i] < middle - halfWindow) {
      i++;
      continue;
    }
    const from = i;
    while (i < n && timeDays[i] <= middle + halfWindow) i++;
    const event = fitEvent(from, i, middle);
    if (!event) continue;
    epoch.push(number);
    amplitude.push(event.amplitude);
    error.push(event.error);
    coverage.push(event.coverage);
  }
  return {
    epoch: Float64Array.from(epoch),
    amplitude: Float64Array.from(amplitude),
    error: Float64Array.from(error),
    coverage: Float64Array.from(coverage),
    expected:
      n === 0
        ? 0
        : Math.floor((timeDays[n - 1] - t0Days) / periodDays) -
          Math.ceil((timeDays[0] - t0Days) / periodDays) +
          1,
  };

  function fitEvent(from: number, to: number, middle: number) {
    const times = timeDays.subarray(from, to);
    const shape = transitFlux(model, times, exposures.subarray(from, to));
    const depth = Math.max(1e-12, 1 - shape.reduce((least, value) => Math.min(least, value), 1));
    let covered = 0;
    let outside = 0;
    let [sw, ss, sss, sd, ssd] = [0, 0, 0, 0, 0];
    for (let k = 0; k < shape.length; k++) {
      const weight = points.weight[from + k];
      const s = 1 - shape[k];
      const dip = points.dip[from + k];
      if (Math.abs(times[k] - middle) < durationDays / 2) {
        covered += exposures[from + k];
      } else {
        outside++;
      }
      sw += weight;
      ss += weight * s;
      sss += weight * s * s;
      sd += weight * dip;
      ssd += weight * s * dip;
    }
    const share = Math.min(1, covered / durationDays);
    const information = sss - (ss * ss) / sw;
    if (share < LEAST_COVERAGE || outside < FEWEST_POINTS_OUTSIDE || !(information > 0))
      return null;
    return {
      amplitude: (ssd - (ss * sd) / sw) / information,
      error: Math.sqrt(1 / information + (RED_SHARE * redVariance) / (depth * depth)),
      coverage: share,
    };
  }
}

/** Weighted mean of some of the events, with an error that their own scatter may widen. */
export function meanAmplitude(
  events: Events,
  keep: (index: number) => boolean,
): { mean: number; error: number; count: number } {
  let weight = 0;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < events.epoch.length; i++) {
    if (!keep(i)) continue;
    const w = 1 / events.error[i] ** 2;
    weight += w;
    sum += w * events.amplitude[i];
    count++;
  }
  const mean = sum / weight;
  let chi2 = 0;
  for (let i = 0; i < events.epoch.length; i++) {
    if (keep(i)) chi2 += ((events.amplitude[i] - mean) / events.error[i]) ** 2;
  }
  const spread = count > 1 ? Math.max(1, chi2 / (count - 1)) : 1;
  return { mean, error: Math.sqrt(spread / weight), count };
}
