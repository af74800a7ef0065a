/**
 * The coarse search by either method: a periodogram, and the ephemerides worth refining.
 */
import { Scratch } from '#kernels';
import { bls } from './bls.js';
import { type BlsSpectrum, divideBls } from './bls-shards.js';
import { divideFold } from './fold-shards.js';
import { fold, type FoldLimits, type FoldSpectrum, planFold } from './folding.js';
import { type NoiseLadder, noiseLadder } from './noise-ladder.js';
import { highestPeaks } from './peaks.js';
import { durationLadder, durationRange, transitPeriods } from './period-grid.js';
import type { Points } from './points.js';
import {
  type CoarseRound,
  type Divisible,
  type Helpers,
  type Shard,
  type ShardAnswer,
  solveTogether,
} from './shards.js';
import { boxMemoryBytes, foldMemoryBytes } from './search-memory.js';
import { singleEvents } from './single-events.js';
import { strongestEpochs } from './strongest-epochs.js';
import type { Candidate } from './transit-sums.js';
import type { Periodogram, SearchGrid } from './types.js';

/** Peaks of the folded periodogram that are folded exactly, and how many of these are refined. */
const PEAKS = 150;
/** A peak of less than this share of the highest SNR is not refined: no refinement doubles it. */
const LEAST_OF_BEST = 0.5;
const REFINED = 24;
/** Frequencies of the direct box search per transit-optimal frequency (Hippke & Heller 2019). */
const BLS_OVERSAMPLING = 3;
/** Moments per duration at which its noise is measured. */
const BLS_MOMENTS = 2;
/** Phase bins per shortest duration of the direct box search. */
const BLS_BINS = 5;
/**
 * Units of `SearchGrid.cost` that one core of 2026 does in a second, by method: additions of the
 * folding kernel; points put into a bin, with what is done for the boxes. Only whether a round is
 * divided, and how finely, hangs on it.
 */
const COST_PER_SECOND = { folding: 8e9, bls: 6e7 };
/** A shard: long beside what it takes to hand it over, short for whoever waits for the last one. */
const SHARD_SECONDS = 0.2;
/** A longer round is divided into longer shards. */
const MOST_SHARDS = 1000;

export interface CoarseResult {
  readonly periodogram: Periodogram;
  /** Peaks worth refining. */
  readonly starts: readonly Candidate[];
  readonly noise: NoiseLadder;
}

/** A search that was planned and can be run on the points of every round. */
export interface CoarseSearch {
  readonly grid: SearchGrid;
  /** @param helpers asked where a round is long enough for them; the result is the same. */
  run(
    points: Points,
    report: (fraction: number) => void,
    helpers?: Helpers,
    scratch?: Scratch,
  ): CoarseResult;
  /** Solves any shard of a round on these points. */
  shards(points: Points): Divisible<unknown>;
  readonly durationsDays: readonly number[];
}

/** The parts of a method. `Spectrum` is what it finds at each period. */
interface Method<Spectrum> {
  readonly method: CoarseRound['method'];
  readonly limits: FoldLimits;
  readonly spanDays: number;
  readonly grid: SearchGrid;
  readonly durationsDays: readonly number[];
  /** @param scratch a spectrum may lie in it; what is concluded from it does not */
  solve(points: Points, report: (fraction: number) => void, scratch: Scratch): Spectrum;
  divide(points: Points): Divisible<Spectrum>;
  conclude(points: Points, found: Spectrum, scratch: Scratch): CoarseResult;
}

/**
 * @param points their number
 * @param rounds in which it will run, at most
 */
export function planCoarse(
  method: CoarseRound['method'],
  limits: FoldLimits,
  spanDays: number,
  points: number,
  rounds = 1,
): CoarseSearch {
  return method === 'folding'
    ? searchBy(planFolding(limits, spanDays, rounds))
    : searchBy(planBls(limits, spanDays, points, rounds));
}

function searchBy<Spectrum>(parts: Method<Spectrum>): CoarseSearch {
  const { method, limits, spanDays, grid, durationsDays } = parts;
  const seconds = grid.cost / COST_PER_SECOND[method];
  const shardCost = (grid.cost / seconds) * Math.max(SHARD_SECONDS, seconds / MOST_SHARDS);
  return {
    grid,
    durationsDays,
    shards: (points) => parts.divide(points),
    run(points, report, helpers, scratch = new Scratch()) {
      if (!helpers || seconds < helpers.leastSeconds) {
        return scratch.during(() =>
          parts.conclude(points, parts.solve(points, report, scratch), scratch),
        );
      }
      const { timeDays, dip, weight, gain } = points;
      const gains = gain ? durationsDays.map(gain) : null;
      const round = { method, limits, spanDays, timeDays, dip, weight, gains };
      const work = parts.divide(points);
      const spectrum = solveTogether(work, round, shardCost, helpers, report);
      return scratch.during(() => parts.conclude(points, spectrum, scratch));
    },
  };
}

/** Solves shards of a round that another process holds; `RangeError` where one is no part of it. */
export function shardSolver(round: CoarseRound): (shard: Shard) => ShardAnswer {
  const { method, limits, spanDays, timeDays, dip, weight, gains } = round;
  const search = planCoarse(method, limits, spanDays, timeDays.length);
  const gain = gains && ((days: number) => gains[search.durationsDays.indexOf(days)]);
  const work = search.shards({ timeDays, dip, weight, ...(gain && { gain }) });
  return (shard) => work.solve(shard);
}

function planFolding(limits: FoldLimits, spanDays: number, rounds: number): Method<FoldSpectrum> {
  const plan = planFold(limits, spanDays);
  return {
    method: 'folding',
    limits,
    spanDays,
    durationsDays: plan.durationsDays,
    grid: {
      minPeriodDays: limits.minPeriodDays,
      maxPeriodDays: limits.maxPeriodDays,
      periods: plan.periods,
      durationsHours: plan.durationsDays.map((days) => 24 * days),
      oversampling: plan.oversampling,
      cost: plan.cost,
      memoryBytes: foldMemoryBytes(plan, spanDays, rounds),
    },
    solve: (points, report, scratch) => fold(points, plan, report, scratch),
    divide: (points) => divideFold(points, plan),
    conclude(_, { periodDays, snr, series, events }) {
      const highest = highestPeaks(snr, PEAKS);
      const worthwhile = highest.filter((cell) => snr[cell] >= LEAST_OF_BEST * snr[highest[0]]);
      const peaks = worthwhile.map((cell) => ({
        events: events[series[cell]],
        periodDays: periodDays[cell],
      }));
      const starts = strongestEpochs(peaks)
        .sort((a, b) => b.snr - a.snr)
        .filter((start, _, [best]) => start.snr >= LEAST_OF_BEST * best.snr)
        .slice(0, REFINED);
      return {
        periodogram: { method: 'folding', periodDays, snr },
        starts,
        noise: noiseLadder(events),
      };
    },
  };
}

function planBls(
  limits: FoldLimits,
  spanDays: number,
  points: number,
  rounds: number,
): Method<BlsSpectrum> {
  const { minPeriodDays, maxPeriodDays, density } = limits;
  const periodDays = transitPeriods({
    minPeriodDays,
    maxPeriodDays,
    spanDays,
    densitySun: density.solar,
    oversampling: BLS_OVERSAMPLING,
  });
  const within = (days: number) =>
    Math.min(limits.longestDurationDays, Math.max(limits.shortestDurationDays, days));
  const durations = durationLadder(
    within(durationRange(minPeriodDays, density).shortestDays),
    within(durationRange(maxPeriodDays, density).longestDays),
  ).filter((days) => days < minPeriodDays);
  const reach = durations.length > 1 ? durations[1] / durations[0] : 1;
  const fits = (days: number, period: number) => {
    const { shortestDays, longestDays } = durationRange(period, density);
    return days * reach >= within(shortestDays) && days <= reach * within(longestDays);
  };
  const options = { periodsDays: periodDays, durationsDays: durations, oversample: BLS_BINS, fits };
  return {
    method: 'bls',
    limits,
    spanDays,
    durationsDays: durations,
    grid: {
      minPeriodDays,
      maxPeriodDays,
      periods: periodDays.length,
      durationsHours: durations.map((days) => 24 * days),
      oversampling: BLS_OVERSAMPLING,
      cost: periodDays.length * points,
      memoryBytes: boxMemoryBytes(periodDays.length, durations, spanDays, BLS_MOMENTS, rounds),
    },
    solve: (each, report) => bls(each, { ...options, report }),
    divide: (each) => divideBls(each, options),
    conclude(each, { snr, durationDays, t0Days }, scratch) {
      const starts = highestPeaks(snr, REFINED).map((i) => ({
        periodDays: periodDays[i],
        t0Days: t0Days[i],
        durationDays: durationDays[i],
        snr: snr[i],
      }));
      const spacings = durations.map((days) => ({
        durationDays: days,
        stepDays: days / BLS_MOMENTS,
      }));
      const events = singleEvents(each, spacings, scratch);
      return {
        periodogram: { method: 'bls', periodDays, snr },
        starts,
        noise: noiseLadder(events),
      };
    },
  };
}
