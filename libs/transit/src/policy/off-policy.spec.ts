import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { effectiveSampleSize, estimate, type Outcome } from './off-policy.js';

const anOutcome = (fields: Partial<Outcome>): Outcome => ({
  target: 'KIC 1',
  weight: 1,
  expected: [0],
  reward: [0],
  ...fields,
});

describe('off-policy estimates', () => {
  // One review speaks for two candidates, the other for four; of two more nothing is known.
  const outcomes = [
    anOutcome({ target: 'KIC 1', weight: 2, expected: [0.5], reward: [1] }),
    anOutcome({ target: 'KIC 2', weight: 4, expected: [0.25], reward: [-2] }),
    anOutcome({ target: 'KIC 3', weight: 0, expected: [1], reward: [] }),
    anOutcome({ target: 'KIC 4', weight: 0, expected: [0.25], reward: [] }),
  ];

  it('B.17 are what their formulas say', () => {
    const [{ doublyRobust, inversePropensity, reviewedOnly }] = estimate(outcomes);
    expect(inversePropensity.value).toBeCloseTo((2 * 1 + 4 * -2) / 6, 15);
    expect(doublyRobust.value).toBeCloseTo(2 / 4 + (2 * 0.5 + 4 * -2.25) / 6, 15);
    expect(reviewedOnly).toBe(-0.5);
    expect(effectiveSampleSize(outcomes)).toBeCloseTo(36 / 20, 15);
  });

  it('B.17 have a point for an interval where nothing varies', () => {
    const same = Array.from({ length: 20 }, (_, i) =>
      anOutcome({ target: `KIC ${i}`, weight: 2, expected: [0.75], reward: [0.75] }),
    );
    expect(estimate(same)[0]).toEqual({
      doublyRobust: { value: 0.75, low: 0.75, high: 0.75 },
      inversePropensity: { value: 0.75, low: 0.75, high: 0.75 },
      reviewedOnly: 0.75,
    });
  });

  it('B.17 of a random sample have the interval of a mean', () => {
    const random = seededRandom(3);
    const all = Array.from({ length: 400 }, (_, i) =>
      anOutcome({ target: `KIC ${i}`, weight: 3, expected: [4], reward: [5 + random.normal()] }),
    );
    const [{ doublyRobust, inversePropensity }] = estimate(all);
    for (const { value, low, high } of [doublyRobust, inversePropensity]) {
      expect(Math.abs(value - 5)).toBeLessThan(0.15);
      // 1.96 / √400, within what 1,000 samples of the bootstrap leave open.
      expect((high - low) / 2).toBeGreaterThan(0.085);
      expect((high - low) / 2).toBeLessThan(0.111);
    }
  });

  it('B.17 reach further down than up where losses are rare and dear', () => {
    const all = Array.from({ length: 300 }, (_, i) =>
      anOutcome({ target: `KIC ${i}`, reward: [i % 50 === 0 ? -4 : 1] }),
    );
    const { value, low, high } = estimate(all)[0].inversePropensity;
    expect(value).toBeCloseTo(0.9, 12);
    expect((value - low) / (high - value)).toBeGreaterThan(1.5);
  });

  it('B.17 are less sure of candidates of the same star than of as many stars', () => {
    const random = seededRandom(1);
    const rewards = Array.from({ length: 300 }, () => [random.normal()]);
    const widthWith = (targetOf: (i: number) => number) => {
      // Candidates of one star are alike.
      const all = rewards.map((_, i) =>
        anOutcome({ target: `KIC ${targetOf(i)}`, reward: rewards[targetOf(i)] }),
      );
      const { low, high } = estimate(all)[0].inversePropensity;
      return high - low;
    };
    const alone = widthWith((i) => i);
    const inTens = widthWith((i) => Math.floor(i / 10));
    expect(inTens / alone).toBeGreaterThan(2); // √10 but for chance
  });

  it('are refused where nothing was reviewed', () => {
    expect(() => estimate([anOutcome({ weight: 0, reward: [] })])).toThrow(
      'outcomes must hold a reviewed candidate',
    );
  });
});
