import { describe, expect, it } from 'vitest';
import { isForChallenger } from './variant.js';

const subjects = Array.from({ length: 10_000 }, (_, i) => `TIC ${1000 + i}`);
const chosen = (salt: string, share: number) =>
  subjects.filter((subject) => isForChallenger(subject, salt, share));

describe('E.22 the routing of an A/B test', () => {
  it('gives the challenger its share of the subjects', () => {
    const { length } = chosen('koi-forest', 0.2);
    // Binomial: 2000 with a standard deviation of 40.
    expect(Math.abs(length - 2000)).toBeLessThan(4 * 40);
    expect(chosen('koi-forest', 0)).toHaveLength(0);
    expect(chosen('koi-forest', 1)).toHaveLength(subjects.length);
  });

  it('stays with what it chose, also for those that a larger share adds to', () => {
    const small = chosen('koi-forest', 0.1);
    expect(chosen('koi-forest', 0.1)).toEqual(small);
    expect(chosen('koi-forest', 0.3)).toEqual(expect.arrayContaining(small));
  });

  it('tries another test on other subjects', () => {
    const first = new Set(chosen('koi-forest', 0.5));
    const both = chosen('koi-boosted', 0.5).filter((subject) => first.has(subject));
    expect(Math.abs(both.length - 2500)).toBeLessThan(4 * 43.3);
  });

  it('refuses a share that is none', () => {
    expect(() => isForChallenger('TIC 1', 'salt', 1.5)).toThrow(/share .* 1.5/);
  });
});
