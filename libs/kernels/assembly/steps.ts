/** The rounding of ../src/steps.ts, in the memory of the folds. */
import { at, LANES, VECTOR } from './vectors';

/**
 * 32-bit floats times `scale` to the nearest of `most` steps to either side, halves up. Eight at a time:
 * both arrays hold whole vectors of as many steps.
 */
export function toSteps(values: usize, count: i32, scale: f64, most: f64, steps: usize): void {
  const factor = f64x2.splat(scale);
  const highest = f64x2.splat(most);
  const lowest = f64x2.splat(-most);
  for (let k = 0; k < count; k += LANES, values += 2 * VECTOR, steps += VECTOR) {
    const first = fourSteps(at(values), factor, lowest, highest);
    const second = fourSteps(v128.load(values, VECTOR), factor, lowest, highest);
    v128.store(steps, i16x8.narrow_i32x4_s(first, second));
  }
}

function fourSteps(values: v128, factor: v128, lowest: v128, highest: v128): v128 {
  const two = twoSteps(values, factor, lowest, highest);
  const next = twoSteps(i64x2.shuffle(values, values, 1, 1), factor, lowest, highest);
  return i32x4.sub(i64x2.shuffle(two, next, 0, 2), i32x4.splat(32767));
}

/** Above 0, so that what truncates towards it rounds halves up. */
function twoSteps(values: v128, factor: v128, lowest: v128, highest: v128): v128 {
  const wanted = f64x2.mul(f64x2.promote_low_f32x4(values), factor);
  const clipped = f64x2.min(highest, f64x2.max(lowest, wanted));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.add(clipped, f64x2.splat(32767.5)));
}
