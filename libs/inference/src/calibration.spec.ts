import { describe, expect, it } from 'vitest';
import { calibrated } from './calibration.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, p) => total + p, 0);

describe('E.10 calibrated probabilities', () => {
  it('are those of the graph where nothing was chosen', () => {
    expect([...calibrated({ method: 'none' }, Float32Array.of(0.25, 0.75))]).toEqual([0.25, 0.75]);
  });

  it('are the graph’s at a temperature of 1, more even above, sharper below', () => {
    const output = [0.1, 0.3, 0.6];
    const at = (temperature: number) => [
      ...calibrated({ method: 'temperature', temperature }, output),
    ];
    at(1).forEach((p, k) => expect(p).toBeCloseTo(output[k], 12));
    expect(at(2)[2]).toBeLessThan(0.6);
    expect(at(0.5)[2]).toBeGreaterThan(0.6);
    // p^(1/T), normalised.
    expect(at(0.5)[2]).toBeCloseTo(0.36 / (0.01 + 0.09 + 0.36), 12);
    expect(sum(at(3))).toBeCloseTo(1, 12);
  });

  it('stay finite where the graph is certain', () => {
    const certain = calibrated({ method: 'temperature', temperature: 0.01 }, [0, 1]);
    expect([...certain]).toEqual([0, 1]);
  });

  it('follow the knots of an isotonic regression, level beyond them, and are divided by their sum', () => {
    const knots = { from: [0.2, 0.4, 0.8], to: [0.1, 0.1, 0.9] };
    const of = (...output: number[]) => [
      ...calibrated({ method: 'isotonic', classes: [knots, knots] }, output),
    ];
    expect(of(0.6, 0.4)[0]).toBeCloseTo(0.5 / (0.5 + 0.1), 12);
    expect(of(0, 1)).toEqual([0.1, 0.9].map((p) => expect.closeTo(p, 12)));
  });

  it('refuses a calibration of other classes', () => {
    const knots = { from: [0, 1], to: [0, 1] };
    expect(() => calibrated({ method: 'isotonic', classes: [knots, knots] }, [1])).toThrow(
      /2 classes, not 1/,
    );
  });

  it('are equal where every class is as good as impossible', () => {
    const knots = { from: [0, 1], to: [0, 0] };
    expect([...calibrated({ method: 'isotonic', classes: [knots, knots] }, [0.5, 0.5])]).toEqual([
      0.5, 0.5,
    ]);
  });
});
