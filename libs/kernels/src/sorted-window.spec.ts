import { describe, expect, it } from 'vitest';
import { biweightLocation, sortedMedian } from './biweight.reference.js';
import { normalNumbers } from './fixtures/numbers.js';
import { SortedWindow } from './sorted-window.reference.js';

const madOf = (values: readonly number[]) => {
  const centre = sortedMedian(values);
  return sortedMedian(values.map((value) => Math.abs(value - centre)));
};

/** Slides a window of `width` values over `series`; the largest error of any location, in MADs. */
function worstError(series: readonly number[], width: number): number {
  const window = new SortedWindow();
  let worst = 0;
  series.forEach((value, i) => {
    if (i < width) window.insert(value);
    else window.replace(series[i - width], value);
    const inside = series.slice(Math.max(0, i - width + 1), i + 1);
    expect(window.median()).toBe(sortedMedian(inside));
    const error = Math.abs(window.biweight() - biweightLocation(inside));
    const mad = madOf(inside);
    worst = Math.max(worst, mad > 0 ? error / mad : error);
  });
  return worst;
}

const noise = (n: number, seed: number) => [...normalNumbers(n, seed)];

/** Newton's iteration stops at steps below 1e-3 MAD, of which about the square is left. */
const STOPPED = 2e-6;

describe('SortedWindow', () => {
  it.each([3, 4, 49, 50, 300])('has the biweight of the definition with %i values', (width) => {
    expect(worstError(noise(1500, 5), width)).toBeLessThan(STOPPED);
  });

  it('keeps it while the noise grows and shrinks a millionfold', () => {
    const scale = (i: number) => 10 ** (3 * Math.sin(i / 100));
    const series = noise(2000, 6).map((value, i) => scale(i) * value);
    expect(worstError(series, 60)).toBeLessThan(STOPPED);
  });

  it('keeps it on a ramp and over a step, far from where it began', () => {
    const ramp = noise(1500, 7).map((value, i) => value + 2 * i + (i > 700 ? 1e6 : 0));
    expect(worstError(ramp, 60)).toBeLessThan(STOPPED);
  });

  it('is not spoilt by values of any size that came and went', () => {
    const series = noise(1500, 8).map((value, i) => (i % 29 === 3 ? 1e9 * value : value));
    expect(worstError(series, 60)).toBeLessThan(STOPPED);
  });

  it('has it in deep eclipses, where a third of the values lies apart', () => {
    const series = noise(1500, 9).map((value, i) => value - (i % 60 < 20 ? 500 : 0));
    expect(worstError(series, 120)).toBeLessThan(STOPPED);
  });

  it.each([4, 5, 7, 12])(
    'has it where values of %i lie at any distance from each other',
    (width) => {
      const series = noise(3000, 12).map(
        (value, i) => value / (i % 3 === 0 ? 1 : 0.05 + (i % 7)) ** 3,
      );
      // Of so few, one at the rim of the weights bends the sum more.
      expect(worstError(series, width)).toBeLessThan(20 * STOPPED);
    },
  );

  it('finds the location next to the median after the values have jumped from one group to another', () => {
    const series = noise(1500, 11).map((value, i) => value + (i % 200 < 100 ? 0 : 6));
    expect(worstError(series, 40)).toBeLessThan(STOPPED);
  });

  it('copes with ties and with a window that runs empty', () => {
    const steps = noise(600, 10).map((value) => Math.round(value) + 5);
    expect(worstError(steps, 40)).toBeLessThan(STOPPED);
    const window = new SortedWindow();
    expect(window.median()).toBeNaN();
    expect(window.biweight()).toBeNaN();
    for (const value of [3, 1, 3, 2]) window.insert(value);
    for (const value of [3, 2, 1, 3]) window.remove(value);
    expect(window.median()).toBeNaN();
    window.insert(7);
    expect(window.biweight()).toBe(7);
    window.clear();
    expect(window.biweight()).toBeNaN();
  });
});
