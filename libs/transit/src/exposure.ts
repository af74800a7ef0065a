/**
 * Where to look at a transit during an exposure, so that the mean of the model over it is exact enough.
 *
 * A long exposure smears the transit; the model has to be averaged over it before it is compared with
 * the data (Kipping 2010, MNRAS 408, 1758). Equal steps pay for the kinks at the contacts: by his
 * equation 40 their error falls with the square of their number only, and a 1 % transit with a
 * 30-minute exposure needs 35 of them for 10 ppm. Here the exposure is cut at the contacts, and each
 * piece is integrated by Gauss and Legendre in the angle phi of
 *
 *   t = (middle of the segment) + (half the segment) sin phi,
 *
 * where a segment lies between two neighbouring contacts. Near a contact the hidden flux goes with
 * the square root of the time from it and its powers, and the root of 1 -+ sin phi is a sine: no kink
 * and no root is left.
 *
 * How many nodes. For a small planet that crosses the limb in a straight line the hidden part of its
 * disk is (pi/2 + phi + sin phi cos phi) / pi (the segment of a circle); times dt/dphi the integrand is
 *   g = [(pi/2 + phi) cos phi + (sin phi + sin 3 phi) / 4] / pi,
 *   |g^(2n)| <= (pi + 2n + 1/4 + 9^n / 4) / pi = G_n.
 * Between second and third contact what is hidden goes with mu of the planet's centre, at most with
 * cos phi, so that g = A cos phi + B cos^2 phi with A + B = 1 and |g^(2n)| <= 1 + 4^n / 2.
 * Gauss and Legendre with n nodes over a length L misses c_n L^(2n+1) g^(2n) with
 * c_n = (n!)^4 / ((2n+1) ((2n)!)^3) (Abramowitz & Stegun 1964, 25.4.30): a piece of L of a segment
 * that lasts 2h changes the mean over an exposure E by at most depth · (h / E) · c_n · G_n · L^(2n+1).
 *
 * A planet's size and a limb that is crossed at a slant add harmonics; where a path touches the inner
 * contact, the distance from it goes with the square of time and the highest harmonic doubles, at
 * falling amplitude. The fourth instead of the third (16^n for 9^n) covers that: below 1 ppm wherever
 * the radius ratio is at most 0.3, and 2e-5 of the depth beyond, over the grid of exposure.spec.ts
 * against a converged integral.
 *
 * Pure: no I/O, no clock, no randomness.
 */

/** What the mean over an exposure may be off by: in parts of the star's flux, and of the depth. */
export const EXPOSURE_ERROR = { flux: 1e-6, ofDepth: 1e-3 };
/** Most nodes of one piece: their bound is 1e-6 of the depth for a whole segment. */
const MOST_NODES = 8;
/** Pieces of one exposure: ingress, between the inner contacts, egress. */
const SEGMENTS = 3;

const RULES = Array.from({ length: MOST_NODES + 1 }, (_, n) => gaussLegendre(n));
/** (n,) c_n G_n across the limb, and between the inner contacts. */
const BOUNDS = boundsOf((n) => (Math.PI + 2 * n + 0.25 + 0.25 * 16 ** n) / Math.PI);
const INNER_BOUNDS = boundsOf((n) => 1 + 0.5 * 4 ** n);

/** Nodes of one exposure; reused from one to the next. */
export interface ExposureNodes {
  /** Filled up to `count`: days from mid-transit, and parts of the exposure. */
  readonly days: Float64Array;
  readonly weights: Float64Array;
  count: number;
}

export function exposureNodes(): ExposureNodes {
  const length = SEGMENTS * MOST_NODES;
  return { days: new Float64Array(length), weights: new Float64Array(length), count: 0 };
}

/**
 * Fills `nodes` so that the sum of weight · (1 - flux) is what the exposure misses.
 *
 * @param outerDays from mid-transit to fourth contact, and `innerDays` to third; 0 where there is none
 * @param tolerance of the mean, in parts of the depth
 */
export function placeNodes(
  nodes: ExposureNodes,
  fromDays: number,
  toDays: number,
  outerDays: number,
  innerDays: number,
  tolerance: number,
): void {
  const exposure = toDays - fromDays;
  nodes.count = 0;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const first = segment === 0 ? -outerDays : segment === 1 ? -innerDays : innerDays;
    const last = segment === 0 ? -innerDays : segment === 1 ? innerDays : outerDays;
    const half = 0.5 * (last - first);
    if (!(half > 0) || fromDays >= last || toDays <= first) continue;
    const middle = 0.5 * (first + last);
    const low = fromDays <= first ? -0.5 * Math.PI : Math.asin(inside((fromDays - middle) / half));
    const high = toDays >= last ? 0.5 * Math.PI : Math.asin(inside((toDays - middle) / half));
    const length = high - low;
    const allowed = (tolerance * exposure) / (SEGMENTS * half);
    let n = 1;
    let power = length * length * length;
    const bounds = segment === 1 ? INNER_BOUNDS : BOUNDS;
    while (n < MOST_NODES && bounds[n] * power > allowed) {
      n++;
      power *= length * length;
    }
    const { x, w } = RULES[n];
    for (let k = 0; k < n; k++) {
      const phi = 0.5 * (low + high) + 0.5 * length * x[k];
      nodes.days[nodes.count] = middle + half * Math.sin(phi);
      nodes.weights[nodes.count] = (0.5 * length * w[k] * half * Math.cos(phi)) / exposure;
      nodes.count++;
    }
  }
}

/** Rounding may leave the range of a sine. */
function inside(sine: number): number {
  return sine < -1 ? -1 : sine > 1 ? 1 : sine;
}

function boundsOf(smoothness: (n: number) => number): Float64Array {
  return Float64Array.from(
    { length: MOST_NODES + 1 },
    (_, n) => (smoothness(n) * factorial(n) ** 4) / ((2 * n + 1) * factorial(2 * n) ** 3),
  );
}

function factorial(n: number): number {
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return product;
}

/** Nodes and weights on [-1, 1]: roots of Legendre's polynomial by Newton (Abramowitz & Stegun 25.4.29). */
function gaussLegendre(n: number): { x: Float64Array; w: Float64Array } {
  const x = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let root = -Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 20; iteration++) {
      let before = 1;
      let value = root;
      for (let j = 2; j <= n; j++) {
        [before, value] = [value, ((2 * j - 1) * root * value - (j - 1) * before) / j];
      }
      slope = (n * (root * value - before)) / (root * root - 1);
      root -= value / slope;
    }
    x[k] = root;
    w[k] = 2 / ((1 - root * root) * slope * slope);
  }
  return { x, w };
}
