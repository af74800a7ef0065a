/**
 * From a peak of the coarse search to an ephemeris: period, epoch, duration, depth.
 *
 * The statistic is the squared SNR of the template's depth, (Σ w·x·T)² / Σ w·T², which is the drop
 * of χ² against a flat line (Kovács et al. 2002, with a transit's shape instead of a box). First
 * the peak is folded exactly from the single-event series; then duration, epoch and period are
 * polished on the points. Refinement decides as much about recall as the coarse search.
 *
 * Times are in days. K is transits of an ephemeris.
 */
import type { Points } from './points.js';
import { lowerBound } from './robust.js';
import type { SingleEvents } from './single-events.js';
import { shapeStepsPerDay, TRANSIT_SHAPE } from './template.js';

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

/** Sums over each transit whose middle lies in the span of the points, half a duration widened. */
export function transitSums(points: Points, ephemeris: Ephemeris): TransitSums {
  const { timeDays, dip, weight } = points;
  const { periodDays, t0Days, durationDays } = ephemeris;
  const n = timeDays.length;
  const half = durationDays / 2;
  const stepsPerDay = shapeStepsPerDay(durationDays);
  const k0 = Math.ceil((timeDays[0] - half - t0Days) / periodDays);
  const k1 = Math.floor((timeDays[n - 1] + half - t0Days) / periodDays);
  const count = Math.max(0, k1 - k0 + 1);
  const numerator = new Float64Array(count);
  const denominator = new Float64Array(count);
  let i = 0;
  for (let k = 0; k < count; k++) {
    const middle = t0Days + (k0 + k) * periodDays;
    i = advance(timeDays, i, middle - half);
    let above = 0;
    let below = 0;
    for (; i < n && timeDays[i] <= middle + half; i++) {
      const shape = TRANSIT_SHAPE[(Math.abs(timeDays[i] - middle) * stepsPerDay) | 0];
      const weighted = weight[i] * shape;
      above += weighted * dip[i];
      below += weighted * shape;
    }
    numerator[k] = above;
    denominator[k] = below;
  }
  return { numerator, denominator, firstMidTimeDays: t0Days + k0 * periodDays };
}

/** First index from `from` on whose time is not below `time`: a gallop, then bisection. */
function advance(timeDays: Float64Array, from: number, time: number): number {
  let step = 1;
  while (from + step < timeDays.length && timeDays[from + step] < time) step *= 2;
  const low = from + (step >> 1);
  const high = Math.min(timeDays.length, from + step + 1);
  return timeDays[from] >= time ? from : low + lowerBound(timeDays.subarray(low, high), time);
}

export function snrOf(numerator: ArrayLike<number>, denominator: ArrayLike<number>): number {
  let above = 0;
  let below = 0;
  for (let k = 0; k < numerator.length; k++) {
    above += numerator[k];
    below += denominator[k];
  }
  return below > 0 && above > 0 ? above / Math.sqrt(below) : 0;
}

/**
 * The best epoch at exactly this period, from the single-event series: every column of the fold
 * with its own denominator. O(M).
 */
export function foldExactly(events: SingleEvents, periodDays: number): Candidate {
  const { numerator, denominator, stepDays, startDays } = events;
  const period = periodDays / stepDays;
  const columns = Math.ceil(period);
  const above = new Float64Array(columns);
  const below = new Float64Array(columns);
  for (let row = 0; ; row++) {
    const offset = Math.round(row * period);
    if (offset >= numerator.length) break;
    const end = Math.min(columns, numerator.length - offset);
    for (let j = 0; j < end; j++) {
      above[j] += numerator[offset + j];
      below[j] += denominator[offset + j];
    }
  }
  // A column that holds only the rim of a transit has a denominator close to 0.
  const least = 1e-3 * events.typicalDenominator;
  let best = 0;
  let column = 0;
  for (let j = 0; j < columns; j++) {
    if (above[j] <= 0 || below[j] < least) continue;
    const power = (above[j] * above[j]) / below[j];
    if (power > best) {
      best = power;
      column = j;
    }
  }
  return {
    periodDays,
    t0Days: startDays + column * stepDays,
    durationDays: events.durationDays,
    snr: Math.sqrt(best) / events.redness,
  };
}

/** Durations of one polish relative to the start. */
const DURATION_FACTORS = [0.57, 0.66, 0.76, 0.87, 1, 1.15, 1.32, 1.52, 1.75];
/** Shifts that one polish tries to either side, in steps of a 16th of the duration. */
const EPOCH_STEPS = 12;
const STEPS_PER_DURATION = 16;

/** Passes go on while one gains more than this factor. */
const GAIN = 1.002;
const MOST_PASSES = 5;
/** How much finer the last steps are. */
const FINE = 4;

export interface RefineLimits {
  readonly shortestDays: number;
  readonly longestDays: number;
  readonly minPeriodDays: number;
  readonly maxPeriodDays: number;
}

/**
 * Polishes duration with epoch, then period with epoch, for as long as that helps; then once more in
 * finer steps. Never worse than the start.
 */
export function refine(points: Points, start: Ephemeris, limits: RefineLimits): Candidate {
  let best: Candidate = { ...start, snr: snrAt(points, start) };
  const polish = (fineness: number) => {
    best = polishDuration(points, best, limits, fineness);
    best = polishPeriod(points, best, limits, fineness);
  };
  for (let pass = 0, before = 0; pass < MOST_PASSES && best.snr > GAIN * before; pass++) {
    before = best.snr;
    polish(1);
  }
  polish(FINE);
  return best;
}

export function snrAt(points: Points, ephemeris: Ephemeris): number {
  const { numerator, denominator } = transitSums(points, ephemeris);
  return snrOf(numerator, denominator);
}

function polishDuration(
  points: Points,
  start: Candidate,
  limits: RefineLimits,
  fineness: number,
): Candidate {
  let best = start;
  for (const factor of DURATION_FACTORS) {
    const durationDays = start.durationDays * factor ** (1 / fineness);
    if (durationDays < limits.shortestDays || durationDays > limits.longestDays) continue;
    for (let shift = -3; shift <= 3; shift++) {
      const t0Days = start.t0Days + (shift * start.durationDays) / (10 * fineness);
      const trial = { periodDays: start.periodDays, t0Days, durationDays };
      const snr = snrAt(points, trial);
      if (snr > best.snr) best = { ...trial, snr };
    }
  }
  return best;
}

/**
 * Each transit's sums at a ladder of shifts are tabulated once; every trial of period and epoch is
 * then a walk through the table. The period tilts about the middle transit, by at most as much as
 * the epoch shifts.
 */
function polishPeriod(
  points: Points,
  start: Candidate,
  limits: RefineLimits,
  fineness: number,
): Candidate {
  const stepDays = start.durationDays / (STEPS_PER_DURATION * fineness);
  const { index, numerator, denominator, firstMidTimeDays } = tabulate(points, start, stepDays);
  const transits = index.length;
  if (transits < 2) return start;
  const middle = (index[0] + index[transits - 1]) / 2;
  const halfRange = index[transits - 1] - middle;
  let best = start;
  for (let tilt = -EPOCH_STEPS; tilt <= EPOCH_STEPS; tilt++) {
    const perTransit = tilt / halfRange;
    const periodDays = start.periodDays + perTransit * stepDays;
    if (periodDays < limits.minPeriodDays || periodDays > limits.maxPeriodDays) continue;
    for (let shift = -EPOCH_STEPS; shift <= EPOCH_STEPS; shift++) {
      let above = 0;
      let below = 0;
      for (let k = 0; k < transits; k++) {
        const steps = Math.round(shift + (index[k] - middle) * perTransit);
        const at = k * COLUMNS + steps + 2 * EPOCH_STEPS;
        above += numerator[at];
        below += denominator[at];
      }
      if (above <= 0 || below <= 0) continue;
      const snr = above / Math.sqrt(below);
      if (snr <= best.snr) continue;
      const t0Days = firstMidTimeDays + (shift - middle * perTransit) * stepDays;
      // The table rounds shifts to whole steps: what counts is the SNR of the ephemeris itself.
      const trial = { periodDays, t0Days, durationDays: start.durationDays };
      const exact = snrAt(points, trial);
      if (exact > best.snr) best = { ...trial, snr: exact };
    }
  }
  return best;
}

/** Sums of every transit with data at shifts of -2 ... 2 EPOCH_STEPS steps. */
const COLUMNS = 4 * EPOCH_STEPS + 1;

function tabulate(points: Points, ephemeris: Ephemeris, stepDays: number) {
  const { timeDays, dip, weight } = points;
  const { periodDays, durationDays } = ephemeris;
  const n = timeDays.length;
  const half = durationDays / 2;
  const reach = half + 2 * EPOCH_STEPS * stepDays;
  const stepsPerDay = shapeStepsPerDay(durationDays);
  const count = Math.floor((timeDays[n - 1] - timeDays[0] + 2 * half) / periodDays) + 2;
  const k0 = Math.ceil((timeDays[0] - half - ephemeris.t0Days) / periodDays);
  const firstMidTimeDays = ephemeris.t0Days + k0 * periodDays;
  const index: number[] = [];
  const numerator = new Float64Array(count * COLUMNS);
  const denominator = new Float64Array(count * COLUMNS);
  let first = 0;
  for (let k = 0; k < count; k++) {
    const middle = firstMidTimeDays + k * periodDays;
    if (middle - half > timeDays[n - 1]) break;
    first = advance(timeDays, first, middle - reach);
    if (first >= n || timeDays[first] > middle + reach) continue;
    const at = index.length * COLUMNS;
    index.push(k);
    for (let i = first; i < n && timeDays[i] <= middle + reach; i++) {
      const fromMiddle = timeDays[i] - middle;
      const low = Math.max(0, Math.ceil((fromMiddle - half) / stepDays) + 2 * EPOCH_STEPS);
      const high = Math.min(
        COLUMNS - 1,
        Math.floor((fromMiddle + half) / stepDays) + 2 * EPOCH_STEPS,
      );
      for (let column = low; column <= high; column++) {
        const distance = Math.abs(fromMiddle - (column - 2 * EPOCH_STEPS) * stepDays);
        const shape = TRANSIT_SHAPE[Math.min(256, (distance * stepsPerDay) | 0)];
        const weighted = weight[i] * shape;
        numerator[at + column] += weighted * dip[i];
        denominator[at + column] += weighted * shape;
      }
    }
  }
  return { index, numerator, denominator, firstMidTimeDays };
}
