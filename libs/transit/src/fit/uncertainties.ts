/** From the covariance at the minimum to one sigma of what is reported. */
import type { LeastSquaresSolution } from '../levenberg-marquardt.js';
import type { Estimate, Signal } from '../types.js';
import { Parameter, PARAMETERS, type ShapeContext } from './shape.js';

export type Ephemeris = Pick<Signal, 'periodDays' | 't0Days'>;

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
  solution: LeastSquaresSolution,
  context: ShapeContext,
  t0Days: number,
  scale: number,
): { t0: Estimate; period: Estimate } {
  const { covariance } = solution;
  const epochs = -context.referenceEpoch;
  const shiftVariance = covariance[Parameter.Shift * PARAMETERS + Parameter.Shift];
  const periodVariance = covariance[Parameter.Period * PARAMETERS + Parameter.Period];
  const shared = covariance[Parameter.Shift * PARAMETERS + Parameter.Period];
  const ephemeris = ephemerisOf(solution.parameters, context, t0Days);
  const variance = Number.isFinite(periodVariance)
    ? shiftVariance + 2 * epochs * shared + epochs * epochs * periodVariance
    : shiftVariance;
  return {
    t0: {
      value: ephemeris.t0Days,
      error: variance > 0 ? Math.sqrt(variance) * scale : NaN,
    },
    period: {
      value: ephemeris.periodDays,
      error: periodVariance > 0 ? Math.sqrt(periodVariance) * scale : NaN,
    },
  };
}
