/** From a refined candidate to a signal: its numbers, its noise, its aliases. */
import { Scratch } from '#kernels';
import { arbitrate } from './aliases.js';
import { repetition } from './consistency.js';
import type { DurationPrior } from './duration-prior.js';
import { type CorrelatedNoise, correlatedNoise, redSnr } from './noise.js';
import { detectionEfficiency } from './peaks.js';
import { type Points, roomFor, withoutTransits } from './points.js';
import { polish, refine } from './refine.js';
import type { RefineLimits } from './refine-limits.js';
import { singleEvents } from './single-events.js';
import type { SingleTransit } from './single-transits.js';
import {
  type Candidate,
  type Ephemeris,
  hideTransits,
  snrAt,
  transitSums,
} from './transit-sums.js';
import type { Periodogram, Signal } from './types.js';

/** The points of one round: binned for the coarse search and as they are, whitened and not. */
export interface RoundPoints {
  readonly coarse: Points;
  readonly whitened: Points;
  readonly plain: Points;
}

/** Moments per duration at which the noise is measured. */
const NOISE_MOMENTS = 2;

/** What the single-event statistic at a duration scatters beyond white noise. O(N). */
export function residualNoise(
  points: Points,
  durationDays: number,
  scratch = new Scratch(),
): CorrelatedNoise {
  const stepDays = durationDays / NOISE_MOMENTS;
  const [events] = singleEvents(points, [{ durationDays, stepDays }], scratch);
  const { redness, typicalDenominator } = events;
  if (!(typicalDenominator > 0)) return { redness: 1, redVariance: 0 };
  return { redness, redVariance: (redness * redness - 1) / typicalDenominator };
}

/**
 * Depth of an ephemeris, its variance, and the noise left outside of its transits. O(N).
 *
 * @param binned the same points in bins shorter than the transit, which scatter alike at its duration
 *   and are fewer.
 */
export function measure(
  points: Points,
  ephemeris: Ephemeris,
  binned = points,
  scratch = new Scratch(),
) {
  const { numerator, denominator } = transitSums(points, ephemeris);
  let above = 0;
  let below = 0;
  for (let k = 0; k < numerator.length; k++) {
    above += numerator[k];
    below += denominator[k];
  }
  const noise = scratch.during(() => {
    const outside = hideTransits(binned, ephemeris, scratch);
    return residualNoise(outside, ephemeris.durationDays, scratch);
  });
  return { depth: above / below, variance: 1 / below, noise };
}

/** From bin to bin: eclipses that fill the orbit come back every cycle and are no noise. */
function redVarianceOutside(
  points: Points,
  { t0Days, periodDays, durationDays }: Candidate,
  scratch: Scratch,
): number {
  return scratch.during(() => {
    const room = roomFor(points, scratch);
    const outside = withoutTransits(points, t0Days, periodDays, durationDays / 2, room);
    return correlatedNoise(outside, durationDays, scratch).redVariance;
  });
}

/** The signal that a peak of the search is, at the period that its aliases leave it. */
export function periodicSignal(
  { coarse, whitened, plain }: RoundPoints,
  found: Candidate,
  limits: RefineLimits,
  prior: DurationPrior,
  periodogram: Periodogram,
  scratch: Scratch,
): Signal {
  const start = refine(coarse, found, limits);
  const redVariance = redVarianceOutside(coarse, start, scratch);
  const { chosen, aliases } = arbitrate(coarse, start, limits, redVariance);
  const final = whitened === coarse ? chosen : polish(whitened, chosen, limits);
  const { depth, variance, noise } = measure(whitened, final, coarse, scratch);
  const sums = transitSums(whitened, final);
  const { observed } = repetition(sums);
  const snr = redSnr(depth, variance, noise, observed.length);
  return {
    periodDays: final.periodDays,
    t0Days: sums.firstMidTimeDays + observed[0] * final.periodDays,
    durationHours: 24 * final.durationDays,
    depthPpm: 1e6 * depth,
    whiteSnr: snrAt(plain, final),
    snr,
    score: prior.score(snr, final.periodDays, final.durationDays),
    sde: detectionEfficiency(periodogram.snr),
    transitsObserved: observed.length,
    transitsExpected: sums.numerator.length,
    aliases,
  };
}

/** A single event has its own time and depth, and no period. */
export function singleSignal(
  points: Points,
  single: SingleTransit,
  periodogram: Periodogram,
  scratch: Scratch,
): Signal {
  const noise = scratch.during(() => {
    const room = roomFor(points, scratch);
    const outside = withoutTransits(points, single.t0Days, NaN, single.durationDays / 2, room);
    return residualNoise(outside, single.durationDays, scratch);
  });
  const snr = redSnr(single.depth, single.variance, noise, 1);
  return {
    periodDays: NaN,
    t0Days: single.t0Days,
    durationHours: 24 * single.durationDays,
    depthPpm: 1e6 * single.depth,
    whiteSnr: single.depth / Math.sqrt(single.variance),
    snr,
    score: snr,
    sde: detectionEfficiency(periodogram.snr),
    transitsObserved: 1,
    transitsExpected: 1,
    aliases: [],
  };
}
