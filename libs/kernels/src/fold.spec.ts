import { describe, expect, it } from 'vitest';
import { foldCount, foldedPeriod, foldMaxima, foldPadding, foldRows, foldScratch } from './fold.js';

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
  const scratch = new Int16Array(foldScratch(n, firstBase, endBase)).fill(12345);
  expect(foldMaxima(series, n, firstBase, endBase, scratch, maxima)).toBe(maxima.length);
  return [...maxima];
}

const clamp = (x: number) => Math.max(-32768, Math.min(32767, x));

/** The definition: all drifts of a list of rows, as lists, halves rounded up. */
function drifts(rows: number[][]): number[][] {
  if (rows.length === 1) return rows;
  const half = Math.floor(rows.length / 2);
  const head = drifts(rows.slice(0, half));
  const tail = drifts(rows.slice(half));
  return rows.map((_, s) => {
    const share = s / (rows.length - 1);
    const a = Math.floor(share * (head.length - 1) + 0.5 + 1e-9);
    const b = Math.floor(share * (tail.length - 1) + 0.5 + 1e-9);
    return head[a].map((x, j) => clamp(x + tail[b][(j + s - b) % tail[b].length]));
  });
}

function referenceMaxima(samples: number[], base: number): number[] {
  const rows = Math.max(2, Math.ceil(samples.length / base));
  const at = (i: number) => samples[i] ?? 0;
  if (rows > 4) {
    const cut = Array.from({ length: rows }, (_, r) =>
      Array.from({ length: base }, (_, j) => at(r * base + j)),
    );
    return drifts(cut)
      .slice(0, -1)
      .map((row) => Math.max(...row));
  }
  return Array.from({ length: rows - 1 }, (_, s) => {
    const drift = (r: number) => Math.floor((s * r) / (rows - 1) + 0.5 + 1e-9);
    const sums = Array.from({ length: base }, (_, j) => {
      const terms = Array.from({ length: rows }, (_, r) => at(r * base + drift(r) + j));
      return terms.reduce((sum, x) => sum + x, 0);
    });
    return Math.max(...sums);
  });
}

describe('foldMaxima', () => {
  it('gives the integers of the definition for every number of rows from 2 to 120', () => {
    for (const [length, firstBase, endBase] of [
      [487, 4, 300],
      [96, 5, 97],
      [1000, 16, 18],
    ]) {
      const samples = noise(length, 200, length);
      const expected = [];
      for (let base = firstBase; base < endBase; base++) {
        expected.push(...referenceMaxima(samples, base));
      }
      expect(foldAll(samples, firstBase, endBase)).toEqual(expected);
    }
  });

  it('saturates at the limits of 16 bits in the order of the definition', () => {
    const samples = noise(300, 30000, 7);
    const expected = referenceMaxima(samples, 11);
    expect(expected).toContain(32767);
    expect(foldAll(samples, 11, 12)).toEqual(expected);
  });

  it('stays below zero where every column is below zero', () => {
    expect(foldAll(Array(64).fill(-3), 8, 9)).toEqual(Array(7).fill(-24));
  });

  it.each([6.3, 20.37, 63.9, 411.25])(
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

  it('covers the periods between two bases without a hole', () => {
    const rows = foldRows(4000, 6);
    const periods = Array.from({ length: rows - 1 }, (_, s) => foldedPeriod(6, rows, s));
    expect(periods[0]).toBe(6);
    expect(periods[rows - 2]).toBeGreaterThan(7);
    const steps = periods.slice(1).map((p, i) => p - periods[i]);
    expect(Math.max(...steps)).toBeLessThan(2 / (rows - 1));
  });

  it('refuses arrays that are too short and base periods below 4, by name', () => {
    const long = new Int16Array(4000);
    const none = new Int16Array(0);
    expect(() => foldMaxima(long, 100, 3, 9, long, long)).toThrow('firstBase must be >= 4, not 3');
    expect(() => foldMaxima(none, 100, 8, 9, long, long)).toThrow('series must hold 141 values');
    expect(() => foldMaxima(long, 100, 8, 9, none, long)).toThrow('scratch must hold');
    expect(() => foldMaxima(long, 100, 8, 9, long, none)).toThrow('maxima must hold 12 values');
  });
});
