/** From the minimum to one sigma of what is reported. */
import type { LeastSquaresProblem, LeastSquaresSolution } from '../levenberg-marquardt.js';
import type { Estimate, Signal } from '../types.js';
import { blocksOf, correlatedCovariance, pointNoise } from './correlated-errors.js';
import { Parameter, PARAMETERS, type ShapeContext } from './shape.js';

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

/** From the reference epoch, where time and period are independent, to the first transit. */
export function firstTransit(
  parameters: Float64Array,
  covariance: Float64Array,
  context: ShapeContext,
  t0Days: number,
): { t0: Estimate; period: Estimate } {
  const epochs = -context.referenceEpoch;
  const shiftVariance = covariance[Parameter.Shift * PARAMETERS + Parameter.Shift];
  const periodVariance = covariance[Parameter.Period * PARAMETERS + Parameter.Period];
  const shared = covariance[Parameter.Shift * PARAMETERS + Parameter.Period];
  const ephemeris = ephemerisOf(parameters, context, t0Days);
  const variance = Number.isFinite(periodVariance)
    ? shiftVariance + 2 * epochs * shared + epochs * epochs * periodVariance
    : shiftVariance;
  return {
    t0: { value: ephemeris.t0Days, error: variance > 0 ? Math.sqrt(variance) : NaN },
    period: {
      value: ephemeris.periodDays,
      error: periodVariance > 0 ? Math.sqrt(periodVariance) : NaN,
    },
  };
}
