/** From the minimum to one sigma of what is reported. */
import type { LeastSquaresProblem, LeastSquaresSolution } from '../levenberg-marquardt.js';
import type { Estimate, Signal } from '../types.js';
import { blocksOf, correlatedCovariance, pointNoise } from './correlated-errors.js';
import { Parameter, type ShapeContext } from './shape.js';

export type Ephemeris = Pick<Signal, 'periodDays' | 't0Days'>;

/**
 * Covariance of the parameters under the noise that the points show.
 *
 * @param problem of single points, not bins: a bin of many transits has lost what neighbours share
 * @param timeDays (M,) of its points, increasing; residuals after them are of what was known before
 * @returns with `beta`, by how much the error of `parameter` grew for the correlation in time
 */
export function covarianceOf(
  solution: LeastSquaresSolution,
  problem: Pick<LeastSquaresProblem, 'residualCount' | 'residuals'> &
    Required<Pick<LeastSquaresProblem, 'jacobian'>>,
  timeDays: Float64Array,
  durationDays: number,
  parameter: number,
): { covariance: Float64Array; beta: number } {
  const { parameters } = solution;
  const n = parameters.length;
  const stride = problem.residualCount;
  const residuals = new Float64Array(stride);
  const jacobian = new Float64Array(n * stride);
  problem.residuals(parameters, residuals);
  problem.jacobian(parameters, jacobian);
  const blocks = blocksOf(timeDays, durationDays);
  const noise = pointNoise(blocks, residuals.subarray(0, timeDays.length), n);
  const under = (each: typeof noise) =>
    correlatedCovariance(solution.covariance, jacobian, stride, blocks, each);
  const covariance = under(noise);
  const own = parameter * n + parameter;
  const beta =
    noise.share > 0 ? Math.sqrt(covariance[own] / under({ ...noise, share: 0 })[own]) : 1;
  return { covariance, beta };
}

/** The first transit's middle and the period that a set of parameters means. */
export function ephemerisOf(
  parameters: Float64Array,
  context: ShapeContext,
  t0Days: number,
): Ephemeris {
  const change = parameters[Parameter.Period];
  return {
    periodDays: context.periodDays + change,
    t0Days: t0Days + parameters[Parameter.Shift] - context.referenceEpoch * change,
  };
}

/**
 * From the reference epoch, where time and period are independent, to the first transit.
 *
 * @param first index of the shift among the parameters; the change of the period follows it
 */
export function ephemerisEstimates(
  parameters: Float64Array,
  covariance: Float64Array,
  first: number,
  predicted: Ephemeris & Pick<ShapeContext, 'referenceEpoch'>,
): { t0: Estimate; period: Estimate } {
  const n = parameters.length;
  const epochs = -predicted.referenceEpoch;
  const change = parameters[first + 1];
  const shiftVariance = covariance[first * n + first];
  const periodVariance = covariance[(first + 1) * n + first + 1];
  const shared = covariance[first * n + first + 1];
  const variance = Number.isFinite(periodVariance)
    ? shiftVariance + 2 * epochs * shared + epochs * epochs * periodVariance
    : shiftVariance;
  return {
    t0: {
      value: predicted.t0Days + parameters[first] + epochs * change,
      error: variance > 0 ? Math.sqrt(variance) : NaN,
    },
    period: {
      value: predicted.periodDays + change,
      error: periodVariance > 0 ? Math.sqrt(periodVariance) : NaN,
    },
  };
}
