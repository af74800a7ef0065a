import { describe, expect, it } from 'vitest';
import { highestPeaks } from './peaks.js';

/** Peaks of these heights, eight cells apart, the first in cell 4. */
const spectrumOf = (...heights: number[]): Float64Array =>
  Float64Array.from({ length: 8 * heights.length }, (_, i) => (i % 8 === 4 ? heights[i >> 3] : 0));

describe('highestPeaks', () => {
  it('gives the highest first, and of equal ones the first', () => {
    const snr = spectrumOf(5, 7, 9, 7, 3, 7);
    expect(highestPeaks(snr, 10)).toEqual([20, 12, 28, 44, 4, 36]);
    expect(highestPeaks(snr, 3)).toEqual([20, 12, 28]);
    expect(highestPeaks(snr, 1)).toEqual([20]);
  });

  it('passes over what a higher neighbour tops, or an equal one before it', () => {
    expect(highestPeaks(Float64Array.of(0, 2, 3, 3, 0, 0, 0, 1), 10)).toEqual([2, 7]);
    expect(highestPeaks(new Float64Array(20), 10)).toEqual([]);
  });
});
