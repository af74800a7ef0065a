/** Peaks of a periodogram, and how far the highest stands out. */
import { selectInPlace } from './robust.js';

/** Cells to either side that a peak must top, and that no second peak may lie in. */
const PEAK_CELLS = 3;

/** Indices of the highest local maxima, highest first, at most `most`. Ties: the shorter period. */
export function highestPeaks(snr: Float64Array, most: number): number[] {
  const peaks: number[] = [];
  for (let i = 0; i < snr.length; i++) if (snr[i] > 0 && isPeak(snr, i)) peaks.push(i);
  return highestOf(peaks, snr, most)
    .sort((a, b) => snr[b] - snr[a] || a - b)
    .slice(0, most);
}

/** The `most` highest, with all that are as high as the last of them: to sort all takes as long as to find them. */
function highestOf(peaks: number[], snr: Float64Array, most: number): number[] {
  if (peaks.length <= most) return peaks;
  const heights = new Float64Array(peaks.length);
  for (let k = 0; k < heights.length; k++) heights[k] = snr[peaks[k]];
  const least = selectInPlace(heights, peaks.length - most);
  const highest: number[] = [];
  for (const i of peaks) if (snr[i] >= least) highest.push(i);
  return highest;
}

function isPeak(snr: Float64Array, i: number): boolean {
  const value = snr[i];
  // Beyond either end there is nothing, and nothing is not higher.
  const first = Math.max(0, i - PEAK_CELLS);
  const last = Math.min(snr.length - 1, i + PEAK_CELLS);
  for (let k = i - 1; k >= first; k--) if (snr[k] >= value) return false;
  for (let k = i + 1; k <= last; k++) if (snr[k] > value) return false;
  return true;
}

/**
 * Signal detection efficiency (Kovács, Zucker & Mazeh 2002, eq. 6): height of the highest value over
 * the mean, in standard deviations of the whole spectrum. 0 where all are equal.
 */
export function detectionEfficiency(snr: Float64Array): number {
  let sum = 0;
  let highest = 0;
  for (let i = 0; i < snr.length; i++) {
    sum += snr[i];
    highest = Math.max(highest, snr[i]);
  }
  const mean = sum / snr.length;
  let squares = 0;
  for (let i = 0; i < snr.length; i++) squares += (snr[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / snr.length);
  return deviation > 0 ? (highest - mean) / deviation : 0;
}
