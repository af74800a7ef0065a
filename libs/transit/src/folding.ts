/**
 * The periodic search, "matched filter, then fast fold": for each trial duration one series of
 * single-event statistics, folded at every period as 16-bit integers.
 *
 * Staelin 1969 (fast folding, in #kernels); Jenkins 2002 (single- and multiple-event statistics);
 * Ofir 2014 (only durations that fit the period). Folding the filtered series, not the flux, keeps
 * the resolution at what a transit needs, and sums need no denominators until the peaks are ranked.
 *
 * Times are in days. M is moments of a series, C cells of the periodogram.
 */
import {
  foldCount,
  foldMaxima,
  foldPadding,
  foldRows,
  Scratch,
  SHORTEST_BASE,
  toSteps,
} from '#kernels';
import { Cells } from './cells.js';
import { durationFactors, durationLadder, durationRange, periodOfDuration } from './period-grid.js';
import type { StellarDensity } from './period-grid.js';
import type { Points } from './points.js';
import { type EventSpacing, singleEvents, type SingleEvents } from './single-events.js';

/** Moments per trial duration: more where many butterfly levels each round by half a moment. */
const SAMPLES_PER_DURATION = [
  { mostRows: 70, samples: 2 },
  { mostRows: 300, samples: 2.5 },
  { mostRows: Infinity, samples: 3 },
] as const;
/** Cells of the periodogram: enough that a peak spans several (they are uniform in f^(1/3)). */
const CELLS_PER_DAY = 40;
const LEAST_CELLS = 2000;
/** Integer steps per σ of one event; more are of no use. */
const FINEST_SCALE = 64;
const INT16_MOST = 32767;

export interface FoldLimits {
  readonly minPeriodDays: number;
  readonly maxPeriodDays: number;
  readonly density: StellarDensity;
  readonly shortestDurationDays: number;
  readonly longestDurationDays: number;
}

/** One call of the kernel: one duration, one octave of periods. */
interface Band {
  readonly durationDays: number;
  readonly stepDays: number;
  readonly moments: number;
  readonly firstBase: number;
  readonly endBase: number;
  /** Additions of the kernel. */
  readonly cost: number;
}

export interface FoldPlan {
  readonly limits: FoldLimits;
  readonly bands: readonly Band[];
  readonly durationsDays: readonly number[];
  /** Trial periods, all bands together. */
  readonly periods: number;
  /** Drifts of the fold per duration, at the fewest rows. */
  readonly oversampling: number;
  /** Additions of the kernel. */
  readonly cost: number;
}

/** What will be folded, and what it will cost. */
export function planFold(limits: FoldLimits, spanDays: number): FoldPlan {
  const { minPeriodDays, maxPeriodDays, density } = limits;
  const { least, most } = durationFactors(density);
  const shortest = durationRange(minPeriodDays, density).shortestDays;
  const longest = durationRange(maxPeriodDays, density).longestDays;
  const durationsDays = durationLadder(
    Math.max(shortest, limits.shortestDurationDays),
    Math.max(limits.shortestDurationDays, Math.min(longest, limits.longestDurationDays)),
  );
  const step = durationsDays.length > 1 ? durationsDays[1] / durationsDays[0] : 1;
  const bands: Band[] = [];
  durationsDays.forEach((durationDays, i) => {
    const isFirst = i === 0;
    const isLast = i === durationsDays.length - 1;
    const reach = Math.sqrt(step);
    const from = isFirst ? 0 : periodOfDuration(durationDays / reach, most, density.solar);
    // No reach towards longer periods: that is where the cost is, and the next duration begins.
    const to = isLast ? Infinity : periodOfDuration(durationDays, least, density.solar);
    const low = Math.max(minPeriodDays, from, 2 * durationDays);
    const high = Math.min(maxPeriodDays, to);
    for (let period = low; period < high; period *= 2) {
      const samples = samplesPerDuration(spanDays / period);
      const stepDays = durationDays / samples;
      const firstBase = Math.max(SHORTEST_BASE, Math.floor(period / stepDays));
      const endBase = Math.ceil(Math.min(2 * period, high) / stepDays);
      const moments = Math.floor(spanDays / stepDays) + 1;
      if (endBase <= firstBase) continue;
      const cost = additions(moments, firstBase, endBase);
      bands.push({ durationDays, stepDays, moments, firstBase, endBase, cost });
    }
  });
  let periods = 0;
  let cost = 0;
  for (const band of bands) {
    periods += foldCount(band.moments, band.firstBase, band.endBase);
    cost += band.cost;
  }
  const oversampling = SAMPLES_PER_DURATION[0].samples;
  return { limits, bands, durationsDays, periods, oversampling, cost };
}

function additions(moments: number, firstBase: number, endBase: number): number {
  let sum = 0;
  for (let base = firstBase; base < endBase; base++) {
    sum += moments * Math.ceil(Math.log2(foldRows(moments, base)));
  }
  return sum;
}

function samplesPerDuration(rows: number): number {
  return SAMPLES_PER_DURATION.find(({ mostRows }) => rows <= mostRows)?.samples ?? 3;
}

/** The best of all folds, cell by cell. Cells are uniform in the cube root of frequency. */
export interface FoldSpectrum {
  /** (C,) period of the strongest fold in the cell, or of its middle where there was none. */
  readonly periodDays: Float64Array;
  /** (C,) its SNR, divided by the redness of the noise at its duration. */
  readonly snr: Float64Array;
  /** (C,) which of `events` was folded. */
  readonly series: Uint16Array;
  readonly events: readonly SingleEvents[];
}

/**
 * Folds every band of the plan. `report` gets the finished fraction now and then.
 *
 * @param scratch series and events are taken of it, periods and SNR are not. @default fresh memory
 */
export function fold(
  points: Points,
  plan: FoldPlan,
  report: (fraction: number) => void = () => {},
  scratch = new Scratch(),
): FoldSpectrum {
  const series = foldSeries(points, plan, scratch);
  const cells = cellsOf(points, plan, scratch);
  let done = 0;
  plan.bands.forEach((band, index) => {
    const range = { band: index, from: band.firstBase, to: band.endBase };
    const tell = (cost: number) => report((done + cost) / plan.cost);
    scratch.during(() => foldBases(series, plan, range, cells, tell, scratch));
    done += band.cost;
  });
  return spectrumOf(cells, series);
}

/** What the bands of a plan fold. */
export interface FoldSeries {
  readonly events: readonly SingleEvents[];
  /** (bands,) which of `events` each band folds. */
  readonly ofBand: readonly number[];
}

export function foldSeries(points: Points, plan: FoldPlan, scratch = new Scratch()): FoldSeries {
  const spacings: EventSpacing[] = [];
  const ofBand = plan.bands.map(({ durationDays, stepDays }) => {
    const known = spacings.findIndex(
      (each) => each.durationDays === durationDays && each.stepDays === stepDays,
    );
    return known >= 0 ? known : spacings.push({ durationDays, stepDays }) - 1;
  });
  return { events: singleEvents(points, spacings, scratch), ofBand };
}

export const cellCount = (spanDays: number) =>
  Math.max(LEAST_CELLS, Math.round(CELLS_PER_DAY * spanDays));

/** The cells of a periodogram of these points, empty. */
export function cellsOf(
  { timeDays }: Points,
  { limits }: FoldPlan,
  scratch = new Scratch(),
): Cells {
  const span = timeDays[timeDays.length - 1] - timeDays[0];
  return new Cells(limits.minPeriodDays, limits.maxPeriodDays, cellCount(span), scratch);
}

export function spectrumOf(cells: Cells, { events }: FoldSeries): FoldSpectrum {
  return { periodDays: cells.periodDays, snr: cells.snr, series: cells.series, events };
}

/** Additions between two reports, some 10 ms. */
export const CHUNK_ADDITIONS = 1e8;

/** Offers the folds of one band at base periods from ≤ p < to. `report` gets the additions done. */
export function foldBases(
  series: FoldSeries,
  plan: FoldPlan,
  range: { readonly band: number; readonly from: number; readonly to: number },
  cells: Cells,
  report: (additions: number) => void = () => {},
  scratch = new Scratch(),
): void {
  const number = series.ofBand[range.band];
  const events = series.events[number];
  const band = plan.bands[range.band];
  const moments = events.numerator.length;
  const { firstBase, endBase, stepDays } = band;
  // As of the whole band, so that its parts add up to it.
  const rows = foldRows(moments, firstBase);
  const { quantised, scale } = quantise(events, rows, foldPadding(endBase), scratch);
  const perBase = band.cost / (endBase - firstBase);
  const chunk = Math.max(1, Math.floor(CHUNK_ADDITIONS / perBase));
  const mostRows = foldCount(moments, range.from, Math.min(range.to, range.from + chunk));
  const maxima = scratch.int16(mostRows);
  for (let from = range.from; from < range.to; from += chunk) {
    const to = Math.min(range.to, from + chunk);
    foldMaxima(quantised, moments, from, to, maxima);
    let at = 0;
    for (let base = from; base < to; base++) {
      // Sum of integers -> numerator -> SNR, with the mean denominator of a column.
      const snrPerStep = 1 / (scale * Math.sqrt(events.totalDenominator / base) * events.redness);
      cells.offer(maxima, at, moments, base, stepDays, snrPerStep, number);
      at += foldRows(moments, base) - 1;
    }
    report((to - range.from) * perBase);
  }
}

/**
 * Numerators as integers: `scale` steps per unit, so coarse that the largest event in every row would
 * still fit into 16 bits. Strong eclipses therefore fold without clipping and peak at their period,
 * at the price of the weak signals beside them, whose turn comes when the eclipses are masked.
 */
function quantise(
  events: SingleEvents,
  rows: number,
  padding: number,
  scratch: Scratch,
): { quantised: Int16Array; scale: number } {
  const { numerator, typicalDenominator, largestNumerator } = events;
  const sigma = Math.sqrt(typicalDenominator) || 1;
  const fitting = (INT16_MOST * sigma) / (largestNumerator * rows);
  const scale = Math.min(FINEST_SCALE, fitting) / sigma;
  const most = Math.floor(INT16_MOST / rows);
  const quantised = scratch.int16(numerator.length + padding).fill(0, numerator.length);
  toSteps(numerator, scale, most, quantised);
  return { quantised, scale };
}
