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
import { limbDarkenedFlux } from './transit-model-disk.js';

export interface TransitModel {
  /** > 0. */
  readonly periodDays: number;
  /** Mid-time of any transit. */
  readonly t0Days: number;
  /** Planet radius over star radius, >= 0. */
  readonly radiusRatio: number;
  /** Distance of the centres at mid-transit over star radius, 0 <= impact < axisRatio. */
  readonly impact: number;
  /** Semi-major axis over star radius, > 1. */
  readonly axisRatio: number;
  /** u1, u2 of I(mu) = 1 - u1 (1 - mu) - u2 (1 - mu)^2. */
  readonly limbDarkening: readonly [number, number];
}

/** Newton's constant in cgs units, cm^3 g^-1 s^-2 (CODATA 2018). */
const GRAVITY_CGS = 6.6743e-8;
const SECONDS_PER_DAY = 86400;
/**
 * An exposure is averaged piece by piece between the contacts, where the flux has kinks. Pieces
 * longer than this part of the ingress take five nodes of Gauss and Legendre, shorter ones three:
 * both stay below 1e-3 of the transit's depth at the worst place, and 1e-5 away from the contacts.
 */
const LONG_PIECE_OF_INGRESS = 0.25;

const NODES_3 = [-0.7745966692414834, 0, 0.7745966692414834];
const WEIGHTS_3 = [5 / 18, 8 / 18, 5 / 18];
const NODES_5 = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
const WEIGHTS_5 = [
  0.11846344252809454,
  0.23931433524968324,
  64 / 225,
  0.23931433524968324,
  0.11846344252809454,
];

/**
 * Flux relative to the star alone at every time, averaged over its exposure.
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

/** What the hot loop needs of a model. */
interface Orbit {
  readonly radiusRatio: number;
  readonly u1: number;
  readonly u2: number;
  readonly radiansPerDay: number;
  readonly impactSquared: number;
  /** (a/R* sin i)^2: z^2 = b^2 + this sin^2(phase). */
  readonly reachSquared: number;
  /** Mid-transit to fourth contact, and to third. */
  readonly outerDays: number;
  readonly innerDays: number;
}

function orbitOf(model: TransitModel): Orbit {
  return {
    radiusRatio: model.radiusRatio,
    u1: model.limbDarkening[0],
    u2: model.limbDarkening[1],
    radiansPerDay: (2 * Math.PI) / model.periodDays,
    impactSquared: model.impact * model.impact,
    reachSquared: model.axisRatio * model.axisRatio - model.impact * model.impact,
    outerDays: halfDurationDays(model, 1 + model.radiusRatio),
    innerDays: halfDurationDays(model, 1 - model.radiusRatio),
  };
}

/** Half the time for which the centres are closer than `distance`, in days. */
function halfDurationDays(
  model: Pick<TransitModel, 'periodDays' | 'impact' | 'axisRatio'>,
  distance: number,
): number {
  if (distance <= model.impact) return 0;
  const chord = Math.sqrt((distance - model.impact) * (distance + model.impact));
  const reach = Math.sqrt((model.axisRatio - model.impact) * (model.axisRatio + model.impact));
  return (model.periodDays * Math.asin(Math.min(1, chord / reach))) / (2 * Math.PI);
}

/** Only for times on the near half of the orbit: on the far half the star hides the planet. */
function instantFlux(orbit: Orbit, fromMidDays: number): number {
  const sine = Math.sin(orbit.radiansPerDay * fromMidDays);
  const z = Math.sqrt(orbit.impactSquared + orbit.reachSquared * sine * sine);
  return limbDarkenedFlux(z, orbit.radiusRatio, orbit.u1, orbit.u2);
}

function meanFlux(orbit: Orbit, fromDays: number, toDays: number): number {
  const { outerDays, innerDays } = orbit;
  const ingressDays = outerDays - innerDays;
  let start = Math.max(fromDays, -outerDays);
  const end = Math.min(toDays, outerDays);
  let missing = 0;
  // Contacts in order of time; those outside the exposure make empty pieces.
  for (let contact = 0; contact < 3 && start < end; contact++) {
    const next = contact === 0 ? -innerDays : contact === 1 ? innerDays : outerDays;
    const stop = Math.min(next, end);
    if (stop <= start) continue;
    const length = stop - start;
    const long = length > LONG_PIECE_OF_INGRESS * ingressDays;
    const nodes = long ? NODES_5 : NODES_3;
    const weights = long ? WEIGHTS_5 : WEIGHTS_3;
    const middle = 0.5 * (start + stop);
    let mean = 0;
    for (let k = 0; k < nodes.length; k++) {
      mean += weights[k] * (1 - instantFlux(orbit, middle + 0.5 * length * nodes[k]));
    }
    missing += mean * length;
    start = stop;
  }
  return 1 - missing / (toDays - fromDays);
}

function checkModel(model: TransitModel): void {
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

function checkExposure(exposure: number | Float64Array, points: number, periodDays: number): void {
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
