/** What predicted values are worth: r2, mae, rmse, in the unit of the target. */
import { rSquared } from './score.js';

export function regressionMetrics(
  truth: Float64Array,
  values: Float64Array,
): Readonly<Record<string, number>> {
  let [absolute, squares] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    absolute += Math.abs(values[i] - truth[i]);
    squares += (values[i] - truth[i]) ** 2;
  }
  return {
    r2: rSquared(truth, values),
    mae: absolute / truth.length,
    rmse: Math.sqrt(squares / truth.length),
  };
}
