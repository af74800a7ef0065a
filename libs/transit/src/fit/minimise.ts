/**
 * The least-squares problem of a transit: residuals of the points, and what is known beforehand.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { leastSquares, type LeastSquaresSolution } from '../levenberg-marquardt.js';
import { median } from '../robust.js';
import type { TransitPoints } from './fold.js';
import { modelOf, Parameter, shapeFlux, type AxisPrior, type ShapeContext } from './shape.js';

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
const RADIUS_RATIO_SIGMA = 0.3;
/** The fitted duration stays within these factors of the search's. */
const DURATION_RANGE = [0.25, 2.5];
/** Of chi2: with a thousand points a hundredth of what one sigma costs. */
const TOLERANCE = 1e-5;
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
    const solution = minimise(folded, context, prior, start, fixedPeriod);
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
): LeastSquaresSolution {
  const m = points.flux.length;
  const priorResidual = (parameters: Float64Array) =>
    (Math.log(modelOf(parameters, context).axisRatio) - prior.logAxisRatio) / prior.sigma;
  return leastSquares({
    start,
    ...limits,
    residualCount: m + PRIORS,
    maxIterations: 60,
    tolerance: TOLERANCE,
    residuals: (parameters, out) => {
      const model = shapeFlux(parameters, context, points);
      for (let i = 0; i < m; i++) out[i] = (model[i] - points.flux[i]) / points.fluxError[i];
      out[m] = priorResidual(parameters);
      out[m + 1] = parameters[Parameter.RadiusRatio] / RADIUS_RATIO_SIGMA;
    },
    jacobian: (parameters, out) => {
      out.fill(0);
      const column = (which: number) => which * (m + PRIORS);
      const model = shapeFlux(parameters, context, points);
      const atPrior = priorResidual(parameters);
      for (const which of DIFFERENCED) {
        const direction = moveInside(parameters, which);
        const moved = parameters.with(which, parameters[which] + direction);
        const movedModel = shapeFlux(moved, context, points);
        for (let i = 0; i < m; i++) {
          out[column(which) + i] = (movedModel[i] - model[i]) / direction / points.fluxError[i];
        }
        out[column(which) + m] = (priorResidual(moved) - atPrior) / direction;
      }
      for (let i = 0; i < m; i++) {
        const epochs = points.epoch[i] - context.referenceEpoch;
        out[column(Parameter.Period) + i] = epochs * out[column(Parameter.Shift) + i];
        out[column(Parameter.Baseline) + i] =
          model[i] / parameters[Parameter.Baseline] / points.fluxError[i];
      }
      out[column(Parameter.RadiusRatio) + m + 1] = 1 / RADIUS_RATIO_SIGMA;
    },
  });
}

/** The model has no closed derivative in these; the others follow from them or are linear. */
const DIFFERENCED = [
  Parameter.Shift,
  Parameter.RadiusRatio,
  Parameter.Graze,
  Parameter.LogDuration,
] as const;

export function normalisedResiduals(
  parameters: Float64Array,
  context: ShapeContext,
  points: TransitPoints,
): Float64Array {
  const model = shapeFlux(parameters, context, points);
  return model.map((value, i) => (points.flux[i] - value) / points.fluxError[i]);
}

/** A small step of one parameter that stays where the model is defined. */
export function moveInside(parameters: Float64Array, which: number): number {
  const isTime = which === Parameter.Shift || which === Parameter.Period;
  const step = isTime ? 1e-5 * Math.exp(parameters[Parameter.LogDuration]) : 1e-6;
  const end =
    which === Parameter.Graze
      ? LARGEST_GRAZE
      : which === Parameter.RadiusRatio
        ? LARGEST_RADIUS_RATIO
        : Infinity;
  return parameters[which] + step > end ? -step : step;
}
