import { describe, expect, it } from 'vitest';
import { durationPrior } from './duration-prior.js';
import { circularDurationDays } from './period-grid.js';

describe('durationPrior', () => {
  const sun = durationPrior({ solar: 1, isKnown: true, dex: 0.15 });
  const unknown = durationPrior({ solar: 1, isKnown: false, dex: 0.6 });
  const central = circularDurationDays(10, 1);

  it('charges nothing at the likeliest duration of a day, and ever more away from it', () => {
    expect(sun.score(8, 1, 0.95 * circularDurationDays(1, 1))).toBeCloseTo(8, 1);
    const scores = [0.95, 0.6, 0.4, 0.2].map((part) => sun.score(8, 10, part * central));
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(sun.score(8, 10, 1.8 * central)).toBeLessThan(scores[2]);
  });

  it('charges the share of such chords, and the places for a dip so short', () => {
    // Of half the length: the density per ln T falls as T², and so does the volume of a peak.
    const cost = (part: number) => 64 - sun.score(8, 10, part * central) ** 2;
    expect(cost(0.2) - cost(0.4)).toBeCloseTo(2 * Math.log(4) + 2 * Math.log(4), 0);
  });

  it('charges the places that noise has: with T as the cube root of P they grow as P / T²', () => {
    const cost = (days: number) => 64 - sun.score(8, days, circularDurationDays(days, 1)) ** 2;
    expect(cost(80) - cost(10)).toBeCloseTo((2 / 3) * Math.log(8), 6);
    expect(cost(1)).toBeGreaterThan(cost(0.5));
  });

  it('charges less where the density of the star is only guessed', () => {
    for (const part of [0.2, 0.4, 2]) {
      expect(unknown.score(8, 10, part * central)).toBeGreaterThan(
        sun.score(8, 10, part * central),
      );
    }
  });

  it('gives 0, not NaN, where a duration costs more than there is', () => {
    expect(sun.score(2, 10, 0.001 * central)).toBe(0);
    expect(sun.score(2, 10, 100 * central)).toBe(0);
  });
});
