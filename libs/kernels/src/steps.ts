/**
 * Floats as 16-bit integers, the form in which a series is folded (fold.ts). In WebAssembly not for the
 * sake of its vectors: this loop runs a few times a target, too seldom for the engine to keep good code
 * of it, and a million numbers long. N is values.
 */
import { hasWasmSimd, toStepsWasm } from './fold-wasm.js';
import { toStepsReference } from './steps.reference.js';

/**
 * Values times `scale` to the nearest of `most` steps to either side, halves up; NaN to the lowest. O(N).
 *
 * @param values (N,)
 * @param most 0 to 32767.
 * @param steps (>= N,) filled from its start.
 * @throws {RangeError} where `steps` is too short or `most` out of range.
 */
export function toSteps(
  values: Float32Array,
  scale: number,
  most: number,
  steps: Int16Array,
): void {
  if (!(most >= 0 && most <= 32767)) {
    throw new RangeError(`most must be from 0 to 32767, not ${most}`);
  }
  if (steps.length < values.length) {
    throw new RangeError(`steps must hold ${values.length} values, not ${steps.length}`);
  }
  const implementation = hasWasmSimd() ? toStepsWasm : toStepsReference;
  implementation(values, scale, most, steps);
}
