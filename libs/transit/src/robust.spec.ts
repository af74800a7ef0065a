import { describe, expect, it } from 'vitest';
import { sortedMedian } from '#kernels';
import { seededRandom } from './random.js';
import { referenceSelect } from './robust.reference.js';
import { median, medianInPlace, robustScatter, selectInPlace } from './robust.js';

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
