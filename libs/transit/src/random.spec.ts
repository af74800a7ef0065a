import { expect, it } from 'vitest';
import { seededRandom } from './random.js';

it('gives the same numbers for the same seed, others for another', () => {
  const take = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => random.uniform());
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
});

it('fills the unit interval evenly and never reaches 1', () => {
  const random = seededRandom(1);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) tenths[Math.floor(10 * random.uniform())]++;
  // 1000 ± 5 sigma of the binomial distribution
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(5 * 30);
});

it('draws normal numbers with mean 0, deviation 1 and Gaussian tails', () => {
  const random = seededRandom(2);
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(20_000));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000));
  const beyondTwo = values.filter((x) => Math.abs(x) > 2).length;
  expect(Math.abs(beyondTwo - 0.0455 * 20_000)).toBeLessThan(5 * Math.sqrt(910));
});

it('refuses a seed that is not a number', () => {
  expect(() => seededRandom(NaN)).toThrow('seed must be finite, not NaN');
});
