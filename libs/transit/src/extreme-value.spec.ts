import { describe, expect, it } from 'vitest';
import { exceedance } from './extreme-value.js';
import { seededRandom } from './random.js';

/** Gumbel's law with μ = 30 and β = 2.5, by inversion. */
function gumbel(count: number, random: { uniform(): number }): number[] {
  return Array.from({ length: count }, () => 30 - 2.5 * Math.log(-Math.log(random.uniform())));
}

describe('exceedance', () => {
  it.each([5, 20])('is calibrated from %i maxima: a probability below p comes up in p', (n) => {
    const random = seededRandom(n);
    const trials = 800;
    const found = Array.from({ length: trials }, () => {
      const [value, ...maxima] = gumbel(n + 1, random);
      return exceedance(maxima, value).probability;
    });
    for (const p of [0.01, 0.1, 0.5, 0.9]) {
      const share = found.filter((each) => each < p).length / trials;
      expect(Math.abs(share - p)).toBeLessThan(3.5 * Math.sqrt((p * (1 - p)) / trials));
    }
  });

  it('comes close to the tail of the true law where there are many maxima', () => {
    const maxima = gumbel(1000, seededRandom(3));
    for (const value of [30, 45, 60]) {
      const truth = -Math.expm1(-Math.exp(-(value - 30) / 2.5));
      const { probability, low, high } = exceedance(maxima, value);
      expect(probability / truth).toBeGreaterThan(0.5);
      expect(probability / truth).toBeLessThan(2);
      expect(low).toBeLessThan(probability);
      expect(high).toBeGreaterThan(probability);
    }
  });

  it('holds the truth between low and high in 68 % of cases', () => {
    const random = seededRandom(8);
    const truth = -Math.expm1(-Math.exp(-4));
    let held = 0;
    for (let i = 0; i < 400; i++) {
      const { low, high } = exceedance(gumbel(15, random), 40);
      if (low <= truth && truth <= high) held++;
    }
    expect(Math.abs(held / 400 - 0.68)).toBeLessThan(0.075);
  });

  it('is less sure of the same value with fewer maxima', () => {
    const maxima = gumbel(40, seededRandom(5));
    const few = exceedance(maxima.slice(0, 6), 80);
    const many = exceedance(maxima, 80);
    expect(few.high / few.low).toBeGreaterThan(many.high / many.low);
  });

  it('stays a number between 0 and 1 at any value', () => {
    const maxima = gumbel(5, seededRandom(2));
    for (const value of [-1e6, 0, 1e4, 1e7]) {
      const { probability, low, high } = exceedance(maxima, value);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(high);
    }
  });

  it('refuses maxima that make no distribution', () => {
    expect(() => exceedance([1, 2], 3)).toThrow('at least 3 finite numbers, not [1, 2]');
    expect(() => exceedance([1, NaN, 2], 3)).toThrow('finite');
    expect(() => exceedance([4, 4, 4], 3)).toThrow('not all be 4');
  });
});
