import { describe, expect, it } from 'vitest';
import { filterSeries } from './filter.js';
import { filterSeriesReference } from './filter.reference.js';
import { numbers } from './fixtures/numbers.js';

/** Uneven times with two gaps, one of them longer than any duration. */
function unevenPoints(n: number) {
  const timeDays = numbers(n, 1).map((jitter, i) => {
    const gap = i < n / 3 ? 0 : i < n / 2 ? 0.3 : 40;
    return 2457000 + 0.02 * (i + 0.8 * jitter) + gap;
  });
  return { timeDays, dip: numbers(n, 2).map((x) => x - 0.5), weight: numbers(n, 3) };
}

const triangle = Float64Array.from({ length: 65 }, (_, i) => 1 - i / 64);

describe('filterSeries', () => {
  it('B.13 gathers what lies under the shape around each moment, at the true times', () => {
    const timeDays = Float64Array.of(0, 0.3, 1, 1.25, 5);
    const dip = Float64Array.of(2, 4, 8, 16, 32);
    const weight = Float64Array.of(1, 1, 0.5, 1, 1);
    const filter = { durationDays: 2, stepDays: 1, moments: 6 };
    const [{ numerator, denominator }] = filterSeries(
      { timeDays, dip, weight },
      Float64Array.of(1, 0.5, 0), // steps of half a day
      [filter],
    );
    // A point counts as high as the step towards the middle.
    expect([...numerator]).toEqual([2 + 4, 2 * 0 + 4 * 0.5 + 0.5 * 8 + 16, 16 * 0.5, 0, 0, 32]);
    expect([...denominator]).toEqual([1 + 1, 0.25 + 0.5 + 1, 0.25, 0, 0, 1]);
  });

  it('equals the plain twin bit for bit, through gaps and at any spacing', () => {
    const points = unevenPoints(3000);
    const filters = [0.04, 0.11, 0.5, 3].flatMap((durationDays) =>
      [2, 2.5, 7].map((samples) => {
        const stepDays = durationDays / samples;
        return { durationDays, stepDays, moments: Math.floor(100 / stepDays) };
      }),
    );
    const series = filterSeries(points, triangle, filters);
    filters.forEach((filter, i) => {
      expect(series[i]).toEqual(filterSeriesReference(points, triangle, filter));
      expect(series[i].numerator.some((value) => value !== 0)).toBe(true);
    });
  });

  it('refuses arrays of two lengths and filters without extent, by name', () => {
    const points = unevenPoints(10);
    const filter = { durationDays: 1, stepDays: 0.5, moments: 3 };
    const shorter = { ...points, dip: points.dip.subarray(1) };
    expect(() => filterSeries(shorter, triangle, [filter])).toThrow(
      'dip must hold 10 values, not 9',
    );
    expect(() => filterSeries(points, triangle, [{ ...filter, stepDays: 0 }])).toThrow(
      'stepDays must be > 0, not 0',
    );
    expect(() => filterSeries(points, triangle, [{ ...filter, durationDays: NaN }])).toThrow(
      'durationDays must be > 0, not NaN',
    );
  });
});
