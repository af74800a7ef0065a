import { describe, expect, it } from 'vitest';
import { durationPrior } from './duration-prior.js';
import { circularDurationDays } from './period-grid.js';

describe('durationPrior', () => {
  const sun = durationPrior({ solar: 1, isKnown: true, dex: 0.15 });
  const unknown = durationPrior({ solar: 1, isKnown: false, dex: 0.6 });
  const central = circularDurationDays(10, 1);

  it('charges nothing at the likeliest duration and ever more away from it', () => {
    const scores = [0.95, 0.6, 0.4, 0.2].map((part) => sun.score(8, 10, part * central));
    expect(scores[0]).toBeGreaterThan(7.98);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(sun.score(8, 10, 1.8 * central)).toBeLessThan(scores[2]);
  });

  it('charges what the impact parameter makes improbable: ln of the share of such chords', () => {
    // Between half and a quarter of a central transit the density per ln T falls as T², by 1/4.
    const cost = (part: number) => 64 - sun.score(8, 10, part * central) ** 2;
    expect(cost(0.2) - cost(0.4)).toBeCloseTo(2 * Math.log(4), 0);
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
