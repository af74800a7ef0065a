import { describe, expect, it } from 'vitest';
import { sortedMedian } from '#kernels';
import { seededRandom } from './random.js';
import { referenceSelect } from './robust.reference.js';
import {
  CLIPPED_SCATTER_ERROR,
  clippedScatter,
  median,
  medianInPlace,
  POINT_SCATTER_ERROR,
  pointToPointScatter,
  robustScatter,
  selectInPlace,
  towardsOne,
} from './robust.js';

const random = seededRandom(11);
const normal = (n: number) => Float64Array.from({ length: n }, () => random.normal());

const SAMPLES: Record<string, Float64Array> = {
  'one value': Float64Array.of(4),
  'two values': Float64Array.of(4, -2),
  'an even number': normal(1000),
  'an odd number': normal(1001),
  'many, even': normal(40_000),
  'many, odd': normal(40_001),
  'ties only': new Float64Array(5000).fill(3),
  'few different values': normal(5000).map((x) => Math.floor(x)),
  'increasing order': normal(5000).sort(),
  'decreasing order': normal(5000).sort().reverse(),
  infinities: Float64Array.of(Infinity, -Infinity, 1, Infinity, -Infinity, 2),
  'missing values': normal(3000).map((x, i) => (i % 3 ? x : NaN)),
  'missing values only': new Float64Array(10).fill(NaN),
};

describe('the median', () => {
  it.each(Object.keys(SAMPLES))('is the middle of the sorted values: %s', (name) => {
    const values = SAMPLES[name];
    expect(median(values)).toBe(sortedMedian(values));
    expect(medianInPlace(values.slice())).toBe(sortedMedian(values));
  });

  it('is NaN of nothing, and leaves its input alone', () => {
    expect(median([])).toBeNaN();
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it('gives the scatter of a Gaussian although a tenth of the points is wild', () => {
    expect(robustScatter(normal(20_001))).toBeCloseTo(1, 1);
    const disturbed = normal(20_001).map((x, i) => (i % 10 ? x : 1e9));
    // Half of all points are 0.556 of the tame ones: their limit rises from 0.674 to 0.766 sigma.
    expect(robustScatter(disturbed, 0)).toBeCloseTo(1.4826 * 0.766, 1);
  });
});

describe('the clipped scatter', () => {
  it('is that of a Gaussian, with the error that it says', () => {
    const n = 400;
    const found = Array.from({ length: 4000 }, () => clippedScatter(normal(n)));
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    expect(mean).toBeCloseTo(1, 2);
    const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length;
    expect(Math.sqrt(variance * n) / CLIPPED_SCATTER_ERROR).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance * n) / CLIPPED_SCATTER_ERROR).toBeLessThan(1.05);
  });

  it('does not see a few wild values, wherever they are', () => {
    const values = normal(20_000).map((x, i) => (i % 100 ? 7 + x : 1e9));
    expect(clippedScatter(values)).toBeCloseTo(1, 1.5);
  });

  it('is 0 of equal values and NaN of none', () => {
    expect(clippedScatter([2, 2, 2])).toBe(0);
    expect(clippedScatter([])).toBeNaN();
  });
});

describe('the scatter from point to point', () => {
  const slow = (i: number) => 0.02 * Math.sin(i / 400);
  const noisy = (n: number) =>
    Float64Array.from({ length: n }, (_, i) => 1 + slow(i) + 5e-4 * random.normal());

  it('measures white noise and ignores slow changes and wild points', () => {
    const flux = noisy(40_000).map((value, i) => (i % 500 ? value : 0.9));
    expect(pointToPointScatter(flux) / 5e-4).toBeCloseTo(1, 1.5);
  });

  it('has the error that it says', () => {
    const n = 1000;
    const found = Array.from({ length: 2000 }, () => pointToPointScatter(noisy(n)) / 5e-4);
    const variance = found.reduce((sum, value) => sum + (value - 1) ** 2, 0) / found.length;
    const stated = POINT_SCATTER_ERROR / Math.sqrt(n);
    expect(Math.sqrt(variance) / stated).toBeGreaterThan(0.93); // the error of 2,000 is 1.6 %
    expect(Math.sqrt(variance) / stated).toBeLessThan(1.07);
  });

  it('is never 0', () => expect(pointToPointScatter(new Float64Array(10).fill(1))).toBe(1e-6));
});

describe('a ratio drawn towards 1', () => {
  it('is 1 within its error, in between beyond it, and itself far from it', () => {
    expect(towardsOne(1, 0.1)).toBe(1);
    expect(towardsOne(1.09, 0.1)).toBe(1);
    expect(towardsOne(0.91, 0.1)).toBe(1);
    expect(towardsOne(1.2, 0.1)).toBeCloseTo(1 + 0.2 * (1 - 1 / 4), 12);
    expect(towardsOne(0.8, 0.1)).toBeCloseTo(1 - 0.2 * (1 - 1 / 4), 12);
    expect(towardsOne(50, 0.1)).toBeCloseTo(50, 3);
  });
});

describe('selection', () => {
  it.each([0, 1, 17, 499, 500, 998, 999])('finds rank %i and parts the values there', (rank) => {
    const values = SAMPLES['an even number'].slice();
    const found = selectInPlace(values, rank);
    expect(found).toBe(referenceSelect(SAMPLES['an even number'], rank));
    expect(values.subarray(0, rank).every((value) => value <= found)).toBe(true);
    expect(values.subarray(rank).every((value) => value >= found)).toBe(true);
  });

  it('refuses a rank that is not there', () => {
    expect(() => selectInPlace(Float64Array.of(1, 2), 2)).toThrow('rank must be from 0 to 1');
  });
});
