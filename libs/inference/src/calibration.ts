/**
 * Probabilities that mean what they say.
 *
 * Guo et al. 2017, ICML (temperature); Zadrozny & Elkan 2002, KDD (isotonic, class by class).
 *
 * Pure: no I/O, no clock, no randomness. C is classes.
 */
import type { Calibration } from '#contracts';

/** Below it a probability counts as this: the logarithm of 0 has no temperature. */
const LEAST_PROBABILITY = 1e-12;

/**
 * @param probabilities (C,) of one row, left alone
 * @returns (C,) which sum to 1
 * @throws {RangeError} where the calibration is of another number of classes
 */
export function calibrated(calibration: Calibration, probabilities: ArrayLike<number>): number[] {
  const raw = Array.from(probabilities);
  if (calibration.method === 'none') return raw;
  if (calibration.method === 'temperature') {
    const logits = raw.map((p) => Math.log(Math.max(p, LEAST_PROBABILITY)));
    const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    return normalised(logits.map((z) => Math.exp((z - most) / calibration.temperature)));
  }
  const { classes } = calibration;
  if (classes.length !== raw.length) {
    throw new RangeError(`calibration has ${classes.length} classes, not ${raw.length}`);
  }
  return normalised(raw.map((p, k) => interpolated(classes[k].from, classes[k].to, p)));
}

/** All zero, which every class being ruled out gives, becomes the same for each. */
function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => (sum > 0 ? value / sum : 1 / values.length));
}

/** Linear between the knots, flat beyond them. */
function interpolated(from: readonly number[], to: readonly number[], x: number): number {
  let next = 0;
  while (next < from.length && from[next] < x) next++;
  if (next === 0) return to[0];
  if (next === from.length) return to[next - 1];
  const share = (x - from[next - 1]) / (from[next] - from[next - 1]);
  return to[next - 1] + share * (to[next] - to[next - 1]);
}
