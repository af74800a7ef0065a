import { describe, expect, it } from 'vitest';
import type { Policy } from '#contracts';
import { differenceSentence, policyRows } from './policy-rows';

const worth = (value: number): Policy['evaluation']['learnt'] => ({
  doublyRobust: { value, low: value - 0.1, high: value + 0.1 },
  inversePropensity: { value, low: value, high: value },
  reviewedOnly: value,
  would: [
    { action: 'accept', planet: 10.4, falsePositive: 0.2, unsure: 0 },
    { action: 'reject', planet: 0.6, falsePositive: 20.8, unsure: 1 },
    { action: 'human_review', planet: 1, falsePositive: 2, unsure: 3 },
  ],
});

const aPolicy = (fields: Partial<Policy['evaluation']> = {}): Policy => ({
  number: 2,
  name: 'learnt-2',
  madeAt: new Date(0),
  madeBy: 'ada@example.org',
  sha256: 'a'.repeat(64),
  isActive: false,
  evaluation: {
    candidates: 100,
    reviews: { planet: 12, falsePositive: 23, unsure: 4 },
    targets: 50,
    effectiveSampleSize: 31.4,
    hardlyReviewed: 0,
    learnt: worth(0.9),
    thresholds: worth(0.8),
    active: null,
    against: 'thresholds',
    difference: { value: 0.1, low: -0.02, high: 0.2204 },
    ...fields,
  },
});

describe('the table of policies', () => {
  it('B.17 shows what each is worth, and what it would have done with what was reviewed', () => {
    const [learnt, thresholds, ...more] = policyRows(aPolicy());
    expect(learnt).toEqual({
      who: 'learnt-2',
      worth: '0.900 (0.800 to 1.000)',
      would: [
        { action: 'accept', text: '10 / 0 / 0' },
        { action: 'reject', text: '1 / 21 / 1' },
        { action: 'human_review', text: '1 / 2 / 3' },
      ],
    });
    expect([thresholds.who, thresholds.worth]).toEqual(['thresholds', '0.800 (0.700 to 0.900)']);
    expect(more).toEqual([]);
  });

  it('B.17 has a line for the learnt policy that is active', () => {
    const rows = policyRows(aPolicy({ active: worth(0.85), against: 'learnt-1' }));
    expect(rows.map(({ who }) => who)).toEqual(['learnt-2', 'thresholds', 'learnt-1']);
  });

  it('B.17 says what a switch would bring, and how sure that is', () => {
    expect(differenceSentence(aPolicy())).toBe(
      'A candidate is worth 0.100 (-0.020 to 0.220) more than with thresholds, by 39 reviews that say as much as 31 of a random sample.',
    );
  });
});
