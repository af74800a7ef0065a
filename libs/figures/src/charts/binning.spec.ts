import { describe, expect, it } from 'vitest';
import { binMeans, envelope, joinBins, Quantiles } from './binning.js';

describe('binMeans', () => {
  it('gives mean, standard error and count of each bin and leaves empty ones out', () => {
    const bins = binMeans([0.1, 0.2, 0.3, 2.5], [1, 2, 3, 7], 0, 3, 3);
    expect(bins).toHaveLength(2);
    expect(bins[0].y).toBeCloseTo(2, 12);
    expect(bins[0].x).toBeCloseTo(0.2, 12);
    expect(bins[0].error).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(bins[1]).toMatchObject({ y: 7, points: 1, error: 1 }); // of the three others
  });

  it('leaves out what is not finite and what lies outside, the upper end included', () => {
    expect(binMeans([-1, 0, 1, 0.5, NaN], [1, NaN, 1, 4, 1], 0, 1, 2)).toEqual([
      { x: 0.5, y: 4, error: NaN, points: 1 },
    ]);
  });

  it('takes the scatter of a well-filled bin from itself, not from its neighbours', () => {
    const quiet = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const loud = quiet.map((value) => 50 * value);
    const at = (x: number): number[] => quiet.map(() => x);
    const [first, second] = binMeans([...at(0.1), ...at(0.9)], [...quiet, ...loud], 0, 1, 2);
    expect(first.error).toBeCloseTo(1 / 3, 12);
    expect(second.error).toBeCloseTo(50 / 3, 12);
  });

  it('keeps the scatter of 1e-7 around a flux of 1', () => {
    const flux = Array.from({ length: 100 }, (_, i) => 1 + (i % 2 === 0 ? 1e-7 : -1e-7));
    const [bin] = binMeans(
      flux.map(() => 0.5),
      flux,
      0,
      1,
      1,
    );
    expect(bin.error / 1e-8).toBeCloseTo(Math.sqrt(100 / 99), 6);
  });
});

describe('joinBins', () => {
  const bin = (x: number, y: number, error: number) => ({ x, y, error, points: 1 });

  it('weights by inverse variance', () => {
    const [joined] = joinBins([bin(0, 10, 1), bin(1, 20, 3)], -5, 5, 1);
    expect(joined.y).toBeCloseTo((10 + 20 / 9) / (1 + 1 / 9), 12);
    expect(joined.error).toBeCloseTo(1 / Math.sqrt(1 + 1 / 9), 12);
  });

  it('leaves few bins as they are and drops those outside', () => {
    const bins = [bin(-9, 1, 1), bin(0, 2, 1), bin(1, NaN, 1)];
    expect(joinBins(bins, -5, 5, 10)).toEqual([bins[1]]);
  });
});

describe('envelope', () => {
  it('loses no extreme of a long line', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const y = x.map((i) => Math.sin(i));
    y[31_415] = 50;
    y[92_653] = -40;
    const line = envelope(x, y, 500);
    expect(line.length).toBeLessThanOrEqual(500 * 4 * 2);
    const heights = line.filter((_, i) => i % 2 === 1);
    expect(Math.max(...heights)).toBe(50);
    expect(Math.min(...heights)).toBe(-40);
    expect([line[0], line[line.length - 2]]).toEqual([0, 99_999]);
  });

  it('returns a short line as it is, and nothing of nothing', () => {
    expect(envelope([1, 2, 3], [4, 5, 6], 10)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(envelope([], [], 10)).toEqual([]);
  });
});

describe('quantiles', () => {
  it('interpolates, ignores what is not finite, and knows nothing of nothing', () => {
    const values = new Quantiles(Float64Array.of(3, NaN, 1, 2, Infinity, 4));
    expect([values.count, values.least, values.most]).toEqual([4, 1, 4]);
    expect([0, 0.5, 0.9, 1].map((q) => values.at(q))).toEqual([1, 2.5, 3.7, 4]);
    expect(values.robustSigma).toBeCloseTo(1.5 / 1.349, 12);
    expect(new Quantiles(new Float64Array()).at(0.5)).toBeNaN();
    expect(new Quantiles(new Float64Array()).robustSigma).toBeNaN();
  });
});
