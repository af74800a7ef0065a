/**
 * Detrending: the slow changes of star and instrument, followed by a robust location in a window
 * of time that slides over the curve, and divided out.
 *
 * Hippke, David, Mulders & Heller 2019, AJ 158, 143 (wotan: Tukey's biweight in a time window is
 * the best of 14 filters at keeping transits); Mosteller & Tukey 1977 for the biweight itself.
 *
 * The window counts time, not points. It never reaches into another file or across a gap that is
 * longer than half of it, and it is cut short at such an edge. N is points, W points of a window.
 */
import { SortedWindow } from './sorted-window.js';
import type { DetectionParams, Detrending, LightCurve } from './types.js';

/** Gap, in windows, that the window does not cross. */
const LONGEST_GAP_WINDOWS = 0.5;

export interface DetrendOptions {
  readonly method: DetectionParams['detrend'];
  readonly windowDays: number;
  /** (N,) 1 where a point must not shape the trend: the transits already found. */
  readonly ignored?: Uint8Array;
}

/**
 * Divides the trend out; error bars shrink or grow with the flux. O(N log W) comparisons and O(N · W)
 * moves of 8 bytes (a sorted window), O(N + W) memory.
 *
 * @throws {RangeError} where the window is not a positive time.
 */
export function detrend(
  curve: LightCurve,
  options: DetrendOptions,
): { curve: LightCurve; detrending: Detrending } {
  const trend = followTrend(curve, options);
  const n = trend.length;
  const flux = new Float64Array(n);
  const fluxError = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    flux[i] = curve.flux[i] / trend[i];
    fluxError[i] = curve.fluxError[i] / trend[i];
  }
  const { method, windowDays } = options;
  return { curve: { ...curve, flux, fluxError }, detrending: { method, windowDays, trend } };
}

/** (N,) the trend, > 0. A point whose window holds nothing gets its neighbours' trend. */
export function followTrend(curve: LightCurve, options: DetrendOptions): Float64Array {
  const { method, windowDays, ignored } = options;
  const { timeDays, flux } = curve;
  if (method === 'none') return new Float64Array(curve.flux.length).fill(1);
  if (!(windowDays > 0)) throw new RangeError(`windowDays must be > 0, not ${windowDays}`);
  const trend = new Float64Array(flux.length);
  const window = new SortedWindow();
  for (const [from, to] of stretches(curve, LONGEST_GAP_WINDOWS * windowDays)) {
    window.clear();
    let entering = from;
    let leaving = from;
    for (let i = from; i < to; i++) {
      const first = timeDays[i] - windowDays / 2;
      const last = timeDays[i] + windowDays / 2;
      for (;;) {
        while (ignored?.[entering]) entering++;
        while (ignored?.[leaving]) leaving++;
        const enters = entering < to && timeDays[entering] <= last;
        const leaves = leaving < entering && timeDays[leaving] < first;
        if (enters && leaves) window.replace(flux[leaving++], flux[entering++]);
        else if (enters) window.insert(flux[entering++]);
        else if (leaves) window.remove(flux[leaving++]);
        else break;
      }
      trend[i] = method === 'biweight' ? window.biweight() : window.median();
    }
    fillMissing(trend, from, to);
  }
  return trend;
}

/** Runs of one file without a gap longer than `longestGapDays`, as [first, past last] indices. */
export function stretches(curve: LightCurve, longestGapDays: number): [number, number][] {
  const found: [number, number][] = [];
  const n = curve.timeDays.length;
  let from = 0;
  for (let i = 1; i <= n; i++) {
    if (
      i === n ||
      curve.segment[i] !== curve.segment[i - 1] ||
      curve.timeDays[i] - curve.timeDays[i - 1] > longestGapDays
    ) {
      found.push([from, i]);
      from = i;
    }
  }
  return n === 0 ? [] : found;
}

/** Trend values that cannot divide (nothing in the window, or not positive) become a neighbour's. */
function fillMissing(trend: Float64Array, from: number, to: number): void {
  const usable = (i: number) => Number.isFinite(trend[i]) && trend[i] > 0;
  let last = -1;
  for (let i = from; i < to; i++) {
    if (!usable(i)) continue;
    if (last < 0) trend.fill(trend[i], from, i);
    for (let j = last + 1; last >= 0 && j < i; j++) {
      trend[j] = trend[last] + ((trend[i] - trend[last]) * (j - last)) / (i - last);
    }
    last = i;
  }
  if (last < 0) trend.fill(1, from, to);
  else trend.fill(trend[last], last + 1, to);
}
