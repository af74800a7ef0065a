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
import type { DetectionParams, Detrending, LightCurve } from './types.js';

/** Points beyond this many MADs have no weight (Hippke et al. 2019, section 3: c = 5). */
const BIWEIGHT_CUTOFF_MADS = 5;
/** The iteration ends when the location moves less; σ of the location itself is ~0.2 MAD. */
const CONVERGED_MADS = 1e-3;
const MOST_ITERATIONS = 30;
/** Gap, in windows, that the window does not cross. */
const LONGEST_GAP_WINDOWS = 0.5;

export interface DetrendOptions {
  readonly method: DetectionParams['detrend'];
  readonly windowDays: number;
  /** (N,) 1 where a point must not shape the trend: the transits already found. */
  readonly ignored?: Uint8Array;
}

/**
 * Divides the trend out; error bars shrink or grow with the flux. O(N · W) time with a small
 * constant (insertion into a sorted window), O(N + W) memory.
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
  if (method === 'none') return new Float64Array(curve.flux.length).fill(1);
  if (!(windowDays > 0)) throw new RangeError(`windowDays must be > 0, not ${windowDays}`);
  const trend = new Float64Array(curve.flux.length);
  const window = new SortedWindow();
  for (const [from, to] of stretches(curve, LONGEST_GAP_WINDOWS * windowDays)) {
    window.clear();
    let entering = from;
    let leaving = from;
    for (let i = from; i < to; i++) {
      const now = curve.timeDays[i];
      for (; entering < to && curve.timeDays[entering] <= now + windowDays / 2; entering++) {
        if (!ignored?.[entering]) window.insert(curve.flux[entering]);
      }
      for (; curve.timeDays[leaving] < now - windowDays / 2; leaving++) {
        if (!ignored?.[leaving]) window.remove(curve.flux[leaving]);
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

/** The values of one window, kept in order, so that median and MAD are looked up, not sorted for. */
class SortedWindow {
  private values = new Float64Array(256);
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  insert(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(2 * this.count);
      grown.set(this.values);
      this.values = grown;
    }
    const at = this.rank(value);
    shift(this.values, at, at + 1, this.count - at);
    this.values[at] = value;
    this.count++;
  }

  remove(value: number): void {
    const at = this.rank(value);
    shift(this.values, at + 1, at, this.count - at - 1);
    this.count--;
  }

  median(): number {
    const middle = this.count >> 1;
    if (this.count === 0) return NaN;
    if (this.count % 2) return this.values[middle];
    return (this.values[middle - 1] + this.values[middle]) / 2;
  }

  /** Tukey's biweight location, from the median with the MAD about it as scale. */
  biweight(): number {
    const { values, count } = this;
    let centre = this.median();
    const mad = this.deviation(centre);
    if (!(mad > 0)) return centre;
    const reach = BIWEIGHT_CUTOFF_MADS * mad;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      let sum = 0;
      let weights = 0;
      const past = this.rank(centre + reach);
      for (let i = this.rank(centre - reach); i < past; i++) {
        const distance = values[i] - centre;
        const u = distance / reach;
        const root = 1 - u * u;
        const weight = root * root;
        sum += weight * distance;
        weights += weight;
      }
      const step = sum / weights;
      centre += step;
      if (Math.abs(step) < CONVERGED_MADS * mad || count < 3) break;
    }
    return centre;
  }

  /**
   * Median absolute deviation from the window's median in O(log W): the deviations to the left and
   * to the right of it are two ordered lists, of whose union the middle is sought by bisection.
   */
  private deviation(centre: number): number {
    const { values, count } = this;
    const middle = count >> 1;
    const left = (k: number) =>
      k < 0 ? -Infinity : k < middle ? centre - values[middle - 1 - k] : Infinity;
    const right = (k: number) =>
      k < 0 ? -Infinity : k < count - middle ? values[middle + k] - centre : Infinity;
    const wanted = middle; // how many deviations lie below the upper middle one
    let low = Math.max(0, wanted - (count - middle));
    let high = Math.min(wanted, middle);
    while (low < high) {
      const taken = (low + high) >> 1;
      if (left(taken) < right(wanted - taken - 1)) low = taken + 1;
      else high = taken;
    }
    const upper = Math.min(left(low), right(wanted - low));
    if (count % 2) return upper;
    return (Math.max(left(low - 1), right(wanted - low - 1)) + upper) / 2;
  }

  /** How many values are below `value`. */
  private rank(value: number): number {
    const { values } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** copyWithin for short runs as well: below some 50 values its call costs more than a loop. */
function shift(values: Float64Array, from: number, to: number, length: number): void {
  if (length > 48) {
    values.copyWithin(to, from, from + length);
  } else if (to > from) {
    for (let i = length - 1; i >= 0; i--) values[to + i] = values[from + i];
  } else {
    for (let i = 0; i < length; i++) values[to + i] = values[from + i];
  }
}
