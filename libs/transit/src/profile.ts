/**
 * The neighbourhood of one peak of the coarse search, as a small table: the points around each
 * predicted transit in fine bins of time, the transits in a few groups of neighbours. In it every
 * period, epoch and duration near the peak can be tried for the cost of some thousand additions,
 * whatever the curve's length.
 *
 * G is groups, C columns (bins of time around mid-transit), K transits.
 */
import type { Points } from './points.js';
import { allowedDurations, type RefineLimits } from './refine-limits.js';
import { TRANSIT_SHAPE } from './template.js';
import { advance, type Candidate, type Ephemeris } from './transit-sums.js';

/** Columns per duration of the start: a bin off its place by half costs nothing that can be seen. */
const COLUMNS_PER_DURATION = 12;
/** Half a shift or tilt that is tried, in columns: 0.6 durations; the peak is within half of one. */
const MOST_SHIFT = 8;
/** Shifts and tilts are first tried so far apart. */
const COARSE_STEP = 2;
/** Neighbouring transits drift by less than a column between two groups. */
const MOST_GROUPS = 16;
/** Durations tried, relative to the start's: half of it to twice as long. */
const DURATION_FACTORS = [0.5, 0.595, 0.707, 0.841, 1, 1.19, 1.41, 1.68, 2];

interface Profile {
  readonly groups: number;
  readonly columns: number;
  readonly columnDays: number;
  /** (G, C) Σ w·x and Σ w. */
  readonly dips: Float64Array;
  readonly weights: Float64Array;
  /** (G,) middle of the group, from -1 at the first transit to 1 at the last one. */
  readonly place: Float64Array;
  /** Half the number of periods between the first transit and the last one. */
  readonly halfCycles: number;
  /** Mid-time in the middle between the two. */
  readonly middleDays: number;
  /** Of the points. */
  readonly gain: (durationDays: number) => number;
}

/**
 * The best period, epoch and duration near the start and within the limits, by the SNR of the binned
 * points; SNR 0 where nothing dips there. O(N).
 *
 * @param ephemerisFactors the durations at which every period and epoch is tried, relative to the
 *   start's; all durations are then tried at the best of them.
 */
export function scanProfile(
  points: Points,
  start: Ephemeris,
  limits: RefineLimits,
  ephemerisFactors: readonly number[] = [1],
): Candidate {
  const profile = makeProfile(points, start);
  if (!profile) return { ...start, snr: 0 };
  const { columnDays, halfCycles, middleDays } = profile;
  const { shortestDays, longestDays } = allowedDurations(limits, start.periodDays);
  const startDays = Math.max(shortestDays, Math.min(longestDays, start.durationDays));
  const durations = DURATION_FACTORS.map((factor) => factor * startDays).filter(
    (days) => days >= shortestDays && days <= longestDays,
  );
  const perTilt = halfCycles > 0 ? columnDays / halfCycles : 0;
  const isInside = (tilt: number) => {
    const periodDays = start.periodDays + tilt * perTilt;
    return periodDays >= limits.minPeriodDays && periodDays <= limits.maxPeriodDays;
  };
  let best: Trial = { tilt: 0, shift: 0, durationDays: startDays, power: 0 };
  for (const factor of ephemerisFactors) {
    const durationDays = factor * startDays;
    if (!(durationDays >= shortestDays && durationDays <= longestDays)) continue;
    const from = { tilt: 0, shift: 0, durationDays, power: 0 };
    const trial = scanEphemeris(profile, from, MOST_SHIFT, COARSE_STEP, isInside);
    if (trial.power > best.power) best = trial;
  }
  best = scanDuration(profile, best, durations);
  best = scanEphemeris(profile, best, COARSE_STEP, 1, isInside);
  const periodDays = start.periodDays + best.tilt * perTilt;
  return {
    periodDays,
    // The middle lies between two transits where their number is even.
    t0Days: middleDays + best.shift * columnDays - halfCycles * periodDays,
    durationDays: best.durationDays,
    snr: Math.sqrt(best.power),
  };
}

/** One period (as a tilt in columns at the last transit), epoch (as a shift) and duration. */
interface Trial {
  readonly tilt: number;
  readonly shift: number;
  readonly durationDays: number;
  readonly power: number;
}

/** A longer or shorter template may sit better a few columns beside. */
const DURATION_SHIFT = 3;
/** Farthest that a shift and a tilt together may go. */
const FARTHEST = 2 * MOST_SHIFT + DURATION_SHIFT + 2 * COARSE_STEP + 1;
/** Columns to either side of the transit that any trial may read: twice the duration is the longest. */
const HALF_COLUMNS = FARTHEST + COLUMNS_PER_DURATION;

function makeProfile(points: Points, start: Ephemeris): Profile | null {
  const { timeDays, dip, weight } = points;
  const { periodDays, t0Days, durationDays } = start;
  const n = timeDays.length;
  const columnDays = durationDays / COLUMNS_PER_DURATION;
  const perColumn = 1 / columnDays;
  const columns = 2 * HALF_COLUMNS + 1;
  // A point belongs to the nearest transit; a window wider than the period stays empty at its ends.
  const reachDays = Math.min((HALF_COLUMNS + 0.5) * columnDays, 0.5 * periodDays);
  const k0 = Math.ceil((timeDays[0] - durationDays / 2 - t0Days) / periodDays);
  const k1 = Math.floor((timeDays[n - 1] + durationDays / 2 - t0Days) / periodDays);
  if (k1 < k0) return null;
  const transits = k1 - k0 + 1;
  const groups = Math.min(MOST_GROUPS, transits);
  const dips = new Float64Array(groups * columns);
  const weights = new Float64Array(groups * columns);
  let i = 0;
  for (let k = 0; k < transits && i < n; k++) {
    const middle = t0Days + (k0 + k) * periodDays;
    const first = middle - reachDays;
    const last = middle + reachDays;
    if (timeDays[i] < first) i = advance(timeDays, i, first);
    const at = Math.floor((k * groups) / transits) * columns;
    for (; i < n && timeDays[i] < last; i++) {
      const column = ((timeDays[i] - middle) * perColumn + (HALF_COLUMNS + 0.5)) | 0;
      dips[at + column] += weight[i] * dip[i];
      weights[at + column] += weight[i];
    }
  }
  const halfCycles = (transits - 1) / 2;
  const place = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    // The transits k of a group are those with floor(k · G / K) = g.
    const firstOf = Math.ceil((g * transits) / groups);
    const pastOf = Math.ceil(((g + 1) * transits) / groups);
    place[g] = halfCycles > 0 ? ((firstOf + pastOf - 1) / 2 - halfCycles) / halfCycles : 0;
  }
  const middleDays = t0Days + (k0 + halfCycles) * periodDays;
  const gain = points.gain ?? (() => 1);
  return { groups, columns, columnDays, dips, weights, place, halfCycles, middleDays, gain };
}

/** All shifts and tilts within `reach` of the start, `step` apart. */
function scanEphemeris(
  profile: Profile,
  start: Trial,
  reach: number,
  step: number,
  isInside: (tilt: number) => boolean,
): Trial {
  const { groups, columns, place } = profile;
  const template = templateOf(start.durationDays / profile.columnDays);
  // Every group under the template at every column that a trial can ask for, around its own start.
  const origin = 2 * reach + 1;
  const width = 2 * origin + 1;
  const numerator = new Float64Array(groups * width);
  const denominator = new Float64Array(groups * width);
  const drift = Int32Array.from(place, (at) => Math.round(start.tilt * at));
  for (let g = 0; g < groups; g++) {
    const middle = g * columns + HALF_COLUMNS + start.shift + drift[g];
    for (let c = -origin; c <= origin; c++) {
      const to = g * width + origin + c;
      addTemplate(profile, template, middle + c, numerator, denominator, to);
    }
  }
  const gain = profile.gain(start.durationDays);
  let best = start;
  const offset = new Int32Array(groups);
  for (let tilt = start.tilt - reach; tilt <= start.tilt + reach; tilt += step) {
    if (!isInside(tilt)) continue;
    for (let g = 0; g < groups; g++) {
      offset[g] = g * width + origin + Math.round(tilt * place[g]) - drift[g];
    }
    for (let shift = -reach; shift <= reach; shift += step) {
      let above = 0;
      let below = 0;
      for (let g = 0; g < groups; g++) {
        above += numerator[offset[g] + shift];
        below += denominator[offset[g] + shift];
      }
      const power = above > 0 && below > 0 ? (above * above) / (gain * below) : 0;
      if (power > best.power) {
        best = { tilt, shift: start.shift + shift, durationDays: start.durationDays, power };
      }
    }
  }
  return best;
}

/** All durations, at shifts around the start's, the groups put together at its tilt. */
function scanDuration(profile: Profile, start: Trial, durationsDays: readonly number[]): Trial {
  const { groups, columns, place } = profile;
  const dips = new Float64Array(columns);
  const weights = new Float64Array(columns);
  for (let g = 0; g < groups; g++) {
    const drift = Math.round(start.tilt * place[g]);
    const first = Math.max(0, -drift);
    const past = Math.min(columns, columns - drift);
    for (let c = first; c < past; c++) {
      dips[c] += profile.dips[g * columns + c + drift];
      weights[c] += profile.weights[g * columns + c + drift];
    }
  }
  const together = { ...profile, dips, weights };
  const above = new Float64Array(1);
  const below = new Float64Array(1);
  let best = start;
  for (const durationDays of durationsDays) {
    const template = templateOf(durationDays / profile.columnDays);
    const gain = profile.gain(durationDays);
    for (let shift = start.shift - DURATION_SHIFT; shift <= start.shift + DURATION_SHIFT; shift++) {
      above[0] = 0;
      below[0] = 0;
      addTemplate(together, template, HALF_COLUMNS + shift, above, below, 0);
      const power = above[0] > 0 && below[0] > 0 ? (above[0] * above[0]) / (gain * below[0]) : 0;
      if (power > best.power) best = { tilt: start.tilt, shift, durationDays, power };
    }
  }
  return best;
}

/** (2 h + 1,) the shape at the columns -h ... h. */
function templateOf(columnsPerDuration: number): Float64Array {
  const half = Math.min(COLUMNS_PER_DURATION, Math.floor(columnsPerDuration / 2));
  const template = new Float64Array(2 * half + 1);
  const steps = (2 * (TRANSIT_SHAPE.length - 1)) / columnsPerDuration;
  for (let c = -half; c <= half; c++) template[c + half] = TRANSIT_SHAPE[(Math.abs(c) * steps) | 0];
  return template;
}

function addTemplate(
  { dips, weights }: Pick<Profile, 'dips' | 'weights'>,
  template: Float64Array,
  middle: number,
  numerator: Float64Array,
  denominator: Float64Array,
  to: number,
): void {
  const first = middle - (template.length - 1) / 2;
  let above = 0;
  let below = 0;
  for (let j = 0; j < template.length; j++) {
    above += template[j] * dips[first + j];
    below += template[j] * template[j] * weights[first + j];
  }
  numerator[to] += above;
  denominator[to] += below;
}
