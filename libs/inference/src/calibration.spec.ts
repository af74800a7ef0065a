import { describe, expect, it } from 'vitest';
import { calibrated } from './calibration.js';

describe('calibration', () => {
  it('leaves probabilities alone where none was chosen', () => {
    expect(calibrated({ method: 'none' }, [0.2, 0.8])).toEqual([0.2, 0.8]);
  });

  it('softens by a temperature: at 2, odds become their square root', () => {
    const [a, b] = calibrated({ method: 'temperature', temperature: 2 }, [0.1, 0.9]);
    expect(b / a).toBeCloseTo(3, 12);
    expect(a + b).toBeCloseTo(1, 12);
    expect(calibrated({ method: 'temperature', temperature: 1 }, [0, 1])[1]).toBeCloseTo(1, 9);
  });

  it('interpolates between isotonic knots, flat beyond them, and normalises', () => {
    const identity = { from: [0, 1], to: [0, 1] };
    const step = { from: [0.2, 0.6], to: [0.1, 0.3] };
    const calibration = { method: 'isotonic' as const, classes: [step, identity] };
    expect(calibrated(calibration, [0.4, 0.6])[0]).toBeCloseTo(0.2 / 0.8, 12);
    expect(calibrated(calibration, [0.1, 0.9])[0]).toBeCloseTo(0.1 / 1, 12);
    expect(calibrated(calibration, [0.9, 0.1])[0]).toBeCloseTo(0.3 / 0.4, 12);
    expect(() => calibrated(calibration, [1])).toThrow(RangeError);
  });

  it('gives every class the same where all were ruled out', () => {
    const zero = { from: [0, 1], to: [0, 0] };
    expect(calibrated({ method: 'isotonic', classes: [zero, zero] }, [0.5, 0.5])).toEqual([
      0.5, 0.5,
    ]);
  });
});
