/**
 * From what a graph gives to probabilities that mean what they say. Chosen on held-out rows; written
 * down with the model.
 *
 * Guo, Pleiss, Sun & Weinberger 2017, ICML (temperature); Zadrozny & Elkan 2002, KDD (isotonic, one
 * class against the rest).
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Calibration } from '#contracts';

/** ln 0 is no number to divide. */
const LEAST_PROBABILITY = 1e-12;

/**
 * @param output (C,) probabilities, or (1,) the value of a regression
 * @returns (C,) probabilities that sum to 1, in the same order; or the value as it is
 * @throws {RangeError} where the calibration is of another number of classes
 */
export function calibrated(calibration: Calibration, output: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(output);
  switch (calibration.method) {
    case 'none':
      return values;
    case 'temperature': {
      const logits = values.map(
        (p) => Math.log(Math.max(p, LEAST_PROBABILITY)) / calibration.temperature,
      );
      const most = logits.reduce((max, logit) => Math.max(max, logit), -Infinity);
      return normalised(logits.map((logit) => Math.exp(logit - most)));
    }
    case 'isotonic': {
      const { classes } = calibration;
      if (classes.length !== values.length) {
        throw new RangeError(`calibration has ${classes.length} classes, not ${values.length}`);
      }
      return normalised(values.map((p, k) => interpolated(classes[k].from, classes[k].to, p)));
    }
  }
}

/** Where nothing is left to divide, every class is as likely. */
function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? value / sum : 1 / values.length));
}

/** Linear between knots, level beyond them. */
function interpolated(from: readonly number[], to: readonly number[], x: number): number {
  const last = from.length - 1;
  if (!(x > from[0])) return to[0];
  if (x >= from[last]) return to[last];
  const right = from.findIndex((knot) => knot > x);
  const share = (x - from[right - 1]) / (from[right] - from[right - 1]);
  return to[right - 1] + share * (to[right] - to[right - 1]);
}
