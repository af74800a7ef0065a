/**
 * Every transit by itself: its depth as the fitted model scaled to its points over a baseline of its
 * own (linear least squares with two unknowns), what is seen of it and beside it, and how well the
 * shapes of detector artefacts explain it instead.
 *
 * Pure: no I/O, no clock, no randomness. E is transits with data, M points near a transit, R points
 * that were observed.
 */
import { artefactGain } from './artefact-shapes.js';
import { lowerBound } from '../robust.js';
import type { TransitWindows } from './transit-windows.js';

export interface Events {
  /** (E,) number of the transit from t0, increasing. */
  readonly epoch: Float64Array;
  /** (E,) depth over the model's depth: 1 where the transit is as deep as the fit. */
  readonly amplitude: Float64Array;
  /** (E,) one sigma of `amplitude`, red noise included. */
  readonly error: Float64Array;
  /** (E,) part of the transit that has data, at most 1. */
  readonly coverage: Float64Array;
  /**
   * (E,) part that was observed of the emptiest of the transit and its two sides, at most 1. What was
   * taken out because another candidate is there was observed all the same.
   */
  readonly observed: Float64Array;
  /** (E,) drop of chi squared by the transit's shape, against a level. */
  readonly transitGain: Float64Array;
  /** (E,) the same by the best of the artefacts' shapes. */
  readonly artefactGain: Float64Array;
  /** (E,) how late it is against the ephemeris: the residuals projected on the model's slope. */
  readonly lateDays: Float64Array;
  /** (E,) one sigma of `lateDays`, white noise only; infinite where no slope is seen. */
  readonly lateErrorDays: Float64Array;
  /** (E,) file that its first point came from. */
  readonly segment: Uint16Array;
  /** Transits between the first and the last point of the curve. */
  readonly expected: number;
}

/** A transit of which less is seen has no depth. */
const LEAST_COVERAGE = 0.3;
const FEWEST_POINTS_OUTSIDE = 2;

/** Slow noise is in the transit and, over two stretches as long, in its baseline. */
const RED_SHARE = 1.5;

/**
 * @param observedDays (R,) times of all points, other candidates' transits included, increasing
 * @param expected transits between the first and the last point of the curve
 * O(M + E log R).
 */
export function measureEvents(
  windows: TransitWindows,
  redVariance: number,
  observedDays: Float64Array,
  expected: number,
): Events {
  const { epoch: epochs } = windows;
  const most = countRuns(epochs);
  const events = {
    epoch: new Float64Array(most),
    amplitude: new Float64Array(most),
    error: new Float64Array(most),
    coverage: new Float64Array(most),
    observed: new Float64Array(most),
    transitGain: new Float64Array(most),
    artefactGain: new Float64Array(most),
    lateDays: new Float64Array(most),
    lateErrorDays: new Float64Array(most),
    segment: new Uint16Array(most),
  };
  let count = 0;
  for (let from = 0; from < epochs.length;) {
    let to = from + 1;
    while (to < epochs.length && epochs[to] === epochs[from]) to++;
    if (measure(from, to)) count++;
    from = to;
  }
  return {
    epoch: events.epoch.subarray(0, count),
    amplitude: events.amplitude.subarray(0, count),
    error: events.error.subarray(0, count),
    coverage: events.coverage.subarray(0, count),
    observed: events.observed.subarray(0, count),
    transitGain: events.transitGain.subarray(0, count),
    artefactGain: events.artefactGain.subarray(0, count),
    lateDays: events.lateDays.subarray(0, count),
    lateErrorDays: events.lateErrorDays.subarray(0, count),
    segment: events.segment.subarray(0, count),
    expected,
  };

  function measure(from: number, to: number): boolean {
    const { fromMidDays, dip, weight, model, slope, exposureDays, durationDays, halfWindowDays } =
      windows;
    const half = durationDays / 2;
    let [covered, outside, depth] = [0, 0, 1e-12];
    let [sw, ss, sss, sd, ssd] = [0, 0, 0, 0, 0];
    let [slopes, early] = [0, 0];
    for (let k = from; k < to; k++) {
      const w = weight[k];
      const s = model[k];
      if (Math.abs(fromMidDays[k]) < half) covered += exposureDays[k];
      else outside++;
      depth = Math.max(depth, s);
      sw += w;
      ss += w * s;
      sss += w * s * s;
      sd += w * dip[k];
      ssd += w * s * dip[k];
      slopes += w * slope[k] * slope[k];
      early += w * slope[k] * (dip[k] - s);
    }
    const share = Math.min(1, covered / durationDays);
    const information = sss - (ss * ss) / sw;
    if (share < LEAST_COVERAGE || outside < FEWEST_POINTS_OUTSIDE || !(information > 0))
      return false;
    const amplitude = (ssd - (ss * sd) / sw) / information;
    events.epoch[count] = windows.epoch[from];
    events.amplitude[count] = amplitude;
    events.error[count] = Math.sqrt(1 / information + (RED_SHARE * redVariance) / (depth * depth));
    events.coverage[count] = share;
    const middle = windows.middlesDays[from];
    events.observed[count] = Math.min(
      observedPart(middle - halfWindowDays, middle - half, exposureDays[from]),
      observedPart(middle - half, middle + half, exposureDays[from]),
      observedPart(middle + half, middle + halfWindowDays, exposureDays[from]),
    );
    events.transitGain[count] = amplitude > 0 ? amplitude * amplitude * information : 0;
    events.artefactGain[count] = artefactGain(windows, from, to);
    events.lateDays[count] = slopes > 0 ? -early / slopes : 0;
    events.lateErrorDays[count] = 1 / Math.sqrt(slopes);
    events.segment[count] = windows.segment[from];
    return true;
  }

  function observedPart(fromDays: number, toDays: number, exposureDays: number): number {
    const points = lowerBound(observedDays, toDays) - lowerBound(observedDays, fromDays);
    // Short stretches hold a point more or less by chance.
    return toDays - fromDays > 2 * exposureDays
      ? Math.min(1, (points * exposureDays) / (toDays - fromDays))
      : Math.min(1, points);
  }
}

function countRuns(epochs: Int32Array): number {
  let runs = 0;
  for (let k = 0; k < epochs.length; k++) if (k === 0 || epochs[k] !== epochs[k - 1]) runs++;
  return runs;
}

/** Weighted mean of a quantity of some of the events, with an error that their own scatter may widen. */
export function meanOf(
  values: Float64Array,
  errors: Float64Array,
  keep: (index: number) => boolean,
): { mean: number; error: number; count: number } {
  let weight = 0;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!keep(i)) continue;
    const w = 1 / errors[i] ** 2;
    weight += w;
    sum += w * values[i];
    count++;
  }
  const mean = sum / weight;
  let chi2 = 0;
  for (let i = 0; i < values.length; i++) {
    if (keep(i)) chi2 += ((values[i] - mean) / errors[i]) ** 2;
  }
  const spread = count > 1 ? Math.max(1, chi2 / (count - 1)) : 1;
  return { mean, error: Math.sqrt(spread / weight), count };
}

export function meanAmplitude(events: Events, keep: (index: number) => boolean) {
  return meanOf(events.amplitude, events.error, keep);
}

/** (E,) depth of each event in units of its own error. */
export function significances({ amplitude, error }: Events): Float64Array {
  return amplitude.map((value, i) => value / error[i]);
}

/**
 * Part of the signal that is in some of the events: of the squares of the significances of those that
 * dip, which add up to the square of the whole signal's. NaN where nothing dips.
 */
export function shareOfSignal(events: Events, isChosen: (index: number) => boolean): number {
  let all = 0;
  let chosen = 0;
  for (let i = 0; i < events.epoch.length; i++) {
    const significance = Math.max(0, events.amplitude[i] / events.error[i]);
    all += significance * significance;
    if (isChosen(i)) chosen += significance * significance;
  }
  return chosen / all;
}
