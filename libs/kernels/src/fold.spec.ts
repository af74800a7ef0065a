import { describe, expect, it } from 'vitest';
import { foldCount, foldedPeriod, foldMaxima } from './fold.js';
import { foldPadding, foldRows } from './fold-rows.js';
import { foldMaximaReference } from './fold.reference.js';
import { hasWasmSimd } from './fold-wasm.js';

/** Integers in [-spread, spread] from a linear congruential generator (Numerical Recipes). */
function noise(length: number, spread: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state % (2 * spread + 1)) - spread;
  });
}

function foldAll(samples: number[], firstBase: number, endBase: number): number[] {
  const n = samples.length;
  const series = new Int16Array(n + foldPadding(endBase));
  series.set(samples);
  const maxima = new Int16Array(foldCount(n, firstBase, endBase));
  expect(foldMaxima(series, n, firstBase, endBase, maxima)).toBe(maxima.length);
  return [...maxima];
}

const clamp = (x: number) => Math.max(-32768, Math.min(32767, x));

/**
 * The definition, with lists: all drifts of the rows cut from `samples`, halves rounded up. Up to
 * four rows are read on in time past their last column, more of them go around.
 */
function drifts(samples: number[], first: number, base: number, rows: number): number[][] {
  const at = (i: number) => samples[i] ?? 0;
  const row = (r: number, drift: number) =>
    Array.from({ length: base }, (_, j) => at(first + r * base + drift + j));
  const sum = (x: number[], y: number[]) => x.map((value, j) => clamp(value + y[j]));
  const rounded = (share: number) => Math.floor(share + 0.5 + 1e-9);
  /** One drift of the rows [from, from + count), begun with `lead`, each row read in time. */
  const inTime = (from: number, count: number, s: number, lead: number): number[] => {
    if (count === 1) return row(from, lead);
    const h = Math.floor(count / 2);
    const a = rounded((s / (count - 1)) * (h - 1));
    const b = rounded((s / (count - 1)) * (count - h - 1));
    return sum(inTime(from, h, a, lead), inTime(from + h, count - h, b, lead + s - b));
  };
  if (rows <= 4) return Array.from({ length: rows }, (_, s) => inTime(0, rows, s, 0));
  const h = Math.floor(rows / 2);
  const head = drifts(samples, first, base, h);
  const tail = drifts(samples, first + h * base, base, rows - h);
  return Array.from({ length: rows }, (_, s) => {
    const share = s / (rows - 1);
    const a = rounded(share * (head.length - 1));
    const b = rounded(share * (tail.length - 1));
    return head[a].map((x, j) => clamp(x + tail[b][(j + s - b) % base]));
  });
}

function definedMaxima(samples: number[], base: number): number[] {
  const rows = foldRows(samples.length, base);
  return drifts(samples, 0, base, rows)
    .slice(0, -1)
    .map((row) => Math.max(...row));
}

describe('foldMaxima', () => {
  it('gives the integers of the definition for every number of rows from 2 to 120, and for more of them in blocks', () => {
    for (const [length, firstBase, endBase] of [
      [487, 8, 300],
      [96, 8, 97],
      [1000, 16, 18],
      [1400, 8, 13],
    ]) {
      const samples = noise(length, 200, length);
      const expected = [];
      for (let base = firstBase; base < endBase; base++) {
        expected.push(...definedMaxima(samples, base));
      }
      expect(foldAll(samples, firstBase, endBase)).toEqual(expected);
    }
  });

  it('saturates at the limits of 16 bits in the order of the definition', () => {
    const samples = noise(300, 30000, 7);
    const expected = definedMaxima(samples, 11);
    expect(expected).toContain(32767);
    expect(foldAll(samples, 11, 12)).toEqual(expected);
  });

  it('stays below zero where every column is below zero', () => {
    // Where the last leaf drifts, its last row reads one of the zeros behind the series.
    expect(foldAll(Array(64).fill(-3), 8, 9)).toEqual([-24, -24, ...Array(5).fill(-21)]);
  });

  it.each([9.3, 20.37, 63.9, 411.25])(
    'finds a pulse train of %f samples at the period that the row is labelled with',
    (period) => {
      const length = 4000;
      const samples = Array<number>(length).fill(0);
      for (let t = 2.5; t < length - 1; t += period) {
        samples[Math.floor(t)] = 50;
        samples[Math.floor(t) + 1] = 50;
      }
      const firstBase = Math.floor(period);
      const maxima = foldAll(samples, firstBase, firstBase + 1);
      const rows = foldRows(length, firstBase);
      const best = maxima.indexOf(Math.max(...maxima));
      // A row is right within the drift of one sample over all rows; pulses are two samples long.
      const tolerance = (2 * period) / length;
      expect(Math.abs(foldedPeriod(firstBase, rows, best) - period)).toBeLessThan(
        period * tolerance,
      );
    },
  );

  it('cuts many short rows into eight blocks of equally many, and all others where samples end', () => {
    expect([487, 1].map((samples) => foldRows(samples, 8))).toEqual([61, 2]);
    expect([1016, 1017, 1024, 1025].map((samples) => foldRows(samples, 8))).toEqual([
      127, 128, 128, 136,
    ]);
    expect([96, 97].map((base) => foldRows(20000, base))).toEqual([216, 207]);
  });

  it('covers the periods between two bases without a hole', () => {
    const rows = foldRows(4000, 9);
    const periods = Array.from({ length: rows - 1 }, (_, s) => foldedPeriod(9, rows, s));
    expect(periods[0]).toBe(9);
    expect(periods[rows - 2]).toBeGreaterThan(10);
    const steps = periods.slice(1).map((p, i) => p - periods[i]);
    expect(Math.max(...steps)).toBeLessThan(2 / (rows - 1));
  });

  it('refuses arrays that are too short and base periods below 8, by name', () => {
    const long = new Int16Array(4000);
    const none = new Int16Array(0);
    expect(() => foldMaxima(long, 100, 7, 9, long)).toThrow('firstBase must be >= 8, not 7');
    expect(() => foldMaxima(none, 100, 8, 9, long)).toThrow('series must hold 204 values');
    expect(() => foldMaxima(long, 100, 8, 9, none)).toThrow('maxima must hold 12 values');
  });
});

describe('the WebAssembly kernel', () => {
  it('B.13 equals its plain twin bit for bit, at short and long periods, saturating or not', () => {
    expect(hasWasmSimd()).toBe(true);
    for (const [length, spread, firstBase, endBase] of [
      [20000, 30, 8, 130],
      [20000, 9000, 8, 40],
      [3001, 500, 740, 760],
      [3001, 500, 996, 1010],
      [2999, 500, 1490, 1510],
      [64, 500, 60, 70],
    ]) {
      const series = new Int16Array(length + foldPadding(endBase));
      series.set(noise(length, spread, length + spread));
      const count = foldCount(length, firstBase, endBase);
      const fast = new Int16Array(count);
      const plain = new Int16Array(count);
      foldMaxima(series, length, firstBase, endBase, fast);
      foldMaximaReference(series, length, firstBase, endBase, plain);
      expect(fast.findIndex((value, i) => value !== plain[i])).toBe(-1);
    }
  });

  it('does not depend on what was folded before in the same memory', () => {
    const samples = noise(5000, 300, 3);
    const first = foldAll(samples, 11, 60);
    foldAll(noise(9000, 32000, 4), 8, 20);
    expect(foldAll(samples, 11, 60)).toEqual(first);
  });
});
