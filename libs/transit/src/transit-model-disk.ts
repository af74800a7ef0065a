/**
 * How much of a limb-darkened star a dark disk hides: the flux of a transit as a function of the
 * distance between the two centres.
 *
 * Mandel & Agol 2002, ApJ 580, L171 (the problem, its cases, quadratic limb darkening, section 4).
 * Agol, Luger & Foreman-Mackey 2020, AJ 159, 123 (the same integrals in a form that does not lose
 * digits near the contacts or where the planet's edge crosses the star's centre; sections 3 and 4).
 * Bulirsch 1969, Numerische Mathematik 13, 305 (`cel`, the general complete elliptic integral).
 *
 * The star's radius is 1, z is the distance of the centres, p the planet's radius, and
 * I(mu) = 1 - u1 (1 - mu) - u2 (1 - mu)^2 with mu^2 = 1 - rho^2. With mu^2 written out,
 * I = (1 - u1 - 2 u2) + (u1 + 2 u2) mu + u2 rho^2: what is hidden needs three integrals over the
 * overlap of the disks, of 1 (the area), of mu, and of rho^2.
 */

/** Bulirsch's iteration is quadratic: stopping at the square root of the precision loses nothing. */
const CEL_TOLERANCE = 1e-8;
/** Below this distance the centres coincide; the general formula divides by z. */
const CONCENTRIC = 1e-12;

/**
 * Flux of the star relative to the unobscured star.
 *
 * @param z distance of centres in stellar radii, >= 0
 * @param p radius ratio, >= 0; may exceed 1
 */
export function limbDarkenedFlux(z: number, p: number, u1: number, u2: number): number {
  if (p === 0 || z >= 1 + p) return 1;
  const total = Math.PI * (1 - u1 / 3 - u2 / 6);
  if (z <= p - 1) return 0;

  let area: number;
  let rhoSquared: number;
  if (z <= 1 - p) {
    area = Math.PI * p * p;
    rhoSquared = Math.PI * p * p * (z * z + 0.5 * p * p);
  } else {
    const kite = 4 * triangleArea(z, p);
    const planetAngle = Math.atan2(kite, (p - 1) * (p + 1) + z * z);
    const starAngle = Math.atan2(kite, (1 - p) * (1 + p) + z * z);
    area = p * p * planetAngle + starAngle - 0.5 * kite;
    rhoSquared =
      0.5 *
      (starAngle +
        p * p * (p * p + 2 * z * z) * planetAngle -
        0.25 * (1 + 5 * p * p + z * z) * kite);
  }
  const linear = u1 + 2 * u2;
  const hidden =
    (1 - linear) * area + (linear === 0 ? 0 : linear * hiddenMu(z, p)) + u2 * rhoSquared;
  return 1 - hidden / total;
}

/** Area of the triangle with sides 1, p, z (Heron; Kahan's order of the sides keeps the digits). */
function triangleArea(z: number, p: number): number {
  let a = 1;
  let b = p;
  let c = z;
  if (a < b) [a, b] = [b, a];
  if (b < c) [b, c] = [c, b];
  if (a < b) [a, b] = [b, a];
  const squared = (a + (b + c)) * (c - (a - b)) * (c + (a - b)) * (a + (b - c));
  return squared > 0 ? 0.25 * Math.sqrt(squared) : 0;
}

/** Integral of mu over the overlap: Agol et al. 2020, equation 34 and its special cases. */
function hiddenMu(z: number, p: number): number {
  const hidesCentre = p > z ? 2 * Math.PI : 0;
  if (z < CONCENTRIC) {
    const rim = Math.sqrt((1 - p) * (1 + p));
    return (2 * Math.PI * (1 - rim * rim * rim)) / 3;
  }
  if (z === p) return hiddenMuCentreOnEdge(p);

  const oneMinusDifference = (1 - (z - p)) * (1 + (z - p));
  const oneMinusSum = (1 - (z + p)) * (1 + (z + p));
  const fourZp = 4 * z * p;
  if (oneMinusSum < 0) {
    const k2 = oneMinusDifference / fourZp;
    const kc2 = -oneMinusSum / fourZp;
    completeElliptic(Math.sqrt(kc2), (z - p) ** 2 * kc2, 0, 3 * kc2 * (z - p) * (z + p), k2);
    const lambda =
      (oneMinusDifference * (pi + (-3 + 6 * p * p + 2 * z * p) * reduced - fourZp * second)) /
      (1.5 * Math.sqrt(fourZp));
    return (hidesCentre + lambda) / 3;
  }
  if (oneMinusSum > 0) {
    const k2 = fourZp / oneMinusDifference;
    const kc2 = oneMinusSum / oneMinusDifference;
    const ratio = (z - p) / (z + p);
    const mu = (3 * ratio) / oneMinusDifference;
    const n = ratio * ratio * kc2;
    completeElliptic(Math.sqrt(kc2), n, 1 + mu, n + mu, k2);
    const lambda =
      (2 * Math.sqrt(oneMinusDifference) * (oneMinusSum * pi - (4 - 7 * p * p - z * z) * second)) /
      3;
    return (hidesCentre + lambda) / 3;
  }
  const lambda =
    2 * Math.acos(1 - 2 * p) -
    (4 / 3) * (3 + 2 * p - 8 * p * p) * Math.sqrt(p * (1 - p)) -
    (p > 0.5 ? 2 * Math.PI : 0);
  return (hidesCentre + lambda) / 3;
}

/** The planet's edge runs through the star's centre: z = p (cases V, VI and VII of the 2002 paper). */
function hiddenMuCentreOnEdge(p: number): number {
  if (p === 0.5) return (Math.PI - 4 / 3) / 3;
  const m = 4 * p * p;
  if (p < 0.5) {
    completeElliptic(Math.sqrt(1 - m), 1, 1, 1, m);
    return (Math.PI + (2 / 3) * ((2 * m - 3) * second - m * reduced)) / 3;
  }
  completeElliptic(Math.sqrt(1 - 1 / m), 1, 1, 1, 1 / m);
  return (Math.PI + (-m * second + (2 * m - 3) * reduced) / (3 * p)) / 3;
}

// Results of `completeElliptic`. Module variables because the hot loop must not allocate.
/** cel(kc, n, a, b), an integral of the third kind. */
let pi = 0;
/** E(k). */
let second = 0;
/** (E(k) - (1 - k^2) K(k)) / k^2, which stays accurate as k goes to 0. */
let reduced = 0;

/**
 * Three integrals with one modulus in one descending Landen iteration:
 * cel(kc, n, a, b) = integral over 0..pi/2 of (a cos^2 + b sin^2) / ((cos^2 + n sin^2) sqrt(cos^2 + kc^2 sin^2)).
 */
function completeElliptic(kc: number, n: number, a: number, b: number, k2: number): void {
  // kc = 0 is a logarithmic singularity of K; it enters multiplied by zero.
  let modulus = Math.max(Math.abs(kc), Number.EPSILON * Math.sqrt(k2));
  let e = modulus;
  let m = 1;
  let g: number;
  let f: number;
  let p: number;
  if (n > 0) {
    p = Math.sqrt(n);
    b /= p;
  } else {
    // n = 0 only where rounding meets the planet's edge at the star's centre.
    p = Number.EPSILON;
    b /= p;
  }
  let a2 = 1;
  let b2 = modulus * modulus;
  let a3 = 1;
  let b3 = 0;
  // Step 0 of the iteration: p = sqrt(n) for the first, p = 1 for the other two.
  f = a;
  a += b / p;
  g = e / p;
  b += f * g;
  b += b;
  p += g;
  let f2 = a2;
  a2 += b2;
  b2 += f2 * e;
  b2 += b2;
  let f3 = a3;
  a3 += b3;
  b3 += f3 * e;
  b3 += b3;
  let p1 = 1 + e;
  let previous = m;
  m += modulus;
  while (Math.abs(previous - modulus) > previous * CEL_TOLERANCE) {
    modulus = 2 * Math.sqrt(e);
    e = modulus * m;
    f = a;
    a += b / p;
    g = e / p;
    b += f * g;
    b += b;
    p += g;
    g = e / p1;
    f2 = a2;
    a2 += b2 / p1;
    b2 += f2 * g;
    b2 += b2;
    f3 = a3;
    a3 += b3 / p1;
    b3 += f3 * g;
    b3 += b3;
    p1 += g;
    previous = m;
    m += modulus;
  }
  pi = (0.5 * Math.PI * (a * m + b)) / (m * (m + p));
  second = (0.5 * Math.PI * (a2 * m + b2)) / (m * (m + p1));
  reduced = (0.5 * Math.PI * (a3 * m + b3)) / (m * (m + p1));
}
