/**
 * The least-squares problem of a transit: residuals of the points, and what is known beforehand.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import {
  leastSquares,
  type LeastSquaresProblem,
  type LeastSquaresSolution,
} from '../levenberg-marquardt.js';
import { median } from '../robust.js';
import type { TransitPoints } from './fold.js';
import { deriveOrbit, ORBITALS } from './orbit-shape.js';
import {
  type AxisPrior,
  orbitByShape,
  orbitOfShape,
  Parameter,
  PARAMETERS,
  type ShapeContext,
  shapeFlux,
  ShapeModel,
} from './shape.js';

/**
 * Where the fit starts: central, oblique, near the limb, grazing. The valley of degenerate shapes has
 * more than one minimum; a grazing body is larger than its depth says.
 */
const STARTS = [
  { graze: 0.01, radius: 1 },
  { graze: 0.25, radius: 1 },
  { graze: 0.64, radius: 1.1 },
  { graze: 0.75, radius: 1.4 },
];
/** A body larger than its star is not fitted; its light curve has no transit's shape. */
export const LARGEST_RADIUS_RATIO = 1;
export const LARGEST_GRAZE = 0.998;
/**
 * A half-Gaussian on the radius ratio. Grazing transits of any large body look alike; the largest
 * planets have 0.2 (round an M dwarf), so that a larger body has to earn it with chi2.
 */
export const RADIUS_RATIO_SIGMA = 0.3;
/** The fitted duration stays within these factors of the search's. */
const DURATION_RANGE = [0.25, 2.5];
/** Of chi2: with a thousand points a hundredth of what one sigma costs. */
export const TOLERANCE = 1e-5;
/** To tell the valleys of the starts apart; the next stage ends in the bottom of the best. */
export const COARSE_TOLERANCE = 1e-3;
/** Residuals that are not of points: the density and the radius ratio. */
const PRIORS = 2;

export interface Limits {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export function limitsOf(points: TransitPoints, durationDays: number, window: number): Limits {
  const epochs = points.epoch[points.epoch.length - 1] - points.epoch[0];
  // Over the whole curve the period may shift the transits by one duration; alone it is unknown.
  const periodRange = epochs > 0 ? durationDays / epochs : 0;
  const logDuration = Math.log(durationDays);
  const longest = Math.min(durationDays * DURATION_RANGE[1], 1.9 * window);
  return {
    lower: Float64Array.of(
      -durationDays,
      -periodRange,
      1e-4,
      0,
      logDuration + Math.log(DURATION_RANGE[0]),
      0.5,
    ),
    upper: Float64Array.of(
      durationDays,
      periodRange,
      LARGEST_RADIUS_RATIO,
      LARGEST_GRAZE,
      Math.log(longest),
      1.5,
    ),
  };
}

export function bestOfStarts(
  folded: TransitPoints,
  context: ShapeContext,
  prior: AxisPrior,
  limits: Limits,
  depthPpm: number,
  durationDays: number,
): LeastSquaresSolution {
  const baseline = median(
    folded.flux.filter((_, i) => Math.abs(folded.fromMidDays[i]) > 0.6 * durationDays),
  );
  const fixedPeriod = {
    lower: limits.lower.with(Parameter.Period, 0),
    upper: limits.upper.with(Parameter.Period, 0),
  };
  let best: LeastSquaresSolution | null = null;
  for (const { graze, radius } of STARTS) {
    const start = Float64Array.of(
      0,
      0,
      radius * Math.sqrt(Math.max(1e-8, depthPpm * 1e-6)),
      graze,
      Math.log(durationDays),
      Number.isFinite(baseline) ? baseline : 1,
    );
    const solution = minimise(folded, context, prior, start, fixedPeriod, COARSE_TOLERANCE);
    // A worse start that ends within rounding of the best must not decide by its order.
    if (!best || solution.chi2 < best.chi2 * (1 - 1e-9)) best = solution;
  }
  return best!;
}

export function minimise(
  points: TransitPoints,
  context: ShapeContext,
  prior: AxisPrior,
  start: Float64Array,
  limits: Limits,
  tolerance = TOLERANCE,
): LeastSquaresSolution {
  return leastSquares({
    start,
    ...limits,
    ...shapeProblem(points, context, prior),
    maxIterations: 60,
    tolerance,
  });
}

/** Residuals and Jacobian of the points, then of what is known beforehand. */
export function shapeProblem(
  points: TransitPoints,
  context: ShapeContext,
  prior: AxisPrior,
): Pick<LeastSquaresProblem, 'residualCount' | 'residuals'> &
  Required<Pick<LeastSquaresProblem, 'jacobian'>> {
  const m = points.flux.length;
  const model = new ShapeModel(context, points);
  const logAxisRatio = (parameters: Float64Array) =>
    deriveOrbit(orbitOfShape(parameters, context), context.limbDarkening).logAxisRatio;
  return {
    residualCount: m + PRIORS,
    residuals: (parameters, out) => {
      model.residuals(parameters, out);
      out[m] = (logAxisRatio(parameters).value - prior.logAxisRatio) / prior.sigma;
      out[m + 1] = parameters[Parameter.RadiusRatio] / RADIUS_RATIO_SIGMA;
    },
    jacobian: (parameters, out) => {
      const stride = m + PRIORS;
      model.jacobian(parameters, stride, out);
      const byShape = orbitByShape(parameters, context);
      const { slopes } = logAxisRatio(parameters);
      for (let k = 0; k < PARAMETERS; k++) {
        let slope = 0;
        for (let o = 0; o < ORBITALS; o++) slope += slopes[o] * byShape[o * PARAMETERS + k];
        out[k * stride + m] = slope / prior.sigma;
        out[k * stride + m + 1] = k === Parameter.RadiusRatio ? 1 / RADIUS_RATIO_SIGMA : 0;
      }
    },
  };
}

export function normalisedResiduals(
  parameters: Float64Array,
  context: ShapeContext,
  points: TransitPoints,
): Float64Array {
  const model = shapeFlux(parameters, context, points);
  const { flux, fluxError } = points;
  const residuals = new Float64Array(model.length);
  for (let i = 0; i < residuals.length; i++) residuals[i] = (flux[i] - model[i]) / fluxError[i];
  return residuals;
}
