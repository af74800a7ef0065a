/** From the covariance at the minimum to one sigma of what is reported. */
import type { LeastSquaresSolution } from '../levenberg-marquardt.js';
import type { Estimate, Signal } from '../types.js';
import { moveInside } from './minimise.js';
import { derive, Parameter, PARAMETERS, type Derived, type ShapeContext } from './shape.js';

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

/** One sigma of each derived quantity, by its numeric gradient. NaN where nothing constrains it. */
export function propagate(
  solution: LeastSquaresSolution,
  context: ShapeContext,
  scale: number,
): Derived {
  const { parameters, covariance } = solution;
  const centre = derive(parameters, context);
  const gradients = Array.from({ length: PARAMETERS }, (_, k) => {
    const step = moveInside(parameters, k);
    const there = derive(parameters.with(k, parameters[k] + step), context);
    return (name: keyof Derived) => (there[name] - centre[name]) / step;
  });
  const sigma = (name: keyof Derived): number => {
    let variance = 0;
    for (let a = 0; a < PARAMETERS; a++) {
      for (let b = 0; b < PARAMETERS; b++) {
        const share = covariance[a * PARAMETERS + b];
        if (Number.isFinite(share)) variance += gradients[a](name) * gradients[b](name) * share;
      }
    }
    return variance > 0 ? Math.sqrt(variance) * scale : NaN;
  };
  const graze = parameters[Parameter.Graze];
  const grazeError = Math.sqrt(covariance[Parameter.Graze * PARAMETERS + Parameter.Graze]) * scale;
  return {
    radiusRatio: sigma('radiusRatio'),
    // The square root bends too much for a gradient where the transit is nearly central.
    impact: (1 + centre.radiusRatio) * (Math.sqrt(graze + grazeError) - Math.sqrt(graze)),
    axisRatio: sigma('axisRatio'),
    durationHours: sigma('durationHours'),
    depthPpm: sigma('depthPpm'),
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
