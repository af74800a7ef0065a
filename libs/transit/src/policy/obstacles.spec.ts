import { describe, expect, it } from 'vitest';
import type { PolicyEvaluation } from '#contracts';
import { obstaclesToSwitch } from './obstacles.js';

const anEvaluation = (fields: Partial<PolicyEvaluation> = {}) =>
  ({
    reviews: { planet: 150, falsePositive: 250, unsure: 9 },
    against: 'thresholds',
    difference: { value: 0.05, low: 0.001, high: 0.1 },
    ...fields,
  }) as PolicyEvaluation;

describe('a learnt policy', () => {
  it('B.17 may be switched on with enough reviews and a lower bound above 0', () => {
    expect(obstaclesToSwitch(anEvaluation(), 'thresholds')).toEqual([]);
  });

  it.each([
    [
      'a bound that is not above 0',
      { difference: { value: 0.05, low: 0, high: 0.1 } },
      'A candidate is worth 0.050 more than with thresholds, between 0.000 and 0.100: the lower bound must be above 0.',
    ],
    [
      'too few reviews, whatever many are unsure',
      { reviews: { planet: 150, falsePositive: 249, unsure: 1000 } },
      '399 reviews say planet or false positive; 400 are needed.',
    ],
    [
      'hardly any planet',
      { reviews: { planet: 19, falsePositive: 900, unsure: 0 } },
      '19 reviews say planet and 900 false positive; 20 of each are needed.',
    ],
    [
      'a comparison with what is no longer active',
      { against: 'learnt-2' },
      'It was compared with learnt-2, but thresholds decides now: learn again to compare with that.',
    ],
  ])('B.17 is kept from deciding by %s', (_, change, sentence) => {
    expect(obstaclesToSwitch(anEvaluation(change), 'thresholds')).toEqual([sentence]);
  });
});
