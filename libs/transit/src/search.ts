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
import { Scratch } from '#kernels';
import { type CoarseSearch, planCoarse } from './coarse.js';
import { repetition } from './consistency.js';
import { LONGEST_DURATION_WINDOWS } from './detrend-window.js';
import { type DurationPrior, durationPrior } from './duration-prior.js';
import { stellarDensity } from './period-grid.js';
import { binPoints, type Points, roomFor, searchPoints, withoutTransits } from './points.js';
import { type NoiseLadder, rednessAt } from './noise-ladder.js';
import type { RefineLimits } from './refine-limits.js';
import { scanProfile } from './profile.js';
import type { Helpers } from './shards.js';
import { pointsMemoryBytes } from './search-memory.js';
import { periodicSignal, singleSignal } from './signals.js';
import { isConvincing, refineSingle } from './single-transits.js';
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
import { estimateRedNoise, whiten } from './whitening.js';

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
/** With at most so many transits, two must be convincing each by itself, within so many sigma. */
const FEW_TRANSITS = 3;
const DOUBT_SIGMAS = 2;
/**
 * A scanned peak with this share of the least SNR is polished, which gains 2 % as a rule and up to 14 %
 * (in 99 of 100 planets near the limit, npm run bench -- recall's curves).
 */
const LEAST_SCANNED = 0.9;
/** Leftovers of earlier signals after which the rest of the curve is taken to be one more. */
const MOST_LEFTOVERS = 2;
/** A curve with fewer points than this is not searched, nor one of which less than this is left. */
const LEAST_POINTS = 50;
const LEAST_LEFT = 0.2;

export interface SearchOptions {
  /** Take part in rounds that are long enough; the result is the same to the last bit. @default none */
  readonly helpers?: Helpers;
  /**
   * Signals of fewer transits are found, reported and masked as all are, but are none of the
   * `maxPlanets`: the search goes on as if they had not been asked for. @default 2
   */
  readonly leastTransits?: number;
  /** For what no round leaves behind: one after another, searches may share it. @default fresh memory */
  readonly scratch?: Scratch;
}

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
  { helpers, leastTransits = 2, scratch = new Scratch() }: SearchOptions = {},
): SearchResult {
  const { plan, all, coarsePoints } = prepareSearch(curve, star, params);
  const whole = { ...plan, report, helpers, leastTransits, scratch };
  const rounds = scratch.during(() => searchRounds(whole, all, coarsePoints));
  return { grid: plan.coarse.grid, rounds };
}

/** A search ends after so many rounds, whatever it finds. */
export const mostRounds = (maxPlanets: number): number => maxPlanets + SPARE_ROUNDS;

/**
 * What a search would try and what one round of it would cost, without running it. O(N).
 *
 * @param curve detrended or not: only its times count.
 * @throws {RangeError} as `search` does.
 */
export function searchGrid(curve: LightCurve, star: Star, params: DetectionParams): SearchGrid {
  return prepareSearch(curve, star, params).plan.coarse.grid;
}

function prepareSearch(curve: LightCurve, star: Star, params: DetectionParams) {
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
  const coarseCount = coarsePoints.timeDays.length;
  const rounds = params.maxPlanets + SPARE_ROUNDS;
  const method = planCoarse(params.method, limits, spanDays, coarseCount, rounds);
  const memoryBytes = method.grid.memoryBytes + pointsMemoryBytes(n, coarseCount);
  const coarse = { ...method, grid: { ...method.grid, memoryBytes } };
  const refineLimits = {
    // A trial duration is at most 1.6 times too long: see durationFactors.
    shortestDays: Math.max(shortestDurationDays / 1.6, exposureDays),
    longestDays: limits.longestDurationDays,
    minPeriodDays,
    maxPeriodDays,
    density: limits.density,
  };
  const plan = { coarse, refineLimits, prior: durationPrior(limits.density), params };
  return { plan, all, coarsePoints };
}

interface Plan {
  readonly coarse: CoarseSearch;
  readonly refineLimits: RefineLimits;
  readonly prior: DurationPrior;
  readonly params: DetectionParams;
  readonly report: ReportProgress;
  readonly helpers?: Helpers;
  readonly leastTransits: number;
  readonly scratch: Scratch;
}

interface Found {
  readonly periodogram: Periodogram;
  readonly signal: Signal;
}

function searchRounds(plan: Plan, all: Points, allCoarse: Points): SearchRound[] {
  const { refineLimits, params, report, leastTransits, scratch } = plan;
  const signals: Found[] = [];
  const singles: Found[] = [];
  let residual: SearchRound[] = [];
  let points = all;
  let coarsePoints = allCoarse;
  let leftovers = 0;
  let planets = 0;
  const isBinned = allCoarse !== all;
  const kept = roomFor(all, scratch);
  const keptCoarse = isBinned ? roomFor(allCoarse, scratch) : kept;
  const mask = (t0Days: number, periodDays: number, durationDays: number) => {
    const halfWidth = MASK_DURATIONS * durationDays;
    points = withoutTransits(points, t0Days, periodDays, halfWidth, kept);
    coarsePoints = isBinned
      ? withoutTransits(coarsePoints, t0Days, periodDays, halfWidth, keptCoarse)
      : points;
  };
  const most = mostRounds(params.maxPlanets);

  for (let round = 0; round < most; round++) {
    if (coarsePoints.timeDays.length < Math.max(LEAST_POINTS, LEAST_LEFT * allCoarse.dip.length)) {
      break;
    }
    const tell = (fraction: number) =>
      report('search', (round + fraction) / most, `Round ${round + 1}`);
    const { periodogram, signal, events } = scratch.during(() =>
      searchOnce(plan, points, coarsePoints, tell),
    );
    if (!signal) {
      if (events.length === 0) {
        residual = [{ periodogram, signal: null }];
        break;
      }
      for (const { eventDays, durationDays } of events) {
        const single = refineSingle(points, eventDays, durationDays, refineLimits);
        const event = singleSignal(points, single, periodogram, scratch);
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
      if (signal.transitsObserved >= leastTransits) planets++;
    } else {
      residual = [{ periodogram, signal: null }];
      break;
    }
    if (planets === params.maxPlanets) break;
    mask(signal.t0Days, signal.periodDays, signal.durationHours / 24);
    if (leftovers > MOST_LEFTOVERS) {
      residual = [{ periodogram, signal: null }];
      break;
    }
  }
  const room = Math.max(0, params.maxPlanets - signals.length);
  const bySnr = singles.sort((a, b) => b.signal.snr - a.signal.snr).slice(0, room);
  return [...signals, ...bySnr, ...residual];
}

/** What one round finds: a signal that repeats, or else single events, or else nothing. */
interface RoundResult {
  readonly periodogram: Periodogram;
  readonly signal: Signal | null;
  readonly events: readonly Judged[];
}

function searchOnce(
  { coarse, helpers, params, refineLimits, prior, scratch }: Plan,
  points: Points,
  coarsePoints: Points,
  tell: (fraction: number) => void,
): RoundResult {
  const red =
    params.method === 'folding'
      ? scratch.during(() => estimateRedNoise(coarsePoints, scratch))
      : null;
  const searched = whiten(coarsePoints, red, scratch);
  const { periodogram, starts, noise } = coarse.run(searched, tell, helpers, scratch);
  const ranked = rank(searched, starts, { refineLimits, prior }, noise).filter(
    ({ redSnr }) => redSnr >= LEAST_SCANNED * params.minSnr,
  );
  if (ranked.length > 0 && judge(searched, coarsePoints, ranked[0]).repeats) {
    const whitened = points === coarsePoints ? searched : whiten(points, red, scratch);
    const round = { coarse: searched, whitened, plain: points };
    const signal = periodicSignal(round, ranked[0], refineLimits, prior, periodogram, scratch);
    if (signal.transitsObserved >= 2) return { periodogram, signal, events: [] };
  }
  const judged = ranked
    .filter(({ redSnr }) => redSnr >= params.minSnr)
    .map((candidate) => judge(searched, coarsePoints, candidate));
  return { periodogram, signal: null, events: distinctEvents(judged) };
}

/** So many starts are scanned at other durations, too: more find nothing more. */
const SCANNED_AGAIN = 3;
/** Relative to the start's. */
const OTHER_DURATIONS = [0.5, 2];

interface Ranked extends Candidate {
  /** SNR with the red noise at this duration. */
  readonly redSnr: number;
  /** The same after the prior of its duration. */
  readonly score: number;
}

/**
 * The starts, each the best of its neighbourhood, the strongest first. A start whose duration is wrong
 * by a factor of two may sit beside the highest peak: the first few are tried at others, too.
 */
function rank(
  points: Points,
  starts: readonly Candidate[],
  { refineLimits, prior }: Pick<Plan, 'refineLimits' | 'prior'>,
  noise: NoiseLadder,
): Ranked[] {
  const near = (start: Candidate, durationFactors?: readonly number[]) => {
    const candidate = scanProfile(points, start, refineLimits, durationFactors);
    const { periodDays, durationDays } = candidate;
    const redSnr = candidate.snr / rednessAt(noise, durationDays);
    const score = prior.score(redSnr, periodDays, durationDays);
    return { start, best: { ...candidate, redSnr, score } };
  };
  const ranked = starts.map((start) => near(start)).sort((a, b) => b.best.score - a.best.score);
  const again = ranked.slice(0, SCANNED_AGAIN).map(({ start, best }) => {
    const other = near(start, OTHER_DURATIONS).best;
    return other.score > best.score ? other : best;
  });
  const others = ranked.slice(SCANNED_AGAIN).map(({ best }) => best);
  return [...again, ...others].sort((a, b) => b.score - a.score);
}

interface Judged extends Ranked {
  readonly repeats: boolean;
  /** Mid-time of its strongest transit. */
  readonly eventDays: number;
}

/** @param plain the same points before whitening, which has no bottom and sides to look at */
function judge(points: Points, plain: Points, candidate: Ranked): Judged {
  const sums = transitSums(points, candidate);
  const { repeats, observed, strongest } = repetition(sums);
  const eventDays = sums.firstMidTimeDays + strongest * candidate.periodDays;
  const isProven = observed.length > FEW_TRANSITS || hasTwoConvincing(plain, candidate, sums);
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
    if (isConvincing(points, event, DOUBT_SIGMAS)) convincing++;
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
