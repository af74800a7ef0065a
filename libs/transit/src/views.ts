/**
 * What a network sees of a candidate: its curve folded at the candidate's period, once as a whole orbit
 * and once close to the transit.
 *
 * Shallue & Vanderburg 2018, AJ 155, 94, section 4 (medians in bins of phase, level 0, depth -1), with
 * four differences. The level is the median of the global view and the depth the signal's own, for both
 * views, so that the two can be compared and a dip that rests on one event of many stays shallow. The
 * local view shows every second transit by itself, the deeper half first: a fold at the period hides
 * that odd and even eclipses differ. It reaches three durations to both sides instead of four. A single
 * event has no period and is folded at one that holds the whole curve.
 *
 * Pure: no I/O, no clock, no randomness. N is points. Times are in days inside of this file.
 */
import { medianInPlace } from './robust.js';
import type { LightCurve, Signal } from './types.js';

/** Bins of one orbit; the transit lies on the edge between the two in the middle. */
export const GLOBAL_BINS = 560;
/** Bins of the local view: first the deeper half of the transits, then the shallower. */
export const LOCAL_BINS = 224;
export const VIEW_FEATURES = GLOBAL_BINS + LOCAL_BINS;
/** The local view reaches so many durations to both sides, and never beyond half an orbit. */
export const LOCAL_DURATIONS = 3;
/** A local bin is the median of itself and its two neighbours: 0.16 durations, as in the paper. */
const LOCAL_NEIGHBOURS = 1;
/** Nothing is higher or lower than this, in depths: a bin of few points of a faint star. */
const LIMIT = 5;
/** Half of what a parity is called deeper by, in durations. */
const CORE_DURATIONS = 0.25;

export interface CandidateViews {
  /** (560,) one orbit, the transit in the middle; in depths, level 0. */
  readonly global: Float32Array;
  /**
   * (224,) (112,) of the transits of that parity which are deeper and (112,) of the others, each with
   * the middle in the middle; the same twice where only one parity was observed.
   */
  readonly local: Float32Array;
}

/**
 * Bins without a point are filled by straight lines: around the orbit in the global view; in the local
 * view towards the ends at the value of the last bin that has one. Every number is finite, and within
 * five depths of the level. O(N).
 *
 * @param curve detrended, without the transits of other candidates: the one that is vetted
 * @throws {RangeError} where the curve is empty or the signal has no depth, duration or mid-time, or a
 * period that is not positive.
 */
export function candidateViews(
  curve: LightCurve,
  signal: Pick<Signal, 'periodDays' | 't0Days' | 'durationHours' | 'depthPpm'>,
): CandidateViews {
  checkViews(curve, signal);
  const { timeDays, flux } = curve;
  const n = timeDays.length;
  const periodDays = foldedPeriodDays(timeDays, signal);
  const reachDays = Math.min((LOCAL_DURATIONS * signal.durationHours) / 24, periodDays / 2);
  const half = LOCAL_BINS / 2;
  const globalBin = new Int32Array(n);
  const localBins = [new Int32Array(n), new Int32Array(n)];
  for (let i = 0; i < n; i++) {
    const cycles = (timeDays[i] - signal.t0Days) / periodDays;
    const cycle = Math.floor(cycles + 0.5);
    const fromMid = cycles - cycle; // -0.5 to 0.5
    globalBin[i] = binOf(fromMid + 0.5, GLOBAL_BINS);
    const place = 0.5 + (0.5 * fromMid * periodDays) / reachDays;
    const bin = place >= 0 && place <= 1 ? binOf(place, half) : -1;
    localBins[0][i] = cycle % 2 === 0 ? bin : -1;
    localBins[1][i] = cycle % 2 === 0 ? -1 : bin;
  }
  const orbit = mediansOf(flux, globalBin, GLOBAL_BINS, 0);
  fillAroundOrbit(orbit);
  const level = medianInPlace(orbit.slice());
  const depth = signal.depthPpm / 1e6;
  const [even, odd] = localBins.map((bins) => {
    const medians = mediansOf(flux, bins, half, LOCAL_NEIGHBOURS);
    return fillBetweenEnds(medians) ? inDepths(medians, level, depth) : null;
  });
  const local = new Float32Array(LOCAL_BINS);
  const [first, second] = deeperFirst(even ?? odd, odd ?? even, reachDays, signal);
  if (first && second) {
    local.set(first);
    local.set(second, half);
  }
  return { global: inDepths(orbit, level, depth), local };
}

/** A period that holds the whole curve, with a single event in its middle. */
export function foldedPeriodDays(
  timeDays: Float64Array,
  { periodDays, t0Days, durationHours }: Pick<Signal, 'periodDays' | 't0Days' | 'durationHours'>,
): number {
  if (!Number.isNaN(periodDays)) return periodDays;
  const before = t0Days - timeDays[0];
  const after = timeDays[timeDays.length - 1] - t0Days;
  // Half a duration more, so that neither end falls on the next event.
  return 2 * Math.max(before, after) + durationHours / 24;
}

export function checkViews(
  { timeDays }: LightCurve,
  signal: Pick<Signal, 'periodDays' | 't0Days' | 'durationHours' | 'depthPpm'>,
): void {
  if (timeDays.length === 0) throw new RangeError('curve must have at least one point');
  const { periodDays, t0Days } = signal;
  if (!(Number.isNaN(periodDays) || (periodDays > 0 && periodDays < Infinity))) {
    throw new RangeError(`periodDays must be positive, or NaN for one event, not ${periodDays}`);
  }
  if (!Number.isFinite(t0Days)) throw new RangeError(`t0Days must be finite, not ${t0Days}`);
  for (const name of ['durationHours', 'depthPpm'] as const) {
    const value = signal[name];
    if (!(value > 0 && value < Infinity)) {
      throw new RangeError(`${name} must be positive, not ${value}`);
    }
  }
}

/** @param place 0 to 1; the upper end belongs to the last bin. */
const binOf = (place: number, bins: number) => Math.min(Math.floor(place * bins), bins - 1);

/**
 * (bins,) median of the values in a bin and its neighbours; NaN where there are none. Counting sort, so
 * that the values of neighbouring bins lie beside each other.
 *
 * @param bin (N,) of each value; -1 where it is in none
 */
function mediansOf(
  values: Float64Array,
  bin: Int32Array,
  bins: number,
  neighbours: number,
): Float64Array {
  const starts = new Uint32Array(bins + 1);
  for (let i = 0; i < bin.length; i++) if (bin[i] >= 0) starts[bin[i] + 1]++;
  for (let b = 0; b < bins; b++) starts[b + 1] += starts[b];
  const sorted = new Float64Array(starts[bins]);
  const filled = starts.slice();
  for (let i = 0; i < bin.length; i++) if (bin[i] >= 0) sorted[filled[bin[i]]++] = values[i];
  return Float64Array.from({ length: bins }, (_, b) => {
    const from = starts[Math.max(0, b - neighbours)];
    const to = starts[Math.min(bins, b + neighbours + 1)];
    return medianInPlace(sorted.slice(from, to));
  });
}

/** Straight lines over what is NaN, the end joined to the beginning. At least one value is finite. */
function fillAroundOrbit(values: Float64Array): void {
  const bins = values.length;
  const first = values.findIndex(Number.isFinite);
  let last = first;
  for (let k = 1; k <= bins; k++) {
    const at = (first + k) % bins;
    if (!Number.isFinite(values[at])) continue;
    const distance = first + k - last;
    for (let step = 1; step < distance; step++) {
      const weight = step / distance;
      values[(last + step) % bins] = values[last % bins] * (1 - weight) + values[at] * weight;
    }
    last = first + k;
  }
}

/** The same without a way around; false where no value is finite. */
function fillBetweenEnds(values: Float64Array): boolean {
  const first = values.findIndex(Number.isFinite);
  if (first < 0) return false;
  values.fill(values[first], 0, first);
  let last = first;
  for (let at = first + 1; at < values.length; at++) {
    if (!Number.isFinite(values[at])) continue;
    for (let k = last + 1; k < at; k++) {
      const weight = (k - last) / (at - last);
      values[k] = values[last] * (1 - weight) + values[at] * weight;
    }
    last = at;
  }
  values.fill(values[last], last + 1);
  return true;
}

function inDepths(values: Float64Array, level: number, depth: number): Float32Array {
  return Float32Array.from(values, (value) =>
    Math.min(LIMIT, Math.max(-LIMIT, (value - level) / depth)),
  );
}

/** Which cycle is called the first is chance; which half is deeper is not. */
function deeperFirst(
  even: Float32Array | null,
  odd: Float32Array | null,
  reachDays: number,
  { durationHours }: Pick<Signal, 'durationHours'>,
): readonly (Float32Array | null)[] {
  if (!even || !odd) return [null, null];
  const middle = even.length / 2;
  const wide = Math.floor((middle * CORE_DURATIONS * durationHours) / 24 / reachDays);
  const reach = Math.min(middle, Math.max(1, wide));
  let difference = 0;
  for (let k = middle - reach; k < middle + reach; k++) difference += even[k] - odd[k];
  return difference <= 0 ? [even, odd] : [odd, even];
}
