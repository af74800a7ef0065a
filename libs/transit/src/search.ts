/**
 * The search for several transiting planets: find the strongest dip that repeats, decide on its
 * period, mask it, search again.
 *
 * One round is a coarse search at all periods (folding or bls), refinement of its best peaks on the
 * points, and arbitration among aliases. Three kinds of finding are told apart:
 * a signal that repeats is a result; a single event is set aside, reported after the signals that
 * repeat, with NaN for its period, because the data do not hold one; what is locked to the phase of
 * an earlier signal (secondary eclipses, the rest of a masked variation) is masked and not reported.
 *
 * Pure and deterministic: the same input gives the same bytes.
 */
import { arbitrate } from './aliases.js';
import { type CoarseSearch, planBls, planFolding } from './coarse.js';
import { repetition } from './consistency.js';
import { LONGEST_DURATION_WINDOWS } from './detrend-window.js';
import { type DurationPrior, durationPrior } from './duration-prior.js';
import { correlatedNoise, redSnr } from './noise.js';
import { detectionEfficiency } from './peaks.js';
import { stellarDensity } from './period-grid.js';
import { binPoints, type Points, searchPoints, withoutTransits } from './points.js';
import { type NoiseLadder, rednessAt } from './noise-ladder.js';
import { polish, refine } from './refine.js';
import type { RefineLimits } from './refine-limits.js';
import { scanProfile } from './profile.js';
import { isConvincing, refineSingle, type SingleTransit } from './single-transits.js';
import { type Candidate, type TransitSums, transitSums } from './transit-sums.js';
import type {
  DetectionParams,
  LightCurve,
  Periodogram,
  ReportProgress,
  SearchGrid,
  SearchRound,
  Signal,
  Star,
} from './types.js';

/** Longest period searched by default: that of two transits in four years of Kepler, and more. */
const LONGEST_PERIOD_DAYS = 500;
/** Shortest trial duration. Shorter ones are found with it, and refined. */
const SHORTEST_DURATION_DAYS = 0.5 / 24;
const SHORTEST_DURATION_EXPOSURES = 2;
/** The coarse search runs on bins of this length where the exposures are at most half of it. */
const BIN_DAYS = 10 / 1440;
/** Half of what is masked around a mid-time, in durations: 1.7 durations in all. */
const MASK_DURATIONS = 0.85;
/** Rounds that find a single event or a leftover of an earlier signal, beyond those for planets. */
const SPARE_ROUNDS = 8;
/** With at most so many transits, two must be convincing each by itself. */
const FEW_TRANSITS = 3;
/** Leftovers of earlier signals after which the rest of the curve is taken to be one more. */
const MOST_LEFTOVERS = 2;
/** A curve with fewer points than this is not searched, nor one of which less than this is left. */
const LEAST_POINTS = 50;
const LEAST_LEFT = 0.2;

export interface SearchResult {
  readonly grid: SearchGrid;
  /** Signals in the order found, single events after them; the last may have none. */
  readonly rounds: readonly SearchRound[];
}

/** Half the baseline, at most 500 days, unless the caller says otherwise. */
export function longestPeriodDays(curve: LightCurve, wanted: number | null): number {
  const n = curve.timeDays.length;
  const span = n > 0 ? curve.timeDays[n - 1] - curve.timeDays[0] : 0;
  return wanted ?? Math.min(LONGEST_PERIOD_DAYS, span / 2);
}

/**
 * @param curve detrended. `params.windowDays`, where given, limits the durations to half of it.
 * @param report its fraction is of this search, 0 to 1.
 * @throws {RangeError} where the curve is too short or the periods are not in order.
 */
export function search(
  curve: LightCurve,
  star: Star,
  params: DetectionParams,
  report: ReportProgress = () => {},
): SearchResult {
  const n = curve.timeDays.length;
  if (n < LEAST_POINTS) {
    throw new RangeError(`curve must have at least ${LEAST_POINTS} points, not ${n}`);
  }
  const spanDays = curve.timeDays[n - 1] - curve.timeDays[0];
  const maxPeriodDays = longestPeriodDays(curve, params.maxPeriodDays);
  const { minPeriodDays } = params;
  if (!(minPeriodDays > 0 && minPeriodDays < maxPeriodDays)) {
    throw new RangeError(
      `The shortest period must be above 0 and below the longest, ${inDays(maxPeriodDays)} ` +
        `(as chosen, or half the baseline), not ${inDays(minPeriodDays)}`,
    );
  }
  const exposureDays = curve.exposureDays.reduce((least, days) => Math.min(least, days), Infinity);
  const shortestDurationDays = Math.max(
    SHORTEST_DURATION_DAYS,
    SHORTEST_DURATION_EXPOSURES * exposureDays,
  );
  const longestDurationDays =
    params.detrend === 'none' || params.windowDays === null
      ? Infinity
      : LONGEST_DURATION_WINDOWS * params.windowDays;
  const all = searchPoints(curve);
  const coarsePoints = exposureDays <= BIN_DAYS / 2 ? binPoints(curve, all, BIN_DAYS) : all;
  const limits = {
    minPeriodDays,
    maxPeriodDays,
    density: stellarDensity(star),
    shortestDurationDays,
    longestDurationDays: Math.max(longestDurationDays, 1.1 * shortestDurationDays),
  };
  const coarse =
    params.method === 'folding'
      ? planFolding(limits, spanDays)
      : planBls(limits, spanDays, coarsePoints.timeDays.length);
  const refineLimits = {
    // A trial duration is at most 1.6 times too long: see durationFactors.
    shortestDays: Math.max(shortestDurationDays / 1.6, exposureDays),
    longestDays: limits.longestDurationDays,
    minPeriodDays,
    maxPeriodDays,
    density: limits.density,
  };
  const prior = durationPrior(limits.density);
  const rounds = searchRounds({ coarse, refineLimits, prior, params, report }, all, coarsePoints);
  return { grid: coarse.grid, rounds };
}

interface Plan {
  readonly coarse: CoarseSearch;
  readonly refineLimits: RefineLimits;
  readonly prior: DurationPrior;
  readonly params: DetectionParams;
  readonly report: ReportProgress;
}

interface Found {
  readonly periodogram: Periodogram;
  readonly signal: Signal;
}

function searchRounds(plan: Plan, all: Points, allCoarse: Points): SearchRound[] {
  const { coarse, refineLimits, params, report } = plan;
  const signals: Found[] = [];
  const singles: Found[] = [];
  let residual: SearchRound[] = [];
  let points = all;
  let coarsePoints = allCoarse;
  let leftovers = 0;
  const mask = (t0Days: number, periodDays: number, durationDays: number) => {
    const halfWidth = MASK_DURATIONS * durationDays;
    points = withoutTransits(points, t0Days, periodDays, halfWidth);
    coarsePoints =
      allCoarse === all ? points : withoutTransits(coarsePoints, t0Days, periodDays, halfWidth);
  };
  const most = params.maxPlanets + SPARE_ROUNDS;

  for (let round = 0; round < most && signals.length < params.maxPlanets; round++) {
    if (coarsePoints.timeDays.length < Math.max(LEAST_POINTS, LEAST_LEFT * allCoarse.dip.length)) {
      break;
    }
    const { periodogram, starts, noise } = coarse.run(coarsePoints, (fraction) =>
      report('search', (round + fraction) / most, `Round ${round + 1}`),
    );
    const ranked = rank(coarsePoints, starts, plan, noise).filter(
      ({ redSnr }) => redSnr >= params.minSnr,
    );
    if (ranked.length === 0) {
      residual = [{ periodogram, signal: null }];
      break;
    }
    const signal = judge(coarsePoints, ranked[0]).repeats
      ? periodicSignal(points, coarsePoints, ranked[0], plan, periodogram)
      : null;
    if (!signal || signal.transitsObserved < 2) {
      const judged = ranked.map((candidate) => judge(coarsePoints, candidate));
      for (const { eventDays, durationDays } of distinctEvents(judged)) {
        const single = refineSingle(points, eventDays, durationDays, refineLimits);
        const event = singleSignal(points, single, periodogram);
        if (event.snr >= params.minSnr && isConvincing(points, single)) {
          singles.push({ periodogram, signal: event });
        }
        mask(single.t0Days, NaN, single.durationDays);
      }
      continue;
    }
    if (signals.some((earlier) => isLocked(signal, earlier.signal, all))) {
      leftovers++;
    } else if (signal.snr >= params.minSnr) {
      signals.push({ periodogram, signal });
    } else {
      residual = [{ periodogram, signal: null }];
      break;
    }
    mask(signal.t0Days, signal.periodDays, signal.durationHours / 24);
    if (leftovers > MOST_LEFTOVERS) {
      residual = [{ periodogram, signal: null }];
      break;
    }
  }
  const room = params.maxPlanets - signals.length;
  const bySnr = singles.sort((a, b) => b.signal.snr - a.signal.snr).slice(0, room);
  return [...signals, ...bySnr, ...residual];
}

interface Ranked extends Candidate {
  /** SNR with the red noise at this duration. */
  readonly redSnr: number;
  /** The same after the prior of its duration. */
  readonly score: number;
}

/** The starts, each the best of its neighbourhood, the strongest first. */
function rank(
  points: Points,
  starts: readonly Candidate[],
  { refineLimits, prior }: Plan,
  noise: NoiseLadder,
): Ranked[] {
  return starts
    .map((start) => {
      const candidate = scanProfile(points, start, refineLimits);
      const { periodDays, durationDays } = candidate;
      const redSnr = candidate.snr / rednessAt(noise, durationDays);
      return { ...candidate, redSnr, score: prior.score(redSnr, periodDays, durationDays) };
    })
    .sort((a, b) => b.score - a.score);
}

interface Judged extends Ranked {
  readonly repeats: boolean;
  /** Mid-time of its strongest transit. */
  readonly eventDays: number;
}

function judge(points: Points, candidate: Ranked): Judged {
  const sums = transitSums(points, candidate);
  const { repeats, observed, strongest } = repetition(sums);
  const eventDays = sums.firstMidTimeDays + strongest * candidate.periodDays;
  const isProven = observed.length > FEW_TRANSITS || hasTwoConvincing(points, candidate, sums);
  return { ...candidate, repeats: repeats && isProven, eventDays };
}

/** Of few transits two must each look like one: any two glitches make a period. */
function hasTwoConvincing(points: Points, candidate: Candidate, sums: TransitSums): boolean {
  let convincing = 0;
  for (let k = 0; k < sums.numerator.length; k++) {
    if (!(sums.denominator[k] > 0)) continue;
    const t0Days = sums.firstMidTimeDays + k * candidate.periodDays;
    const depth = sums.numerator[k] / sums.denominator[k];
    const { durationDays } = candidate;
    const event = { t0Days, durationDays, depth, variance: 1 / sums.denominator[k] };
    if (isConvincing(points, event)) convincing++;
  }
  return convincing >= 2;
}

/** The strongest transits of candidates that do not repeat, each once. */
function distinctEvents(judged: readonly Judged[]): Judged[] {
  const events: Judged[] = [];
  for (const candidate of judged.filter(({ repeats }, i) => i === 0 || !repeats)) {
    const isKnown = events.some(
      ({ eventDays, durationDays }) =>
        Math.abs(eventDays - candidate.eventDays) < durationDays + candidate.durationDays,
    );
    if (!isKnown) events.push(candidate);
  }
  return events;
}

/** Depth of a candidate, its white variance, and the red noise outside of its transits. */
function measure(points: Points, candidate: Candidate) {
  const { numerator, denominator } = transitSums(points, candidate);
  let above = 0;
  let below = 0;
  for (let k = 0; k < numerator.length; k++) {
    above += numerator[k];
    below += denominator[k];
  }
  const { t0Days, periodDays, durationDays } = candidate;
  const outside = withoutTransits(points, t0Days, periodDays, durationDays / 2);
  const noise = correlatedNoise(outside, durationDays);
  return { depth: above / below, variance: 1 / below, noise };
}

function periodicSignal(
  points: Points,
  coarsePoints: Points,
  found: Candidate,
  { refineLimits: limits, prior }: Plan,
  periodogram: Periodogram,
): Signal {
  const start = refine(coarsePoints, found, limits);
  // Outside of its dips: eclipses that fill the orbit would pass for red noise.
  const { noise: before } = measure(coarsePoints, start);
  const { chosen, aliases } = arbitrate(coarsePoints, start, limits, before.redVariance);
  const final = points === coarsePoints ? chosen : polish(points, chosen, limits);
  const { depth, variance, noise } = measure(points, final);
  const sums = transitSums(points, final);
  const { observed } = repetition(sums);
  const snr = redSnr(depth, variance, noise, observed.length);
  return {
    periodDays: final.periodDays,
    t0Days: sums.firstMidTimeDays + observed[0] * final.periodDays,
    durationHours: 24 * final.durationDays,
    depthPpm: 1e6 * depth,
    whiteSnr: depth / Math.sqrt(variance),
    snr,
    score: prior.score(snr, final.periodDays, final.durationDays),
    sde: detectionEfficiency(periodogram.snr),
    transitsObserved: observed.length,
    transitsExpected: sums.numerator.length,
    aliases,
  };
}

function singleSignal(points: Points, single: SingleTransit, periodogram: Periodogram): Signal {
  const outside = withoutTransits(points, single.t0Days, NaN, single.durationDays / 2);
  const noise = correlatedNoise(outside, single.durationDays);
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

/** Period ratios at which a masked signal leaves something behind. */
const LOCKED_RATIOS = [2, 3, 4, 5, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 3 / 2, 2 / 3];
/** No two planets have periods so close; the rest of a variation does, its period being vague. */
const SAME_PERIOD = 0.01;

/**
 * Whether two signals have the same period, or keep step over the whole curve, within one duration,
 * at a simple ratio.
 */
function isLocked(later: Signal, earlier: Signal, { timeDays }: Points): boolean {
  const span = timeDays[timeDays.length - 1] - timeDays[0];
  if (Math.abs(later.periodDays / earlier.periodDays - 1) < SAME_PERIOD) return true;
  const tolerance = Math.max(later.durationHours, earlier.durationHours) / 24;
  return LOCKED_RATIOS.some((ratio) => {
    const drift = Math.abs(later.periodDays - ratio * earlier.periodDays);
    return (drift * span) / later.periodDays < tolerance;
  });
}

const inDays = (days: number) => `${Number(days.toPrecision(5))} d`;
