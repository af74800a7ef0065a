import { describe, expect, it } from 'vitest';
import { bothBelow, normalBelow } from './normal.js';

describe('the normal distribution', () => {
  it.each([
    // Abramowitz & Stegun 1964, tables 26.1 and 26.2
    [0, 0.5],
    [1, 0.841344746068543],
    [-2, 0.0227501319481792],
    [5, 0.999999713348428],
    [-40, 0],
    [40, 1],
  ])('lies below %d with probability %d', (z, probability) => {
    expect(normalBelow(z)).toBeCloseTo(probability, 13);
  });

  it('of two variables is what is known of it in closed form', () => {
    for (const rho of [0, 0.3, 0.84, 0.999]) {
      // Sheppard 1899: a quadrant.
      expect(bothBelow(0, 0, rho)).toBeCloseTo(0.25 + Math.asin(rho) / (2 * Math.PI), 7);
      expect(bothBelow(40, -0.7, rho)).toBeCloseTo(normalBelow(-0.7), 12);
    }
    expect(bothBelow(0.4, -1.1, 0)).toBeCloseTo(normalBelow(0.4) * normalBelow(-1.1), 15);
  });

  it('of two variables is the integral over one of them', () => {
    for (const [h, k, rho] of [
      [0.5, 0.8, 0.84],
      [-1.5, 0.2, 0.5],
      [2, -2, 0.9],
    ]) {
      const step = 1e-3;
      let sum = 0;
      for (let x = -9 + step / 2; x < h; x += step) {
        const given = normalBelow((k - rho * x) / Math.sqrt(1 - rho * rho));
        sum += (step * Math.exp(-0.5 * x * x) * given) / Math.sqrt(2 * Math.PI);
      }
      expect(bothBelow(h, k, rho)).toBeCloseTo(sum, 6);
    }
  });

  it('refuses a correlation that it was not written for', () => {
    expect(() => bothBelow(0, 0, 1)).toThrow('rho must be in [0, 1), not 1');
    expect(() => bothBelow(0, 0, -0.1)).toThrow(RangeError);
  });
});
