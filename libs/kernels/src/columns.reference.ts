/**
 * The fold at exact periods of columns.ts in plain TypeScript: its definition and its fallback. Sums
 * are 32-bit floats, added row by row, as in the WebAssembly twin: the same bits.
 *
 * Checks nothing: `strongestColumns` does.
 */
export function foldColumnsReference(
  numerator: Float32Array,
  denominator: Float32Array,
  period: number,
  above: Float32Array,
  below: Float32Array,
): void {
  const samples = numerator.length;
  above.fill(0);
  below.fill(0);
  for (let row = 0; ; row++) {
    const offset = Math.floor(row * period + 0.5);
    if (offset >= samples) return;
    const end = Math.min(above.length, samples - offset);
    for (let j = 0; j < end; j++) {
      above[j] += numerator[offset + j];
      below[j] += denominator[offset + j];
    }
  }
}
