import { describe, expect, it } from 'vitest';
import { prepare } from './prepare.js';
import { inOrder } from './segment-order.js';
import { simulate } from './simulate.js';
import type { Segment } from './types.js';

const quarters = simulate({ segments: [1, 2, 3], star: { radiusSun: 1 } });
const params = { detrend: 'biweight', windowDays: null, maxPeriodDays: null } as const;
const orders = <T>([a, b, c]: readonly T[]) => [
  [a, b, c],
  [c, b, a],
  [b, a, c],
  [c, a, b],
];

describe('inOrder', () => {
  it('puts files in order of time, whatever their zero point', () => {
    const [first, second] = quarters;
    const shifted: Segment = {
      ...first,
      timeDays: first.timeDays.map((time) => time + 5000),
      timeOffsetDays: first.timeOffsetDays - 5000,
    };
    expect(inOrder([second, shifted])).toEqual([shifted, second]);
  });

  it('puts a file without a point last, and leaves the list that it got alone', () => {
    const empty = { ...quarters[0], timeDays: new Float64Array([NaN]) };
    const given = Object.freeze([empty, quarters[1]]);
    expect(inOrder(given)).toEqual([quarters[1], empty]);
  });

  it('B.46 makes one curve of three files in any order, to the last bit', () => {
    const [first, ...more] = orders(quarters).map((files) => prepare(files, params));
    expect(first.raw.segment.at(-1)).toBe(2);
    for (const prepared of more) expect(prepared).toEqual(first);
  });

  it('B.46 chooses between reductions of the same time by what is in them, not by their order', () => {
    const [file] = quarters;
    const other = { ...file, flux: file.flux.map((value, i) => value * (1 + 1e-4 * (i % 3))) };
    const known = { ...file, star: { radiusSun: 2 }, label: 'Q9' };
    const [first, ...more] = orders([file, other, known]).map((files) => prepare(files, params));
    expect(first.warnings).toHaveLength(2);
    for (const prepared of more) expect(prepared).toEqual(first);
  });
});
