/**
 * The flux of a star while a planet on a circular orbit passes in front of it.
 *
 * Mandel & Agol 2002, ApJ 580, L171 (limb-darkened flux; see transit-model-disk.ts).
 * Seager & Mallén-Ornelas 2003, ApJ 585, 1038 (duration, stellar density).
 * Kipping 2010, MNRAS 408, 1758 (a long exposure smears the transit: the model has to be averaged
 * over each exposure before it is compared with the data).
 *
 * Pure: no I/O, no clock, no randomness. N is points. Times are in days, lengths in stellar radii.
 */
import { exposureNodes, placeNodes } from './exposure.js';
import { halfDurationDays, type Orbit, orbitOf, type TransitModel } from './orbit.js';
import { limbDarkenedFlux } from './transit-model-disk.js';

export type { TransitModel };

/** Newton's constant in cgs units, cm^3 g^-1 s^-2 (CODATA 2018). */
const GRAVITY_CGS = 6.6743e-8;
const SECONDS_PER_DAY = 86400;

/**
 * Flux relative to the star alone at every time, averaged over its exposure to 1 ppm (exposure.ts).
 * O(N) and about 100 ns for a point in transit without exposure, 10 ns outside.
 *
 * @param timeDays (N,) mid-exposure times in any order; where NaN, the flux is NaN
 * @param exposureDays one for all or (N,); 0 is an instant
 * @throws {RangeError} where a parameter is outside what its field says, or an exposure is negative
 * or as long as the period.
 */
export function transitFlux(
  model: TransitModel,
  timeDays: Float64Array,
  exposureDays: number | Float64Array = 0,
): Float64Array {
  checkModel(model);
  checkExposure(exposureDays, timeDays.length, model.periodDays);
  const orbit = orbitOf(model);
  const flux = new Float64Array(timeDays.length);
  for (let i = 0; i < timeDays.length; i++) {
    const cycles = (timeDays[i] - model.t0Days) / model.periodDays;
    const fromMidDays = (cycles - Math.round(cycles)) * model.periodDays;
    const exposure = typeof exposureDays === 'number' ? exposureDays : exposureDays[i];
    flux[i] =
      Math.abs(fromMidDays) - 0.5 * exposure >= orbit.outerDays
        ? 1
        : exposure === 0
          ? instantFlux(orbit, fromMidDays)
          : meanFlux(orbit, fromMidDays - 0.5 * exposure, fromMidDays + 0.5 * exposure);
  }
  return flux;
}

/** First to fourth contact, in hours; 0 where the planet misses the star. */
export function transitDurationHours(
  model: Pick<TransitModel, 'periodDays' | 'radiusRatio' | 'impact' | 'axisRatio'>,
): number {
  return 48 * halfDurationDays(model, 1 + model.radiusRatio);
}

/** Second to third contact, in hours; 0 where the planet never lies wholly inside the star's disk. */
export function fullTransitDurationHours(
  model: Pick<TransitModel, 'periodDays' | 'radiusRatio' | 'impact' | 'axisRatio'>,
): number {
  return 48 * halfDurationDays(model, 1 - model.radiusRatio);
}

/** What is missing at mid-transit, limb darkening included, without exposure smearing. */
export function midTransitDepthPpm(
  model: Pick<TransitModel, 'radiusRatio' | 'impact' | 'limbDarkening'>,
): number {
  const [u1, u2] = model.limbDarkening;
  return 1e6 * (1 - limbDarkenedFlux(model.impact, model.radiusRatio, u1, u2));
}

/** Angle between the orbit's axis and the line of sight; 90 is edge-on. */
export function inclinationDegrees(impact: number, axisRatio: number): number {
  return (Math.acos(Math.min(1, impact / axisRatio)) * 180) / Math.PI;
}

/**
 * Mean density of the star from Kepler's third law, in g/cm^3, for a planet of negligible mass on a
 * circular orbit (Seager & Mallén-Ornelas 2003, equation 9 without the planet's own term).
 */
export function densityFromOrbit(periodDays: number, axisRatio: number): number {
  const periodSeconds = periodDays * SECONDS_PER_DAY;
  return (3 * Math.PI * axisRatio ** 3) / (GRAVITY_CGS * periodSeconds * periodSeconds);
}

/** The inverse of `densityFromOrbit`: a/R* of a circular orbit round a star of this density. */
export function axisRatioFromDensity(periodDays: number, densityCgs: number): number {
  const periodSeconds = periodDays * SECONDS_PER_DAY;
  return Math.cbrt((densityCgs * GRAVITY_CGS * periodSeconds * periodSeconds) / (3 * Math.PI));
}

/** @throws {RangeError} where a parameter is outside what its field says. */
export function checkModel(model: TransitModel): void {
  const { periodDays, t0Days, radiusRatio, impact, axisRatio, limbDarkening } = model;
  if (!(periodDays > 0 && periodDays < Infinity)) {
    throw new RangeError(`periodDays must be positive, not ${periodDays}`);
  }
  if (!Number.isFinite(t0Days)) throw new RangeError(`t0Days must be finite, not ${t0Days}`);
  if (!(radiusRatio >= 0 && radiusRatio < Infinity)) {
    throw new RangeError(`radiusRatio must be at least 0, not ${radiusRatio}`);
  }
  if (!(axisRatio > 1 && axisRatio < Infinity)) {
    throw new RangeError(`axisRatio must be greater than 1, not ${axisRatio}`);
  }
  if (!(impact >= 0 && impact < axisRatio)) {
    throw new RangeError(
      `impact must be at least 0 and less than axisRatio (${axisRatio}), not ${impact}`,
    );
  }
  if (!limbDarkening.every(Number.isFinite)) {
    throw new RangeError(`limbDarkening must be two finite numbers, not ${limbDarkening.join()}`);
  }
}

/** Only for times on the near half of the orbit: on the far half the star hides the planet. */
function instantFlux(orbit: Orbit, fromMidDays: number): number {
  const sine = Math.sin(orbit.radiansPerDay * fromMidDays);
  const z = Math.sqrt(orbit.impactSquared + orbit.reachSquared * sine * sine);
  return limbDarkenedFlux(z, orbit.radiusRatio, orbit.u1, orbit.u2);
}

const nodes = exposureNodes();

function meanFlux(orbit: Orbit, fromDays: number, toDays: number): number {
  placeNodes(nodes, fromDays, toDays, orbit.outerDays, orbit.innerDays, orbit.tolerance);
  let missing = 0;
  for (let k = 0; k < nodes.count; k++) {
    missing += nodes.weights[k] * (1 - instantFlux(orbit, nodes.days[k]));
  }
  return 1 - missing;
}

export function checkExposure(
  exposure: number | Float64Array,
  points: number,
  periodDays: number,
): void {
  if (typeof exposure !== 'number' && exposure.length !== points) {
    throw new RangeError(`exposureDays has ${exposure.length} values for ${points} times`);
  }
  const values = typeof exposure === 'number' ? [exposure] : exposure;
  for (const value of values) {
    if (!(value >= 0 && value < periodDays)) {
      throw new RangeError(
        `exposureDays must be at least 0 and less than the period (${periodDays}), not ${value}`,
      );
    }
  }
}
