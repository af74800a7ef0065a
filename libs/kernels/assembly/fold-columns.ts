/** The fold at one exact period of ../src/columns.ts, in the memory of the other fold. */
import { VECTOR } from './vectors';

/**
 * Folds two series of 32-bit floats at one period, row by row to the nearest sample: columns of
 * `above` and `below` become the sums. Both series end in `columns` + 4 zeros, `columns` is whole
 * vectors of four.
 */
export function foldColumns(
  numerator: usize,
  denominator: usize,
  samples: i32,
  period: f64,
  columns: i32,
  above: usize,
  below: usize,
): void {
  const bytes = (<usize>columns) << 2;
  for (let j: usize = 0; j < bytes; j += VECTOR) {
    v128.store(above + j, v128.load(numerator + j));
    v128.store(below + j, v128.load(denominator + j));
  }
  for (let row = 1; ; row++) {
    const offset = <i32>(<f64>row * period + 0.5);
    if (offset >= samples) break;
    const end = min(bytes, wholeFloats(samples - offset));
    const n = numerator + ((<usize>offset) << 2);
    const d = denominator + ((<usize>offset) << 2);
    for (let j: usize = 0; j < end; j += VECTOR) {
      v128.store(above + j, f32x4.add(v128.load(above + j), v128.load(n + j)));
      v128.store(below + j, f32x4.add(v128.load(below + j), v128.load(d + j)));
    }
  }
}

/** Bytes of so many floats, whole vectors. */
function wholeFloats(count: i32): usize {
  return (<usize>((count + 3) / 4)) << 4;
}
