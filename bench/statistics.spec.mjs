import { describe, expect, it } from 'vitest';
import { seededRandom } from '#transit';
import {
  differenceError,
  isRecovered,
  median,
  paired,
  ratioOfRounds,
  share,
  thresholdAt,
} from './statistics.mjs';

const oneTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

describe('the statistics of the benches', () => {
  it('takes the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 5])).toBe(4.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('compares the rounds of a race pairwise, whatever slowed both down', () => {
    const ours = [1, 2, 10];
    const peers = [100, 200, 900];
    expect(ratioOfRounds(peers, ours)).toEqual({ ratio: 100, least: 90, most: 100 });
    expect(() => ratioOfRounds([1], [1, 2])).toThrow(RangeError);
  });

  it('lets just the wanted share of null curves above the threshold', () => {
    const shuffled = oneTo(1000).sort((a, b) => ((a * 7919) % 1000) - ((b * 7919) % 1000));
    for (const rate of [0.01, 0.05, 0.2]) {
      const threshold = thresholdAt(shuffled, rate);
      expect(shuffled.filter((value) => value > threshold)).toHaveLength(1000 * rate);
    }
    expect(thresholdAt(oneTo(50), 0.01)).toBe(50);
    expect(thresholdAt(oneTo(300), 0.01)).toBe(297);
  });

  it('recovers a planet above the threshold and within 1 % of its period', () => {
    const threshold = 7;
    const found = (statistic, periodDays) => isRecovered({ statistic, periodDays }, 10, threshold);
    expect(found(7.1, 10.09)).toBe(true);
    expect(found(7.1, 9.91)).toBe(true);
    expect(found(7.1, 10.11)).toBe(false);
    expect(found(7.1, 5)).toBe(false);
    expect(found(7, 10)).toBe(false);
    expect(found(0, null)).toBe(false);
  });

  it('gives a share with its binomial error', () => {
    const flags = [...Array(80).fill(true), ...Array(20).fill(false)];
    expect(share(flags)).toEqual({ value: 0.8, error: 0.04 });
  });

  it('counts which planets only one of two methods found', () => {
    const first = [true, true, true, false, false];
    const second = [true, false, false, true, false];
    expect(paired(first, second)).toEqual({ gained: 2, lost: 1 });
    expect(paired(second, first)).toEqual({ gained: 1, lost: 2 });
    expect(() => paired([true], [])).toThrow(RangeError);
  });

  it('knows no difference between a method and itself, and the binomial one between two others', () => {
    const random = seededRandom(3);
    const curves = 1000;
    const trueDays = Array(curves).fill(10);
    // Nulls far below: the thresholds add nothing, and what is found is a coin's toss.
    const method = (chance) => ({
      nulls: Array.from({ length: curves }, () => random.uniform()),
      injected: trueDays.map((periodDays) => ({
        statistic: random.uniform() < chance ? 9 : 0,
        periodDays,
      })),
    });
    const [one, other] = [method(0.5), method(0.5)];
    expect(differenceError([one, one], trueDays, 0.01, seededRandom(1))).toBe(0);
    const error = differenceError([one, other], trueDays, 0.01, seededRandom(1));
    // Two independent coins of 1000 tosses: √(2 · 0.25 / 1000); 400 resamples know it to 4 %.
    expect(error).toBeGreaterThan(0.85 * Math.sqrt(0.5 / curves));
    expect(error).toBeLessThan(1.15 * Math.sqrt(0.5 / curves));
  });
});
