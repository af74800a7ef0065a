/**
 * The rounding of steps.ts in plain TypeScript: its definition, its fallback, and the twin that the
 * WebAssembly kernel must equal bit for bit.
 *
 * Checks nothing: `toSteps` does.
 */
const INT16_MOST = 32767;
/** Keeps the truncation on one side of 0. */
const SHIFT = INT16_MOST + 0.5;

export function toStepsReference(
  values: Float32Array,
  scale: number,
  most: number,
  steps: Int16Array,
): void {
  for (let k = 0; k < values.length; k++) {
    const value = Math.min(most, Math.max(-most, values[k] * scale));
    steps[k] = ((value + SHIFT) | 0) - INT16_MOST;
  }
}
