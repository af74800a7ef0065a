import { describe, expect, it } from 'vitest';
import {
  brokenScale,
  coveredStretches,
  fixed,
  linearScale,
  linearTicks,
  logScale,
  logTicks,
  niceStep,
} from './scale.js';

const labels = (ticks: readonly { readonly label: string }[]): string[] =>
  ticks.map(({ label }) => label);

describe('scales', () => {
  it('maps the ends of the domain to the ends of the range', () => {
    const scale = linearScale([10, 20], [200, 100]);
    expect([scale.map(10), scale.map(15), scale.map(20)]).toEqual([200, 150, 100]);
  });

  it('gives an empty or unknown domain a width instead of dividing by zero', () => {
    expect(linearScale([3, 3], [0, 10]).map(3)).toBe(5);
    expect(linearScale([NaN, NaN], [0, 10]).domain).toEqual([0, 1]);
    expect(linearScale([Infinity, -Infinity], [0, 10]).domain).toEqual([0, 1]);
  });

  it('maps equal ratios to equal distances on a logarithmic axis', () => {
    const scale = logScale([0.5, 50], [0, 200]);
    expect(scale.map(5)).toBeCloseTo(100, 9);
    expect(scale.map(50)).toBeCloseTo(200, 9);
    expect(() => logScale([0, 1], [0, 1])).toThrow(/domain\[0\] must be > 0, not 0/);
  });

  it('cuts the empty stretch out of a broken axis and keeps one scale on both sides', () => {
    const scale = brokenScale(
      [
        [0, 10],
        [1000, 1030],
      ],
      [0, 440],
      40,
    );
    expect([scale.map(0), scale.map(10), scale.map(1000), scale.map(1030)]).toEqual([
      0, 100, 140, 440,
    ]);
    expect(scale.map(505)).toBeCloseTo(120, 9);
  });
});

it('maps many values as it maps each', () => {
  const values = Float64Array.of(-3, 0.7, 12, 9.5, 10, 11, 500, 1000, 1010, 1030, 2000, 4, NaN);
  const covered = [
    [0, 10],
    [11, 12],
    [1000, 1030],
  ] as const;
  for (const scale of [
    linearScale([0, 30], [200, 100]),
    logScale([0.5, 50], [0, 200]),
    brokenScale(covered, [0, 300], 20),
  ]) {
    expect([...scale.mapAll(values)]).toEqual([...values].map((value) => scale.map(value)));
  }
  expect(linearScale([0, 1], [0, 1]).mapAll(new Float64Array(0))).toHaveLength(0);
});

describe('stretches with data', () => {
  const daily = (...runs: readonly (readonly [number, number])[]): Float64Array =>
    Float64Array.from(
      runs.flatMap(([from, to]) =>
        Array.from({ length: (to - from) * 10 + 1 }, (_, i) => from + i / 10),
      ),
    );

  it('cuts a gap of two years between sectors, not the day between two orbits', () => {
    expect(coveredStretches(daily([0, 13], [14, 27], [760, 787]), 0)).toEqual([
      [0, 27],
      [760, 787],
    ]);
  });

  it('leaves the quarterly gaps of a four-year curve in the axis', () => {
    const quarters = Array.from({ length: 17 }, (_, i) => [i * 90, i * 90 + 86] as const);
    expect(coveredStretches(daily(...quarters), 0)).toHaveLength(1);
  });

  it('has none in an empty curve and one in a curve of one point', () => {
    expect(coveredStretches(new Float64Array())).toEqual([]);
    expect(coveredStretches(Float64Array.of(5), 0)).toEqual([[5, 5]]);
  });
});

describe('ticks', () => {
  it('steps by 1, 2 or 5 times a power of ten', () => {
    expect([0.013, 0.2, 3, 7, 1200].map(niceStep)).toEqual([0.02, 0.2, 5, 10, 2000]);
  });

  it('writes no digit that says nothing and a real minus sign', () => {
    expect(labels(linearTicks([-0.21, 0.2], 5))).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2']);
    expect(labels(linearTicks([-0.25, 0.75], 5, 0.25))).toEqual([
      '−0.25',
      '0.00',
      '0.25',
      '0.50',
      '0.75',
    ]);
    expect(fixed(-0.004, 2)).toBe('0.00');
  });

  it('puts at least three ticks on an axis, even where few were asked for', () => {
    for (const domain of [
      [-18, 18],
      [-0.9, 0.95],
      [0.3, 11],
      [-8200, 450],
    ] as const) {
      expect(linearTicks(domain, 2).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('labels 1, 2 and 5 of each decade where there is room, else the decades', () => {
    expect(labels(logTicks([0.5, 30], 8).major)).toEqual(['0.5', '1', '2', '5', '10', '20']);
    expect(labels(logTicks([0.5, 3000], 5).major)).toEqual(['1', '10', '100', '1000']);
    expect(labels(logTicks([0.5, 30], 8).major)).not.toContain('3');
    expect(logTicks([0.5, 30], 8).minor).toContain(3);
  });

  it('falls back to linear ticks on less than half a decade', () => {
    expect(labels(logTicks([2, 4], 5).major)).toEqual(['2.0', '2.5', '3.0', '3.5', '4.0']);
  });
});
