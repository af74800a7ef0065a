/**
 * What every vetting test looks at: one candidate, its curve without the other candidates' transits,
 * and the few measurements that more than one test needs, made once.
 *
 * Pure: no I/O, no clock, no randomness. N is points, R those with other candidates' transits too.
 */
import { Scratch } from '#kernels';
import { correlatedNoise } from '../noise.js';
import type { Points } from '../points.js';
import { assumeStar, type AssumedStar } from '../star.js';
import type { TransitModel } from '../transit-model.js';
import type { LightCurve, Mission, Signal, Star, TransitFit } from '../types.js';
import { measureEvents, type Events } from './events.js';
import { scanFold, type FoldScan } from './fold-scan.js';
import { transitWindows, type TransitWindows } from './transit-windows.js';

export interface VettingInput {
  /** Detrended, without the transits of the other candidates of this target. */
  readonly curve: LightCurve;
  /** The same as the search sees it (points.ts). */
  readonly points: Points;
  /** Before detrending, without them too: slow variation is still in it. Made when it is asked for. */
  readonly raw: () => LightCurve;
  /** (R,) times of all points of this target, other candidates' transits included; increasing. */
  readonly observedDays: Float64Array;
  readonly signal: Signal;
  readonly fit: TransitFit;
  readonly star: Star;
  readonly mission: Mission;
  /** @default fresh memory */
  readonly scratch?: Scratch;
}

export interface VettingContext extends VettingInput {
  readonly assumedStar: AssumedStar;
  /** NaN for a single event. */
  readonly periodDays: number;
  readonly t0Days: number;
  readonly durationDays: number;
  /** The fitted model, or the search's where no fit converged; null for a single event. */
  readonly model: TransitModel | null;
  /** Variance that the mean of a transit-long stretch has beyond white noise, from cycle to cycle. */
  readonly redVariance: number;
  /** null for a single event. */
  readonly windows: TransitWindows | null;
  /** null for a single event. */
  readonly events: Events | null;
  /** null for a single event. */
  readonly scan: FoldScan | null;
}

export function vettingContext(input: VettingInput): VettingContext {
  const { curve, points, fit, scratch = new Scratch() } = input;
  const periodDays = fit.periodDays.value;
  const t0Days = fit.t0Days.value;
  const durationDays = fit.durationHours.value / 24;
  const { redVariance } = scratch.during(() => {
    const between = betweenTransits(points, periodDays, t0Days, durationDays, scratch);
    return correlatedNoise(between, durationDays, scratch);
  });
  const isPeriodic = Number.isFinite(periodDays);
  const model: TransitModel | null = isPeriodic
    ? {
        periodDays,
        t0Days,
        radiusRatio: fit.radiusRatio.value,
        impact: fit.impact.value,
        axisRatio: fit.axisRatio.value,
        limbDarkening: fit.limbDarkening,
      }
    : null;
  const windows =
    model && scratch.during(() => transitWindows(curve, points, model, durationDays, scratch));
  return {
    ...input,
    assumedStar: assumeStar(input.star),
    periodDays,
    t0Days,
    durationDays,
    model,
    redVariance,
    windows,
    events:
      windows &&
      measureEvents(windows, redVariance, input.observedDays, transitsExpected(points, fit)),
    scan: isPeriodic ? scanFold(points, periodDays, t0Days, durationDays, redVariance) : null,
  };
}

function transitsExpected({ timeDays }: Points, { periodDays, t0Days }: TransitFit): number {
  const n = timeDays.length;
  if (n === 0) return 0;
  const last = Math.floor((timeDays[n - 1] - t0Days.value) / periodDays.value);
  const first = Math.ceil((timeDays[0] - t0Days.value) / periodDays.value);
  return last - first + 1;
}

/** With fewer cycles the profile is made of the noise that it is to be told from. */
const FEWEST_CYCLES = 5;
/** What is left out around a mid-transit, in durations to either side. */
const CUT_DURATIONS = 0.75;

/**
 * The points between the transits, without what repeats with the period: a star that is out of shape,
 * or a second eclipse, comes back the same every cycle and is no noise. O(N).
 */
function betweenTransits(
  points: Points,
  periodDays: number,
  t0Days: number,
  durationDays: number,
  scratch: Scratch,
): Points {
  const n = points.timeDays.length;
  const timeDays = scratch.float64(n);
  const dip = scratch.float64(n);
  const weight = scratch.float64(n);
  const phase = scratch.float64(n);
  const isPeriodic = Number.isFinite(periodDays);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const fromFirst = points.timeDays[i] - t0Days;
    const cycles = isPeriodic ? fromFirst / periodDays : 0;
    const away = isPeriodic ? (cycles - Math.round(cycles)) * periodDays : fromFirst;
    if (Math.abs(away) <= CUT_DURATIONS * durationDays) continue;
    timeDays[count] = points.timeDays[i];
    dip[count] = points.dip[i];
    weight[count] = points.weight[i];
    phase[count] = cycles - Math.floor(cycles);
    count++;
  }
  const cycles = count > 0 ? (timeDays[count - 1] - timeDays[0]) / periodDays : 0;
  if (cycles >= FEWEST_CYCLES) {
    const bins = Math.max(8, Math.round((2 * periodDays) / durationDays));
    removeProfile(dip, weight, phase, count, bins, cycles);
  }
  return {
    timeDays: timeDays.subarray(0, count),
    dip: dip.subarray(0, count),
    weight: weight.subarray(0, count),
  };
}

/** Subtracts from the first `count` dips the mean of their bin of the phase, in place. */
function removeProfile(
  dip: Float64Array,
  weight: Float64Array,
  phase: Float64Array,
  count: number,
  bins: number,
  cycles: number,
): void {
  const sums = new Float64Array(bins);
  const weights = new Float64Array(bins);
  const binOf = (i: number) => Math.min(bins - 1, Math.floor(phase[i] * bins));
  for (let i = 0; i < count; i++) {
    sums[binOf(i)] += weight[i] * dip[i];
    weights[binOf(i)] += weight[i];
  }
  // The mean of as many cycles takes its share of the noise away too.
  const restored = Math.sqrt(cycles / (cycles - 1));
  for (let i = 0; i < count; i++) {
    const bin = binOf(i);
    dip[i] = weights[bin] > 0 ? (dip[i] - sums[bin] / weights[bin]) * restored : 0;
  }
}
