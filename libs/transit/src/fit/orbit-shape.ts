/**
 * A transit's shape in the four numbers that decide it, what follows from them, and the derivatives of
 * both: what the fits of one planet and of several share, whatever their own parameters are.
 *
 * Seager & Mallén-Ornelas 2003, ApJ 585, 1038, and Winn 2010, arXiv:1001.2010, equations 7, 14, 15, 30
 * (circular orbits).
 */
import { type DiskSlopes, limbDarkenedFlux } from '../transit-model-disk.js';
import { densityFromOrbit, type TransitModel } from '../transit-model.js';

/** Order of the four numbers in every array. */
export const Orbital = {
  RadiusRatio: 0,
  /** b^2. */
  ImpactSquared: 1,
  /** (a/R*)^2 - b^2. */
  ReachSquared: 2,
  /** Days. */
  Period: 3,
} as const;
export const ORBITALS = 4;

/** The model of four such numbers, its t0 at 0. */
export function modelOfOrbit(orbit: Float64Array, limbDarkening: readonly [number, number]) {
  const impactSquared = orbit[Orbital.ImpactSquared];
  return {
    periodDays: orbit[Orbital.Period],
    t0Days: 0,
    radiusRatio: orbit[Orbital.RadiusRatio],
    impact: Math.sqrt(impactSquared),
    axisRatio: Math.sqrt(impactSquared + orbit[Orbital.ReachSquared]),
    limbDarkening,
  } satisfies TransitModel;
}

/** A quantity and its derivatives by the four numbers. */
interface Quantity {
  readonly value: number;
  readonly slopes: Float64Array;
}

/** What a fit reports of an orbit; the squares are smooth in the parameters, their roots are not. */
export interface Derived<T> {
  readonly radiusRatio: T;
  readonly impactSquared: T;
  /** Natural logarithm of a/R*. */
  readonly logAxisRatio: T;
  /** First to fourth contact. */
  readonly durationDays: T;
  /** Second to third contact; 0 where the planet grazes. */
  readonly fullDurationDays: T;
  /** At mid-transit, of the star's flux. */
  readonly depth: T;
  /** cos^2 i. */
  readonly cosineSquared: T;
  readonly densityCgs: T;
}

export function deriveOrbit(
  orbit: Float64Array,
  limbDarkening: readonly [number, number],
): Derived<Quantity> {
  const [radiusRatio, impactSquared, reachSquared, periodDays] = orbit;
  const axisSquared = impactSquared + reachSquared;
  const axisRatio = Math.sqrt(axisSquared);
  const slopes: DiskSlopes = { byRadius: 0, byDistanceSquared: 0 };
  const [u1, u2] = limbDarkening;
  const flux = limbDarkenedFlux(Math.sqrt(impactSquared), radiusRatio, u1, u2, slopes);
  const byLogAxis = Float64Array.of(0, 0.5 / axisSquared, 0.5 / axisSquared, 0);
  const density = densityFromOrbit(periodDays, axisRatio);
  return {
    radiusRatio: { value: radiusRatio, slopes: Float64Array.of(1, 0, 0, 0) },
    impactSquared: { value: impactSquared, slopes: Float64Array.of(0, 1, 0, 0) },
    logAxisRatio: { value: Math.log(axisRatio), slopes: byLogAxis },
    durationDays: crossing(orbit, 1 + radiusRatio, 1),
    fullDurationDays: crossing(orbit, 1 - radiusRatio, -1),
    depth: {
      value: 1 - flux,
      slopes: Float64Array.of(-slopes.byRadius, -slopes.byDistanceSquared, 0, 0),
    },
    cosineSquared: {
      value: impactSquared / axisSquared,
      slopes: Float64Array.of(
        0,
        reachSquared / (axisSquared * axisSquared),
        -impactSquared / (axisSquared * axisSquared),
        0,
      ),
    },
    densityCgs: {
      value: density,
      slopes: Float64Array.from(byLogAxis, (slope, k) =>
        k === Orbital.Period ? (-2 * density) / periodDays : 3 * density * slope,
      ),
    },
  };
}

/** How long the centres are closer than `distance` = 1 ± k: (P / pi) asin sqrt((distance^2 - b^2) / R). */
function crossing(orbit: Float64Array, distance: number, distanceByRadius: number): Quantity {
  const [, impactSquared, reachSquared, periodDays] = orbit;
  const square = (distance * distance - impactSquared) / reachSquared;
  if (!(square > 0) || distance <= 0) return { value: 0, slopes: new Float64Array(ORBITALS) };
  if (square >= 1) return { value: 0.5 * periodDays, slopes: Float64Array.of(0, 0, 0, 0.5) };
  const value = (periodDays / Math.PI) * Math.asin(Math.sqrt(square));
  const bySquare = periodDays / (2 * Math.PI * Math.sqrt(square * (1 - square)));
  return {
    value,
    slopes: Float64Array.of(
      (bySquare * 2 * distance * distanceByRadius) / reachSquared,
      -bySquare / reachSquared,
      (-bySquare * square) / reachSquared,
      value / periodDays,
    ),
  };
}

/**
 * (4 * 4,) covariance of the four numbers. Parameters that the data leave open (NaN) count as known.
 *
 * @param byParameter (4 * K,) derivatives of the numbers by the parameters, number by number
 * @param covariance (K * K,)
 */
export function orbitCovariance(byParameter: Float64Array, covariance: Float64Array): Float64Array {
  const count = byParameter.length / ORBITALS;
  const result = new Float64Array(ORBITALS * ORBITALS);
  for (let a = 0; a < ORBITALS; a++) {
    for (let b = 0; b < ORBITALS; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          const share = covariance[i * count + j];
          if (!Number.isFinite(share)) continue;
          sum += byParameter[a * count + i] * share * byParameter[b * count + j];
        }
      }
      result[a * ORBITALS + b] = sum;
    }
  }
  return result;
}

/** One sigma of a quantity; NaN where nothing constrains it. */
export function sigmaOf({ slopes }: Quantity, covariance: Float64Array): number {
  let variance = 0;
  for (let a = 0; a < ORBITALS; a++) {
    for (let b = 0; b < ORBITALS; b++) {
      const share = slopes[a] * slopes[b];
      if (share !== 0) variance += share * covariance[a * ORBITALS + b];
    }
  }
  return variance > 0 ? Math.sqrt(variance) : NaN;
}
