/**
 * The parameters that the fit moves, chosen so that the data decide each almost by itself: the
 * duration is measured directly, a/R* is not (Seager & Mallén-Ornelas 2003, equations 6 to 8 tie
 * them together).
 */
import {
  axisRatioFromDensity,
  midTransitDepthPpm,
  transitFlux,
  type TransitModel,
} from '../transit-model.js';
import type { TransitPoints } from './fold.js';

/** Order of the parameters in every array of the fit. */
export const Parameter = {
  /** Shift of the middle at the reference epoch, days. */
  Shift: 0,
  /** Change of the period, days. */
  Period: 1,
  /** Planet radius over star radius. */
  RadiusRatio: 2,
  /** Square of impact over (1 + radius ratio): 0 is central, 1 just misses. The flux is smooth in it. */
  Graze: 3,
  /** Natural logarithm of first to fourth contact in days. */
  LogDuration: 4,
  /** Flux out of transit. */
  Baseline: 5,
} as const;
export const PARAMETERS = 6;

export interface ShapeContext {
  readonly periodDays: number;
  readonly referenceEpoch: number;
  readonly limbDarkening: readonly [number, number];
}

/** The physical model of a set of parameters, its t0 at the reference epoch's predicted middle. */
export function modelOf(parameters: Float64Array, context: ShapeContext): TransitModel {
  const radiusRatio = parameters[Parameter.RadiusRatio];
  const contact = 1 + radiusRatio;
  const impact = Math.sqrt(parameters[Parameter.Graze]) * contact;
  const periodDays = context.periodDays + parameters[Parameter.Period];
  const durationDays = Math.exp(parameters[Parameter.LogDuration]);
  const sine = Math.sin(Math.min(0.5 * Math.PI, (Math.PI * durationDays) / periodDays));
  // sin(pi T / P) = sqrt(((1 + k)^2 - b^2) / (a^2 - b^2)), solved for a.
  const axisRatio = Math.sqrt(impact * impact + (contact * contact - impact * impact) / sine ** 2);
  return {
    periodDays,
    t0Days: parameters[Parameter.Shift],
    radiusRatio,
    impact,
    axisRatio,
    limbDarkening: context.limbDarkening,
  };
}

/** (M,) model flux at the points, baseline included. */
export function shapeFlux(
  parameters: Float64Array,
  context: ShapeContext,
  points: TransitPoints,
): Float64Array {
  const model = modelOf(parameters, context);
  const m = points.flux.length;
  // Predicted middles move with the period; the model below sees one transit at its shift.
  const times = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const epochs = points.epoch[i] - context.referenceEpoch;
    times[i] = points.fromMidDays[i] - epochs * parameters[Parameter.Period];
  }
  const flux = transitFlux(model, times, points.exposureDays);
  for (let i = 0; i < m; i++) flux[i] *= parameters[Parameter.Baseline];
  return flux;
}

/** What a set of parameters says that the fit reports. */
export interface Derived {
  readonly radiusRatio: number;
  readonly impact: number;
  readonly axisRatio: number;
  readonly durationHours: number;
  readonly depthPpm: number;
}

export function derive(parameters: Float64Array, context: ShapeContext): Derived {
  const model = modelOf(parameters, context);
  return {
    radiusRatio: model.radiusRatio,
    impact: model.impact,
    axisRatio: model.axisRatio,
    durationHours: 24 * Math.exp(parameters[Parameter.LogDuration]),
    depthPpm: midTransitDepthPpm(model),
  };
}

/** What the star's density says of a/R*, as a Gaussian in its natural logarithm. */
export interface AxisPrior {
  readonly logAxisRatio: number;
  readonly sigma: number;
}

export function axisPrior(periodDays: number, densityCgs: number, densityDex: number): AxisPrior {
  return {
    logAxisRatio: Math.log(axisRatioFromDensity(periodDays, densityCgs)),
    sigma: (Math.LN10 * densityDex) / 3, // a goes with the cube root of the density
  };
}
