import { describe, expect, it } from 'vitest';
import { someExamples } from './fixtures/made-up.js';
import { searchSettings } from './search.js';

const train = someExamples({ rows: 200, classes: 2 });
const held = someExamples({ rows: 200, classes: 2, seed: 9 });

describe('a search of settings', () => {
  it('is no worse than where it starts, and keeps what was set', () => {
    const base = { selectedModel: 'k_nearest', neighbours: 1 } as const;
    const free = { selectedModel: 'k_nearest' } as const;
    const wish = { trials: 6, rungs: 3, seed: 1 };
    const kept = searchSettings(base, train, held, wish);
    expect(kept.every(({ config }) => config.neighbours === 1)).toBe(true);
    const found = searchSettings(free, train, held, wish);
    expect(found[0].loss).toBeLessThan(kept[0].loss);
    expect(found.map(({ loss }) => loss)).toEqual(
      found.map(({ loss }) => loss).sort((a, b) => a - b),
    );
  });

  it('halves: nine with a ninth of the trees, three with a third, one with all', () => {
    const totals: number[] = [];
    const base = { selectedModel: 'gradient_boosting', nEstimators: 45 } as const;
    const wish = { trials: 9, rungs: 3, seed: 1 };
    const found = searchSettings(base, train, held, wish, (_done, total) => totals.push(total));
    expect(totals).toEqual(Array(13).fill(13));
    expect(found).toHaveLength(1);
    expect(found[0].config.nEstimators).toBe(45);
  });

  it('is the same for the same seed', () => {
    const search = (seed: number) =>
      searchSettings({ selectedModel: 'logistic_regression' }, train, held, {
        trials: 5,
        rungs: 1,
        seed,
      });
    expect(search(1)).toEqual(search(1));
    expect(search(1)).not.toEqual(search(2));
  });
});
