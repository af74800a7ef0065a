/**
 * Complete elliptic integrals of a transit.
 *
 * Bulirsch 1969, Numerische Mathematik 13, 305 (`cel`, the general complete elliptic integral).
 *
 * Pure, save for the module's own results: read them before the next call.
 */

/** Bulirsch's iteration is quadratic: stopping at the square root of the precision loses nothing. */
const CEL_TOLERANCE = 1e-8;

/** Results of `completeElliptic`: one object that is filled anew, because the hot loop must not allocate. */
export const elliptic = {
  /** cel(kc, n, a, b), an integral of the third kind. */
  pi: NaN,
  /** E(k). */
  second: NaN,
  /** (E(k) - (1 - k^2) K(k)) / k^2, which stays accurate as k goes to 0. */
  reduced: NaN,
};

/**
 * Three integrals with one modulus in one descending Landen iteration:
 * cel(kc, n, a, b) = integral over 0..pi/2 of (a cos^2 + b sin^2) / ((cos^2 + n sin^2) sqrt(cos^2 + kc^2 sin^2)).
 */
export function completeElliptic(kc: number, n: number, a: number, b: number, k2: number): void {
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
  elliptic.pi = (0.5 * Math.PI * (a * m + b)) / (m * (m + p));
  elliptic.second = (0.5 * Math.PI * (a2 * m + b2)) / (m * (m + p1));
  elliptic.reduced = (0.5 * Math.PI * (a3 * m + b3)) / (m * (m + p1));
}
