import { describe, expect, it } from 'vitest';
import { strongestColumns } from './columns.js';
import { foldColumnsReference } from './columns.reference.js';
import { foldColumnsWasm } from './fold-wasm.js';

/** Floats in [-1, 1) from a linear congruential generator (Numerical Recipes). */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

const ones = (length: number) => new Float32Array(length).fill(1);

describe('strongestColumns', () => {
  it('B.13 finds the epoch of a pulse train at its exact period', () => {
    const numerator = new Float32Array(2000);
    for (let k = 0; ; k++) {
      const at = Math.floor(17 + k * 83.37 + 0.5);
      if (at >= numerator.length) break;
      numerator[at] = 3;
    }
    const { column, power } = strongestColumns(
      numerator,
      ones(2000),
      Float64Array.of(83.37, 91.2),
      0.5,
    );
    expect(Math.abs(column[0] - 17)).toBeLessThanOrEqual(1);
    expect(power[0]).toBeGreaterThan(4 * power[1]);
  });

  it('equals the plain twin bit for bit, whatever the period and the end of the series', () => {
    const numerator = noise(10_007, 5);
    const denominator = noise(10_007, 6).map(Math.abs);
    for (const period of [1, 7.5, 44.01, 512.3, 3335.9, 10_007]) {
      const columns = Math.ceil(period);
      const above = new Float32Array(columns);
      const below = new Float32Array(columns);
      foldColumnsReference(numerator, denominator, period, above, below);
      foldColumnsWasm(numerator, denominator, Float64Array.of(period), columns, (_, a, b) => {
        expect(a.slice(0, columns)).toEqual(above);
        expect(b.slice(0, columns)).toEqual(below);
      });
    }
  });

  it('leaves out columns with too little in them, and says so where none is left', () => {
    const numerator = Float32Array.of(9, 1, 0, 0);
    const denominator = Float32Array.of(0.01, 1, 1, 1);
    const periods = Float64Array.of(4);
    expect(strongestColumns(numerator, denominator, periods, 0.5).column[0]).toBe(1);
    const none = strongestColumns(numerator, denominator, periods, 2);
    expect([none.column[0], none.power[0]]).toEqual([-1, 0]);
  });

  it('refuses periods longer than the series and series of two lengths, by name', () => {
    const four = ones(4);
    expect(() => strongestColumns(four, ones(5), Float64Array.of(2), 0)).toThrow(
      'denominator must hold 4 values, not 5',
    );
    expect(() => strongestColumns(four, four, Float64Array.of(4.5), 0)).toThrow(
      'periods must be from 1 to 4 samples, not 4.5',
    );
  });
});
