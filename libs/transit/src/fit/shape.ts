/**
 * The parameters that the fit moves, chosen so that the data decide each almost by itself: the
 * duration is measured directly, a/R* is not (Seager & Mallén-Ornelas 2003, equations 6 to 8 tie
 * them together).
 */
import {
  derivativeColumns,
  transitDerivatives,
  type TransitDerivatives,
} from '../transit-derivatives.js';
import { axisRatioFromDensity, transitFlux } from '../transit-model.js';
import type { TransitPoints } from './fold.js';
import { modelOfOrbit, Orbital, ORBITALS } from './orbit-shape.js';

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

/**
 * The orbit of a set of parameters (orbit-shape.ts). With c = 1 + k and S = sin(pi T / P):
 * b^2 = graze c^2, R = (1 - graze) c^2 / S^2.
 */
export function orbitOfShape(parameters: Float64Array, context: ShapeContext): Float64Array {
  const periodDays = context.periodDays + parameters[Parameter.Period];
  const { sine } = durationAngle(parameters, periodDays);
  const contact = 1 + parameters[Parameter.RadiusRatio];
  const graze = parameters[Parameter.Graze];
  const square = contact * contact;
  return Float64Array.of(
    parameters[Parameter.RadiusRatio],
    graze * square,
    ((1 - graze) * square) / (sine * sine),
    periodDays,
  );
}

/** (4 * 6,) derivatives of the orbit's numbers by the parameters, number by number. */
export function orbitByShape(parameters: Float64Array, context: ShapeContext): Float64Array {
  const out = new Float64Array(ORBITALS * PARAMETERS);
  const [radiusRatio, , reach, periodDays] = orbitOfShape(parameters, context);
  const { sine, cotangent, angle } = durationAngle(parameters, periodDays);
  const contact = 1 + radiusRatio;
  const graze = parameters[Parameter.Graze];
  const put = (number: number, which: number, value: number) => {
    out[number * PARAMETERS + which] = value;
  };
  put(Orbital.RadiusRatio, Parameter.RadiusRatio, 1);
  put(Orbital.ImpactSquared, Parameter.RadiusRatio, 2 * graze * contact);
  put(Orbital.ImpactSquared, Parameter.Graze, contact * contact);
  put(Orbital.ReachSquared, Parameter.RadiusRatio, (2 * reach) / contact);
  put(Orbital.ReachSquared, Parameter.Graze, -((contact / sine) ** 2));
  put(Orbital.ReachSquared, Parameter.LogDuration, -2 * reach * cotangent * angle);
  put(Orbital.ReachSquared, Parameter.Period, (2 * reach * cotangent * angle) / periodDays);
  put(Orbital.Period, Parameter.Period, 1);
  return out;
}

/** pi T / P, at most a quarter turn: beyond it the duration no longer changes the orbit. */
function durationAngle(parameters: Float64Array, periodDays: number) {
  const angle = (Math.PI * Math.exp(parameters[Parameter.LogDuration])) / periodDays;
  if (angle >= 0.5 * Math.PI) return { angle, sine: 1, cotangent: 0 };
  return { angle, sine: Math.sin(angle), cotangent: 1 / Math.tan(angle) };
}

/** (M,) model flux at the points, baseline included. */
export function shapeFlux(
  parameters: Float64Array,
  context: ShapeContext,
  points: TransitPoints,
): Float64Array {
  const model = modelOfOrbit(orbitOfShape(parameters, context), context.limbDarkening);
  const times = new Float64Array(points.flux.length);
  fillFromMiddle(times, parameters, context, points);
  const flux = transitFlux(model, times, points.exposureDays);
  for (let i = 0; i < flux.length; i++) flux[i] *= parameters[Parameter.Baseline];
  return flux;
}

/** Writes the times since the middles that the parameters say: they move with the period. */
function fillFromMiddle(
  times: Float64Array,
  parameters: Float64Array,
  context: ShapeContext,
  points: TransitPoints,
): void {
  const shift = parameters[Parameter.Shift];
  const change = parameters[Parameter.Period];
  for (let i = 0; i < times.length; i++) {
    times[i] = points.fromMidDays[i] - shift - (points.epoch[i] - context.referenceEpoch) * change;
  }
}

/** The model of some parameters at the points, with its derivatives. */
export class ShapeModel {
  private readonly times: Float64Array;
  private readonly columns: TransitDerivatives;
  private readonly at = new Float64Array(PARAMETERS).fill(NaN);

  constructor(
    private readonly context: ShapeContext,
    private readonly points: TransitPoints,
  ) {
    this.times = new Float64Array(points.flux.length);
    this.columns = derivativeColumns(points.flux.length);
  }

  /** Residuals over their errors, to the start of `out`. */
  residuals(parameters: Float64Array, out: Float64Array): void {
    this.moveTo(parameters);
    const { flux } = this.columns;
    const { points } = this;
    const baseline = parameters[Parameter.Baseline];
    for (let i = 0; i < flux.length; i++) {
      out[i] = (baseline * flux[i] - points.flux[i]) / points.fluxError[i];
    }
  }

  /** Derivatives of the residuals: one parameter after the other, each in a column of `stride`. */
  jacobian(parameters: Float64Array, stride: number, out: Float64Array): void {
    this.moveTo(parameters);
    const { context, points, columns } = this;
    const byShape = orbitByShape(parameters, context);
    const periodDays = context.periodDays + parameters[Parameter.Period];
    const ratePerPeriod = (-2 * Math.PI) / (periodDays * periodDays);
    const baseline = parameters[Parameter.Baseline];
    for (let k = Parameter.Period; k <= Parameter.LogDuration; k++) {
      const byRadius = byShape[Orbital.RadiusRatio * PARAMETERS + k];
      const byImpact = byShape[Orbital.ImpactSquared * PARAMETERS + k];
      const byReach = byShape[Orbital.ReachSquared * PARAMETERS + k];
      const byRate = byShape[Orbital.Period * PARAMETERS + k] * ratePerPeriod;
      for (let i = 0; i < points.flux.length; i++) {
        out[k * stride + i] =
          (baseline / points.fluxError[i]) *
          (byRadius * columns.byRadiusRatio[i] +
            byImpact * columns.byImpactSquared[i] +
            byReach * columns.byReachSquared[i] +
            byRate * columns.byRate[i]);
      }
    }
    for (let i = 0; i < points.flux.length; i++) {
      const byTime = (baseline / points.fluxError[i]) * columns.byTime[i];
      const epochs = points.epoch[i] - context.referenceEpoch;
      out[Parameter.Shift * stride + i] = -byTime;
      out[Parameter.Period * stride + i] -= epochs * byTime;
      out[Parameter.Baseline * stride + i] = columns.flux[i] / points.fluxError[i];
    }
  }

  /** A step that is taken was just tried: its derivatives came with its flux. */
  private moveTo(parameters: Float64Array): void {
    if (parameters.every((value, k) => value === this.at[k])) return;
    const { context, points, times } = this;
    const model = modelOfOrbit(orbitOfShape(parameters, context), context.limbDarkening);
    fillFromMiddle(times, parameters, context, points);
    transitDerivatives(model, times, points.exposureDays, this.columns);
    this.at.set(parameters);
  }
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
