import { describe, expect, it } from 'vitest';
import { ensembleOf } from './ensemble.js';

const LABELS = ['CONFIRMED', 'CANDIDATE', 'FALSE_POSITIVE'];
const member = (...probabilities: number[]) => ({ labels: LABELS, probabilities });

describe('E.9 an ensemble', () => {
  it('takes the mean of the probabilities, and says how many would have said the same', () => {
    const together = ensembleOf([
      member(0.6, 0.3, 0.1),
      member(0.7, 0.2, 0.1),
      member(0.1, 0.8, 0.1),
    ]);
    expect(together.className).toBe('CONFIRMED');
    expect(together.confidence).toBeCloseTo(1.4 / 3, 12);
    expect(together.agreement).toBeCloseTo(2 / 3, 12);
    expect([...together.probabilities].reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
  });

  it('may say what none of its members says alone', () => {
    const split = ensembleOf([member(0.5, 0.45, 0.05), member(0.05, 0.45, 0.5)]);
    expect(split.className).toBe('CANDIDATE');
    expect(split.agreement).toBe(0);
  });

  it('knows classes by their labels, not by their places', () => {
    const turned = { labels: [...LABELS].reverse(), probabilities: [0.1, 0.2, 0.7] };
    expect(ensembleOf([member(0.7, 0.2, 0.1), turned]).confidence).toBeCloseTo(0.7, 12);
  });

  it('refuses members that speak of other classes, and no members', () => {
    const other = { labels: ['planet', 'false_positive'], probabilities: [0.5, 0.5] };
    expect(() => ensembleOf([member(0.6, 0.3, 0.1), other])).toThrow(/planet, false_positive/);
    expect(() => ensembleOf([])).toThrow(RangeError);
  });
});
