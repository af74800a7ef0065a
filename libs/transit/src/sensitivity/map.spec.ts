import { describe, expect, it } from 'vitest';
import { halfRadius, shareInterval } from './map.js';

describe('shareInterval', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(0.6826894921370859, method='wilson')
  it.each([
    [0, 10, 0, 0.0909090909],
    [5, 10, 0.3492443277, 0.6507556723],
    [9, 10, 0.7661472246, 0.9611255027],
    [10, 10, 0.9090909091, 1],
  ])('%d of %d lies between %d and %d', (hits, trials, low, high) => {
    const interval = shareInterval(hits, trials);
    expect(interval[0]).toBeCloseTo(low, 9);
    expect(interval[1]).toBeCloseTo(high, 9);
  });

  it('says nothing of nothing', () => {
    expect(shareInterval(0, 0)).toEqual([0, 1]);
  });
});

describe('halfRadius', () => {
  const cells = (...counts: readonly (readonly [number, number])[]) =>
    counts.map(([recovered, injected]) => ({ recovered, injected }));

  it('lies halfway in the logarithm between none and all', () => {
    expect(halfRadius([1, 4], cells([0, 3], [3, 3]))).toBeCloseTo(2, 12);
  });

  it('pools neighbours whose share falls', () => {
    // 2 of 4 and 0 of 4 become 1/4 each; from there to 1 the half is a third of the way.
    expect(halfRadius([1, 2, 16], cells([2, 4], [0, 4], [4, 4]))).toBeCloseTo(4, 12);
  });

  it('skips bins that nothing was injected into', () => {
    expect(halfRadius([1, 2, 4], cells([0, 3], [0, 0], [3, 3]))).toBeCloseTo(2, 12);
  });

  it('is unknown where the map does not hold it', () => {
    expect(halfRadius([1, 2], cells([3, 4], [4, 4]))).toBeNull();
    expect(halfRadius([1, 2], cells([0, 4], [1, 4]))).toBeNull();
    expect(halfRadius([1, 2], cells([0, 0], [0, 0]))).toBeNull();
  });
});
