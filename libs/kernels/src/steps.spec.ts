import { describe, expect, it } from 'vitest';
import { hasWasmSimd } from './fold-wasm.js';
import { toSteps } from './steps.js';
import { toStepsReference } from './steps.reference.js';

describe('toSteps', () => {
  it('B.13 rounds to the nearest step, halves up, and stops at the last one', () => {
    const steps = new Int16Array(9);
    toSteps(Float32Array.of(0, 1.25, 1.2, -1.25, -1.3, 40, -40, NaN), 2, 10, steps);
    expect([...steps]).toEqual([0, 3, 2, -2, -3, 10, -10, -32767, 0]);
  });

  it('B.13 gives the same integers in WebAssembly and in plain TypeScript, whole vectors or not', () => {
    expect(hasWasmSimd()).toBe(true);
    for (const length of [0, 1, 7, 8, 1000, 4099]) {
      const values = Float32Array.from({ length }, (_, k) => Math.sin(k * k) * 1.1 ** (k % 90));
      for (const [scale, most] of [
        [2.3, 10],
        [640.25, 32767],
        [0.5, 32767],
      ]) {
        const fast = new Int16Array(length + 3).fill(5);
        const plain = new Int16Array(length + 3).fill(5);
        toSteps(values, scale, most, fast);
        toStepsReference(values, scale, most, plain);
        expect(fast).toEqual(plain);
      }
    }
  });

  it('refuses an array that is too short and more steps than 16 bits hold, by name', () => {
    const values = new Float32Array(3);
    expect(() => toSteps(values, 1, 32768, new Int16Array(3))).toThrow('most must be from 0 to');
    expect(() => toSteps(values, 1, 10, new Int16Array(2))).toThrow('steps must hold 3 values');
  });
});
