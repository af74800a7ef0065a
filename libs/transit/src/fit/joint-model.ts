/**
 * Several planets in front of one star: four parameters each, and what they have in common.
 *
 * Together they hide the sum of what each hides alone: planets do not hide one another, or so rarely
 * and for so short a time (Pál 2012, MNRAS 420, 1630) that no long curve notices. The star's density
 * decides every a/R* (Kepler's third law on circular orbits: Seager & Mallén-Ornelas 2003, equation 9),
 * and so ties durations to impact parameters.
 *
 * Pure. M is points in order of time, J planets, K = 4 J + 2 parameters.
 */
import {
  derivativeColumns,
  transitDerivatives,
  type TransitDerivatives,
} from '../transit-derivatives.js';
import { axisRatioFromDensity } from '../transit-model.js';
import { modelOfOrbit, Orbital, ORBITALS } from './orbit-shape.js';

/** Order of the parameters of a planet, one planet after the other. */
export const PerPlanet = {
  /** Shift of the middle at the reference epoch, days. */
  Shift: 0,
  /** Change of the period, days. */
  Period: 1,
  RadiusRatio: 2,
  /** Square of impact over (1 + radius ratio). */
  Graze: 3,
} as const;
export const PER_PLANET = 4;

/** Natural logarithm of the star's density in g/cm^3, after the planets. */
export const logDensityOf = (planets: number): number => PER_PLANET * planets;
/** Flux out of transit, the last. */
export const baselineOf = (planets: number): number => PER_PLANET * planets + 1;

/** Where one planet's transits lie among the points. */
export interface PlanetPoints {
  readonly periodDays: number;
  readonly referenceEpoch: number;
  /** (m,) indices of the points near its transits. */
  readonly index: Uint32Array;
  /** (m,) days from the predicted middle, number of the transit, exposure. */
  readonly fromMidDays: Float64Array;
  readonly epoch: Float64Array;
  readonly exposureDays: Float64Array;
}

export interface JointPoints {
  readonly timeDays: Float64Array;
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  readonly planets: readonly PlanetPoints[];
}

/** The orbit of planet `j` (orbit-shape.ts). */
export function orbitOfPlanet(
  parameters: Float64Array,
  j: number,
  { periodDays }: Pick<PlanetPoints, 'periodDays'>,
): Float64Array {
  const own = PER_PLANET * j;
  const planets = (parameters.length - 2) / PER_PLANET;
  const period = periodDays + parameters[own + PerPlanet.Period];
  const contact = 1 + parameters[own + PerPlanet.RadiusRatio];
  const impactSquared = parameters[own + PerPlanet.Graze] * contact * contact;
  const axisRatio = axisRatioFromDensity(period, Math.exp(parameters[logDensityOf(planets)]));
  return Float64Array.of(
    parameters[own + PerPlanet.RadiusRatio],
    impactSquared,
    axisRatio * axisRatio - impactSquared,
    period,
  );
}

/** (4 * K,) derivatives of the orbit's numbers by all parameters, number by number. */
export function orbitByPlanet(
  parameters: Float64Array,
  j: number,
  planet: Pick<PlanetPoints, 'periodDays'>,
): Float64Array {
  const count = parameters.length;
  const out = new Float64Array(ORBITALS * count);
  const [radiusRatio, impactSquared, reach, period] = orbitOfPlanet(parameters, j, planet);
  const own = PER_PLANET * j;
  const graze = parameters[own + PerPlanet.Graze];
  const contact = 1 + radiusRatio;
  const axisSquared = impactSquared + reach;
  const put = (number: number, which: number, value: number) => {
    out[number * count + which] = value;
  };
  put(Orbital.RadiusRatio, own + PerPlanet.RadiusRatio, 1);
  put(Orbital.ImpactSquared, own + PerPlanet.RadiusRatio, 2 * graze * contact);
  put(Orbital.ImpactSquared, own + PerPlanet.Graze, contact * contact);
  put(Orbital.ReachSquared, own + PerPlanet.RadiusRatio, -2 * graze * contact);
  put(Orbital.ReachSquared, own + PerPlanet.Graze, -contact * contact);
  put(Orbital.ReachSquared, own + PerPlanet.Period, (4 / 3) * (axisSquared / period));
  put(Orbital.ReachSquared, count - 2, (2 / 3) * axisSquared);
  put(Orbital.Period, own + PerPlanet.Period, 1);
  return out;
}

/** The model of some parameters at the points, with its derivatives. */
export class JointModel {
  private readonly times: readonly Float64Array[];
  private readonly columns: readonly TransitDerivatives[];
  private readonly at: Float64Array;
  /** (M,) of the star's flux, by all planets together. */
  private readonly hidden: Float64Array;

  constructor(
    private readonly points: JointPoints,
    private readonly limbDarkening: readonly [number, number],
  ) {
    this.times = points.planets.map(({ index }) => new Float64Array(index.length));
    this.columns = points.planets.map(({ index }) => derivativeColumns(index.length));
    this.at = new Float64Array(PER_PLANET * points.planets.length + 2).fill(NaN);
    this.hidden = new Float64Array(points.flux.length);
  }

  /** Residuals over their errors, to the start of `out`. */
  residuals(parameters: Float64Array, out: Float64Array): void {
    this.moveTo(parameters);
    const { flux, fluxError } = this.points;
    const baseline = parameters[parameters.length - 1];
    for (let i = 0; i < flux.length; i++) {
      out[i] = (baseline * (1 - this.hidden[i]) - flux[i]) / fluxError[i];
    }
  }

  /** Derivatives of the residuals: one parameter after the other, each in a column of `stride`. */
  jacobian(parameters: Float64Array, stride: number, out: Float64Array): void {
    this.moveTo(parameters);
    const { fluxError, planets } = this.points;
    const count = parameters.length;
    const baseline = parameters[count - 1];
    const density = (count - 2) * stride;
    for (let k = 0; k < count; k++) out.fill(0, k * stride, k * stride + fluxError.length);
    for (let j = 0; j < planets.length; j++) {
      const planet = planets[j];
      const byParameter = orbitByPlanet(parameters, j, planet);
      const columns = this.columns[j];
      const own = PER_PLANET * j;
      const [, , , periodDays] = orbitOfPlanet(parameters, j, planet);
      const ratePerPeriod = (-2 * Math.PI) / (periodDays * periodDays);
      const impact = Orbital.ImpactSquared * count;
      const reach = Orbital.ReachSquared * count;
      const impactByRadius = byParameter[impact + own + PerPlanet.RadiusRatio];
      const reachByRadius = byParameter[reach + own + PerPlanet.RadiusRatio];
      const impactByGraze = byParameter[impact + own + PerPlanet.Graze];
      const reachByGraze = byParameter[reach + own + PerPlanet.Graze];
      const reachByPeriod = byParameter[reach + own + PerPlanet.Period];
      const reachByDensity = byParameter[reach + count - 2];
      for (let i = 0; i < planet.index.length; i++) {
        const at = planet.index[i];
        const scale = baseline / fluxError[at];
        const byTime = columns.byTime[i];
        const byImpact = columns.byImpactSquared[i];
        const byReach = columns.byReachSquared[i];
        const epochs = planet.epoch[i] - planet.referenceEpoch;
        out[(own + PerPlanet.Shift) * stride + at] = -scale * byTime;
        out[(own + PerPlanet.Period) * stride + at] =
          scale * (-epochs * byTime + reachByPeriod * byReach + ratePerPeriod * columns.byRate[i]);
        out[(own + PerPlanet.RadiusRatio) * stride + at] =
          scale * (columns.byRadiusRatio[i] + impactByRadius * byImpact + reachByRadius * byReach);
        out[(own + PerPlanet.Graze) * stride + at] =
          scale * (impactByGraze * byImpact + reachByGraze * byReach);
        out[density + at] += scale * reachByDensity * byReach;
      }
    }
    for (let i = 0; i < fluxError.length; i++) {
      out[(count - 1) * stride + i] = (1 - this.hidden[i]) / fluxError[i];
    }
  }

  /** (m,) what planet `j` alone leaves of the star's flux at its points. */
  fluxOf(parameters: Float64Array, j: number): Float64Array {
    this.moveTo(parameters);
    return this.columns[j].flux;
  }

  /** (M,) what all planets together hide. */
  hiddenBy(parameters: Float64Array): Float64Array {
    this.moveTo(parameters);
    return this.hidden;
  }

  private moveTo(parameters: Float64Array): void {
    if (areEqual(parameters, this.at)) return;
    this.hidden.fill(0);
    const { planets } = this.points;
    for (let j = 0; j < planets.length; j++) {
      const planet = planets[j];
      const own = PER_PLANET * j;
      const shift = parameters[own + PerPlanet.Shift];
      const change = parameters[own + PerPlanet.Period];
      const times = this.times[j];
      for (let i = 0; i < times.length; i++) {
        times[i] =
          planet.fromMidDays[i] - shift - (planet.epoch[i] - planet.referenceEpoch) * change;
      }
      const model = modelOfOrbit(orbitOfPlanet(parameters, j, planet), this.limbDarkening);
      const columns = this.columns[j];
      transitDerivatives(model, times, planet.exposureDays, columns);
      for (let i = 0; i < times.length; i++) this.hidden[planet.index[i]] += 1 - columns.flux[i];
    }
    this.at.set(parameters);
  }
}

function areEqual(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}
