import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { withClassWeights, withSmote } from './balance.js';
import { pick } from './examples.js';
import { someExamples } from './fixtures/made-up.js';

/** 60 rows of class 0, 12 of class 1. */
const uneven = pick(
  someExamples({ rows: 120, classes: 2, features: 3 }),
  Array.from({ length: 120 }, (_, row) => row).filter((row) => row % 2 === 0 || row % 10 === 1),
);

describe('balance', () => {
  it('gives each class the same sum of weights', () => {
    const { weights, targets } = withClassWeights(uneven);
    const sum = (k: number) => weights!.reduce((all, w, i) => all + (targets[i] === k ? w : 0), 0);
    expect(sum(0)).toBeCloseTo(36, 9);
    expect(sum(1)).toBeCloseTo(36, 9);
  });

  it('makes up rows of the rare class until both are as many, and keeps the others', () => {
    const grown = withSmote(uneven, seededRandom(1));
    expect(grown.targets.filter((k) => k === 1)).toHaveLength(60);
    expect(grown.values.subarray(0, uneven.values.length)).toEqual(uneven.values);
  });

  it('SMOTE stays on segments between rows of the class', () => {
    const { values, rows, features, targets } = withSmote(uneven, seededRandom(1));
    const row = (i: number) => [...values.subarray(i * features, (i + 1) * features)];
    const members = [...Array(uneven.rows).keys()].filter((i) => targets[i] === 1).map(row);
    for (let i = uneven.rows; i < rows; i++) {
      const made = row(i);
      const isOnSegment = members.some((a) => members.some((b) => distance(made, a, b) < 1e-5));
      expect(isOnSegment).toBe(true);
    }
  });
});

/** From a point to the segment between two others. */
function distance(p: number[], a: number[], b: number[]): number {
  const along = b.map((value, f) => value - a[f]);
  const length = along.reduce((sum, x) => sum + x * x, 0);
  const dot = along.reduce((sum, x, f) => sum + x * (p[f] - a[f]), 0);
  const share = length > 0 ? Math.min(1, Math.max(0, dot / length)) : 0;
  return Math.hypot(...p.map((value, f) => value - a[f] - share * along[f]));
}
