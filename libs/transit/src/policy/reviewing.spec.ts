import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { learnLooks, lookProbability } from './reviewing.js';
import { ACTIONS } from './rewards.js';

describe('whom a team looks at', () => {
  const random = seededRandom(2);
  const truth = (strength: number, taken: (typeof ACTIONS)[number]) =>
    1 / (1 + Math.exp(1 - 2 * strength - { accept: -1, reject: -1.5, human_review: 1 }[taken]));
  const all = Array.from({ length: 20_000 }, () => {
    const [strength, taken] = [random.uniform(), ACTIONS[random.integer(3)]];
    return { context: [1, strength], taken, isReviewed: random.uniform() < truth(strength, taken) };
  });

  it('B.17 is learnt from all candidates, reviewed or not', () => {
    const weights = learnLooks(all, 2);
    for (const taken of ACTIONS) {
      for (const strength of [0, 0.5, 1]) {
        const found = lookProbability(weights, [1, strength], taken);
        expect(Math.abs(found - truth(strength, taken))).toBeLessThan(0.03);
      }
    }
  });

  it('is a probability even where everything was reviewed, or nothing', () => {
    for (const isReviewed of [true, false]) {
      const weights = learnLooks(
        all.slice(0, 500).map((each) => ({ ...each, isReviewed })),
        2,
      );
      const found = lookProbability(weights, [1, 0.5], 'human_review');
      expect(found).toBeGreaterThan(isReviewed ? 0.98 : 0);
      expect(found).toBeLessThan(isReviewed ? 1 : 0.02);
    }
  });
});
