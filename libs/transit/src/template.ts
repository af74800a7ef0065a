/**
 * The shape that a transit is searched with: a small planet crossing a limb-darkened disk along
 * its diameter, from 0 at the edges to 1 in the middle, for all impact parameters alike.
 *
 * Quadratic limb darkening u1 = 0.4804, u2 = 0.1867: a G2V star in the Kepler band (Claret &
 * Bloemen 2011, A&A 529, A75), as in Hippke & Heller 2019, section 2.2.
 */
const U1 = 0.4804;
const U2 = 0.1867;
const STEPS = 256;

/** (257,) depth at |t| = 0 ... half a duration in equal steps, relative to the middle's. */
export const TRANSIT_SHAPE: Float64Array = (() => {
  const shape = new Float64Array(STEPS + 1);
  for (let i = 0; i <= STEPS; i++) {
    const mu = Math.sqrt(Math.max(0, 1 - (i / STEPS) ** 2));
    shape[i] = 1 - U1 * (1 - mu) - U2 * (1 - mu) ** 2;
  }
  return shape;
})();

/** Multiply |t| by it to get the index into `TRANSIT_SHAPE`. */
export function shapeStepsPerDay(durationDays: number): number {
  return (2 * STEPS) / durationDays;
}

/** (258,) integral of the shape from the middle on, in half durations; the last value is repeated. */
const INTEGRAL: Float64Array = (() => {
  const integral = new Float64Array(STEPS + 2);
  for (let i = 0; i < STEPS; i++) {
    integral[i + 1] = integral[i] + (TRANSIT_SHAPE[i] + TRANSIT_SHAPE[i + 1]) / (2 * STEPS);
  }
  integral[STEPS + 1] = integral[STEPS];
  return integral;
})();

/** Exposures shorter than this part of the duration change no shape value by more than 0.001. */
const SHORT_EXPOSURE = 0.02;

/**
 * Mean of the shape over an exposure that is centred `distanceDays` from mid-transit: the limit of
 * supersampling (Kipping 2010, MNRAS 408, 1758) with ever more samples, as a difference of integrals.
 */
export function exposedShape(
  distanceDays: number,
  durationDays: number,
  exposureDays: number,
): number {
  const away = distanceDays < 0 ? -distanceDays : distanceDays;
  const perHalf = 2 / durationDays;
  if (exposureDays < SHORT_EXPOSURE * durationDays) {
    const u = away * perHalf;
    return u >= 1 ? 0 : TRANSIT_SHAPE[(u * STEPS) | 0];
  }
  const half = 0.5 * exposureDays;
  const late = integralTo((away + half) * perHalf);
  const early =
    away >= half ? integralTo((away - half) * perHalf) : -integralTo((half - away) * perHalf);
  return (late - early) / (exposureDays * perHalf);
}

function integralTo(u: number): number {
  if (u >= 1) return INTEGRAL[STEPS];
  const at = u * STEPS;
  const i = at | 0;
  return INTEGRAL[i] + (at - i) * (INTEGRAL[i + 1] - INTEGRAL[i]);
}
