/**
 * The coarse search by either method: a periodogram, and the ephemerides worth refining.
 */
import { bls } from './bls.js';
import { fold, type FoldLimits, planFold } from './folding.js';
import { type NoiseLadder, noiseLadder } from './noise-ladder.js';
import { highestPeaks } from './peaks.js';
import { durationLadder, durationRange, transitPeriods } from './period-grid.js';
import type { Points } from './points.js';
import { singleEvents } from './single-events.js';
import { strongestEpochs } from './strongest-epochs.js';
import type { Candidate } from './transit-sums.js';
import type { Periodogram, SearchGrid } from './types.js';

/** Peaks of the folded periodogram that are folded exactly, and how many of these are refined. */
const PEAKS = 100;
const REFINED = 12;
/** Frequencies of the direct box search per transit-optimal frequency (Hippke & Heller 2019). */
const BLS_OVERSAMPLING = 3;
/** Moments per duration at which its noise is measured. */
const BLS_MOMENTS = 2;
/** Phase bins per shortest duration of the direct box search. */
const BLS_BINS = 5;

/** A search that was planned and can be run on the points of every round. */
export interface CoarseSearch {
  readonly grid: SearchGrid;
  run(
    points: Points,
    report: (fraction: number) => void,
  ): {
    periodogram: Periodogram;
    /** Peaks worth refining. */
    starts: readonly Candidate[];
    noise: NoiseLadder;
  };
}

export function planFolding(limits: FoldLimits, spanDays: number): CoarseSearch {
  const plan = planFold(limits, spanDays);
  return {
    grid: {
      minPeriodDays: limits.minPeriodDays,
      maxPeriodDays: limits.maxPeriodDays,
      periods: plan.periods,
      durationsHours: plan.durationsDays.map((days) => 24 * days),
      oversampling: plan.oversampling,
      cost: plan.cost,
    },
    run(points, report) {
      const { periodDays, snr, series, events } = fold(points, plan, report);
      const peaks = highestPeaks(snr, PEAKS).map((cell) => ({
        events: events[series[cell]],
        periodDays: periodDays[cell],
      }));
      const starts = strongestEpochs(peaks)
        .sort((a, b) => b.snr - a.snr)
        .slice(0, REFINED);
      return {
        periodogram: { method: 'folding', periodDays, snr },
        starts,
        noise: noiseLadder(events),
      };
    },
  };
}

export function planBls(limits: FoldLimits, spanDays: number, points: number): CoarseSearch {
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
  return {
    grid: {
      minPeriodDays,
      maxPeriodDays,
      periods: periodDays.length,
      durationsHours: durations.map((days) => 24 * days),
      oversampling: BLS_OVERSAMPLING,
      cost: periodDays.length * points,
    },
    run(points, report) {
      const found = bls(points, {
        periodsDays: periodDays,
        durationsDays: durations,
        oversample: BLS_BINS,
        fits,
        report,
      });
      const starts = highestPeaks(found.snr, REFINED).map((i) => ({
        periodDays: periodDays[i],
        t0Days: found.t0Days[i],
        durationDays: found.durationDays[i],
        snr: found.snr[i],
      }));
      const events = durations.map((days) => singleEvents(points, days, days / BLS_MOMENTS));
      return {
        periodogram: { method: 'bls', periodDays, snr: found.snr },
        starts,
        noise: noiseLadder(events),
      };
    },
  };
}
