import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { holdOut, kFolds } from './split.js';

const strata = Array.from({ length: 200 }, (_, row) => (row % 10 === 0 ? 1 : 0));
const groups = Array.from({ length: 200 }, (_, row) => Math.floor(row / 7));

describe('a split', () => {
  it('holds out the share that was asked for, each row once', () => {
    const { train, held } = holdOut({ rows: 200 }, 0.25, seededRandom(1));
    expect(held).toHaveLength(50);
    expect([...train, ...held].sort((a, b) => a - b)).toEqual([...Array(200).keys()]);
  });

  it('keeps the shares of classes where it is stratified', () => {
    const { held } = holdOut({ rows: 200, strata }, 0.2, seededRandom(1));
    expect(held).toHaveLength(40);
    expect(held.filter((row) => strata[row] === 1)).toHaveLength(4);
    for (const fold of kFolds({ rows: 200, strata }, 4, seededRandom(2))) {
      expect(fold.held.filter((row) => strata[row] === 1)).toHaveLength(5);
    }
  });

  it('never divides a group', () => {
    const parts = [
      holdOut({ rows: 200, groups, strata }, 0.3, seededRandom(3)),
      ...kFolds({ rows: 200, groups }, 5, seededRandom(3)),
    ];
    for (const { train, held } of parts) {
      const learnt = new Set(Array.from(train, (row) => groups[row]));
      expect(held.some((row) => learnt.has(groups[row]))).toBe(false);
      expect(held.length).toBeGreaterThan(25);
      expect(held.length).toBeLessThan(75);
    }
  });

  it('holds out each row in one fold of about the same size', () => {
    const folds = kFolds({ rows: 23 }, 5, seededRandom(1));
    expect(folds.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual([
      ...Array(23).keys(),
    ]);
    expect(folds.map(({ held }) => held.length).sort()).toEqual([4, 4, 5, 5, 5]);
  });

  it('is the same for the same seed, and another for another', () => {
    const held = (seed: number) => [...holdOut({ rows: 100 }, 0.2, seededRandom(seed)).held];
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });
});
