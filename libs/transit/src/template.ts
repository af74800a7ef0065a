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
