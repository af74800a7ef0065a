/**
 * What every vetting test looks at: one candidate, its curve without the other candidates' transits,
 * and the few measurements that more than one test needs, made once.
 *
 * Pure: no I/O, no clock, no randomness. N is points, E transits with data.
 */
import { correlatedNoise } from '../noise.js';
import { searchPoints, withoutTransits, type Points } from '../points.js';
import { assumeStar, type AssumedStar } from '../star.js';
import type { TransitModel } from '../transit-model.js';
import type { LightCurve, Mission, Signal, Star, TransitFit } from '../types.js';
import { measureEvents, type Events } from './events.js';
import { scanFold, type FoldScan } from './fold-scan.js';

export interface VettingInput {
  /** Detrended, without the transits of the other candidates of this target. */
  readonly curve: LightCurve;
  /** Before detrending, without them too: slow variation is still in it. */
  readonly raw: LightCurve;
  readonly signal: Signal;
  readonly fit: TransitFit;
  readonly star: Star;
  readonly mission: Mission;
}

export interface VettingContext extends VettingInput {
  readonly assumedStar: AssumedStar;
  /** NaN for a single event. */
  readonly periodDays: number;
  readonly t0Days: number;
  readonly durationDays: number;
  /** The fitted model, or the search's where no fit converged; null for a single event. */
  readonly model: TransitModel | null;
  readonly points: Points;
  /** Variance that the mean of a transit-long stretch has beyond white noise, from cycle to cycle. */
  readonly redVariance: number;
  /** null for a single event. */
  readonly events: Events | null;
  /** null for a single event. */
  readonly scan: FoldScan | null;
}

export function vettingContext(input: VettingInput): VettingContext {
  const { curve, fit } = input;
  const points = searchPoints(curve);
  const periodDays = fit.periodDays.value;
  const t0Days = fit.t0Days.value;
  const durationDays = fit.durationHours.value / 24;
  const outside = withoutTransits(points, t0Days, periodDays, 0.75 * durationDays);
  const { redVariance } = correlatedNoise(
    withoutProfile(outside, periodDays, t0Days, durationDays),
    durationDays,
  );
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
  return {
    ...input,
    assumedStar: assumeStar(input.star),
    periodDays,
    t0Days,
    durationDays,
    model,
    points,
    redVariance,
    events: model && measureEvents(curve, points, model, durationDays, redVariance),
    scan: isPeriodic ? scanFold(points, periodDays, t0Days, durationDays, redVariance) : null,
  };
}

/** With fewer cycles the profile is made of the noise that it is to be told from. */
const FEWEST_CYCLES = 5;

/**
 * The points without what repeats with the period: a star that is out of shape, or a second eclipse,
 * comes back the same every cycle and is no noise.
 */
function withoutProfile(
  points: Points,
  periodDays: number,
  t0Days: number,
  durationDays: number,
): Points {
  const { timeDays, dip, weight } = points;
  const n = timeDays.length;
  const cycles = n > 0 ? (timeDays[n - 1] - timeDays[0]) / periodDays : 0;
  if (!(cycles >= FEWEST_CYCLES)) return points;
  const bins = Math.max(8, Math.round((2 * periodDays) / durationDays));
  const sums = new Float64Array(bins);
  const weights = new Float64Array(bins);
  const bin = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const phase = (timeDays[i] - t0Days) / periodDays;
    bin[i] = Math.min(bins - 1, Math.floor((phase - Math.floor(phase)) * bins));
    sums[bin[i]] += weight[i] * dip[i];
    weights[bin[i]] += weight[i];
  }
  // The mean of as many cycles takes its share of the noise away too.
  const restored = Math.sqrt(cycles / (cycles - 1));
  const rest = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    rest[i] = weights[bin[i]] > 0 ? (dip[i] - sums[bin[i]] / weights[bin[i]]) * restored : 0;
  }
  return { timeDays, dip: rest, weight };
}
