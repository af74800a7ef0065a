/**
 * How many bytes one search holds at most, known before it runs: what is alive at once, without the
 * garbage that the engine has not collected yet and without the curve that it was given.
 *
 * Counted from what is allocated; N is points, n points of the coarse search (bins of ten minutes where
 * exposures are shorter, else N), M moments of a series, p base periods in moments, C cells.
 *
 *   points     N · 120 + n · 144 (dips, weights, exposures; as they are, masked and whitened; the filter's)
 *   series     8 · M for each trial duration and spacing, 10 · M for the longest while it is folded
 *   fold       6 · M · (1 + 11/p) + 16 · p for the longest series, and two bytes for each row kept at once
 *   cells      26 · C, and 16 · C for the periodogram of each round
 *
 * Pure. Checked against measured growth in search-memory.spec.ts.
 */
import { foldPadding, foldRows } from '#kernels';
import { cellCount, CHUNK_ADDITIONS, type FoldPlan } from './folding.js';

/** Time, dip, weight and exposure of 8 bytes, as they are and masked; on the way to whitened dips. */
const BYTES_PER_POINT = 120;
/** The same, and 24 in the filter's own memory. */
const BYTES_PER_COARSE_POINT = 144;
/** Numerator and denominator of 4 bytes. */
const BYTES_PER_MOMENT = 8;
/** Period, SNR and edge of 8 bytes, series of 2. */
const BYTES_PER_CELL = 26;
/** Period and SNR of 8 bytes. */
const BYTES_PER_PERIODOGRAM_CELL = 16;
/** Of the box search: period, SNR, epoch and duration of 8 bytes, and the copy that is kept. */
const BYTES_PER_PERIOD = 48;
/** Lookup tables, templates, ranked samples of the noise, the modules' first pages. */
const FIXED_BYTES = 3e6;

export function pointsMemoryBytes(points: number, coarsePoints: number): number {
  return FIXED_BYTES + BYTES_PER_POINT * points + BYTES_PER_COARSE_POINT * coarsePoints;
}

/** @param rounds of the search, at most: each that finds something keeps its periodogram. */
export function foldMemoryBytes(plan: FoldPlan, spanDays: number, rounds: number): number {
  const series = new Map<string, number>();
  let working = 0;
  for (const { durationDays, stepDays, moments, firstBase, endBase, cost } of plan.bands) {
    series.set(`${durationDays} ${stepDays}`, moments);
    const bases = endBase - firstBase;
    const chunk = Math.min(bases, Math.max(1, Math.floor((CHUNK_ADDITIONS * bases) / cost)));
    const maxima = 2 * chunk * foldRows(moments, firstBase);
    const quantised = 2 * (moments + foldPadding(endBase));
    const scratch = 4 * (moments + (16 * moments) / firstBase + 2 * endBase + 32);
    // Quantised and maxima are held twice: here and in the kernel's own memory.
    working = Math.max(working, 2 * (quantised + maxima) + scratch);
  }
  const moments = [...series.values()];
  const longest = moments.reduce((most, each) => Math.max(most, each), 0);
  const held = moments.reduce((sum, each) => sum + BYTES_PER_MOMENT * each, 0);
  // The filter and the exact fold of the peaks have a series of their own each.
  const perThread = 2 * BYTES_PER_MOMENT * longest;
  const cells = cellCount(spanDays);
  return (
    held + perThread + working + cells * (BYTES_PER_CELL + BYTES_PER_PERIODOGRAM_CELL * rounds)
  );
}

export function boxMemoryBytes(
  periods: number,
  durationsDays: readonly number[],
  spanDays: number,
  momentsPerDuration: number,
  rounds: number,
): number {
  const moments = durationsDays.reduce(
    (sum, days) => sum + (momentsPerDuration * spanDays) / days + 1,
    0,
  );
  const perPeriod = BYTES_PER_PERIOD + BYTES_PER_PERIODOGRAM_CELL * rounds;
  return 2 * BYTES_PER_MOMENT * moments + perPeriod * periods;
}
