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
import { Scratch, slidingLocation } from '#kernels';
import type { DetectionParams, Detrending, LightCurve } from './types.js';

/** Gap, in windows, that the window does not cross. */
const LONGEST_GAP_WINDOWS = 0.5;

export interface DetrendOptions {
  readonly method: DetectionParams['detrend'];
  readonly windowDays: number;
  /**
   * 2: what the first pass left is followed once more, and at edges the location is moved from the
   * mean time of its window to the point. For stars that change fast: see `followTrend`. @default 1
   */
  readonly passes?: 1 | 2;
  /** (N,) 1 where a point must not shape the trend: the transits already found. */
  readonly ignored?: Uint8Array;
  /**
   * Points, from the first to before the last, whose trend alone is asked for; elsewhere it may be
   * anything. Saves time with one pass; with two the first is of all points. @default all
   */
  readonly wanted?: readonly [number, number];
  /** Gets the finished fraction, at least every 65,536 points. @default nobody is told */
  readonly report?: (fraction: number) => void;
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
): { curve: LightCurve; detrending: Pick<Detrending, 'method' | 'windowDays' | 'trend'> } {
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

/**
 * (N,) the trend, > 0. A point whose window holds nothing gets its neighbours' trend.
 *
 * One pass leaves 1 - sinc(w/P) of a variation of period P to a window w, two passes its square
 * ("twicing", Tukey 1977, Exploratory Data Analysis), while the middle of a short dip loses the same:
 * about its length over w. At an edge the window is one-sided, and its location that of a time up to
 * w/4 away: on a slope that would leave a step, so that the second kind of pass corrects for it.
 */
export function followTrend(curve: LightCurve, options: DetrendOptions): Float64Array {
  const { method, windowDays, passes = 1 } = options;
  const { flux } = curve;
  if (method === 'none') return new Float64Array(flux.length).fill(1);
  if (!(windowDays > 0)) throw new RangeError(`windowDays must be > 0, not ${windowDays}`);
  const { report } = options;
  const half = report && ((fraction: number) => report(fraction / 2));
  /** One stretch after the other. */
  const scratch = new Scratch();
  if (passes === 1) return followOnce(curve, options, scratch);
  // What is wanted of a second pass is made of more of the first, and of its neighbours at an edge.
  const whole = { ...options, wanted: undefined };
  const trend = followOnce(curve, { ...whole, report: half }, scratch);
  const rest = new Float64Array(trend.length);
  for (let i = 0; i < rest.length; i++) rest[i] = flux[i] / trend[i];
  const secondHalf = report && ((fraction: number) => report((1 + fraction) / 2));
  const again = { ...whole, report: secondHalf };
  const second = followOnce({ ...curve, flux: rest }, again, scratch);
  for (let i = 0; i < trend.length; i++) trend[i] *= second[i];
  return trend;
}

function followOnce(curve: LightCurve, options: DetrendOptions, scratch: Scratch): Float64Array {
  const { method, windowDays, passes, ignored, report } = options;
  const { timeDays, flux } = curve;
  const [first, end] = options.wanted ?? [0, flux.length];
  const trend = new Float64Array(flux.length);
  for (const [from, to] of stretches(curve, LONGEST_GAP_WINDOWS * windowDays)) {
    const wanted = [Math.max(first, from) - from, Math.min(end, to) - from] as const;
    if (wanted[0] >= wanted[1]) continue;
    scratch.during(() => {
      const { location, meanDays } = slidingLocation(
        {
          timeDays: timeDays.subarray(from, to),
          values: flux.subarray(from, to),
          ignored: ignored?.subarray(from, to),
        },
        { windowDays, statistic: method === 'median' ? 'median' : 'biweight', wanted },
        report && ((points) => report((from + points) / flux.length)),
        scratch,
      );
      trend.set(location, from);
      fillMissing(trend, from, to);
      if (passes === 2) centre(timeDays, trend, meanDays, from, to, windowDays, scratch);
    });
    report?.(to / flux.length);
  }
  return trend;
}

/** Below this part of the window a window counts as centred on its point. */
const CENTRED = 0.01;
/** Two windows tell a slope when their mean times are this part of the window apart. */
const SLOPE_BASE = 0.125;

/**
 * Moves each location from the mean time of its window to its point, along the slope to the location
 * half a window further inwards. Windows without one keep theirs.
 */
function centre(
  timeDays: Float64Array,
  trend: Float64Array,
  meanDays: Float64Array,
  from: number,
  to: number,
  windowDays: number,
  scratch: Scratch,
): void {
  const location = scratch.float64(to - from);
  location.set(trend.subarray(from, to));
  let ahead = from;
  let behind = from;
  for (let i = from; i < to; i++) {
    while (ahead < to - 1 && timeDays[ahead] < timeDays[i] + windowDays / 2) ahead++;
    while (timeDays[behind] < timeDays[i] - windowDays / 2) behind++;
    const offset = meanDays[i - from] - timeDays[i];
    if (!(Math.abs(offset) > CENTRED * windowDays)) continue;
    const inwards = offset > 0 ? ahead : behind;
    const base = meanDays[inwards - from] - meanDays[i - from];
    if (!(Math.abs(base) > SLOPE_BASE * windowDays)) continue;
    const moved =
      location[i - from] - (offset * (location[inwards - from] - location[i - from])) / base;
    if (moved > 0) trend[i] = moved;
  }
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
