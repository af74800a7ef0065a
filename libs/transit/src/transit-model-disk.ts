/**
 * How much of a limb-darkened star a dark disk hides: the flux of a transit as a function of the
 * distance between the two centres.
 *
 * Mandel & Agol 2002, ApJ 580, L171 (the problem, its cases, quadratic limb darkening, section 4).
 * Agol, Luger & Foreman-Mackey 2020, AJ 159, 123 (the same integrals in a form that does not lose
 * digits near the contacts or where the planet's edge crosses the star's centre; sections 3 and 4).
 *
 * The star's radius is 1, z is the distance of the centres, p the planet's radius, and
 * I(mu) = 1 - u1 (1 - mu) - u2 (1 - mu)^2 with mu^2 = 1 - rho^2. With mu^2 written out,
 * I = (1 - u1 - 2 u2) + (u1 + 2 u2) mu + u2 rho^2: what is hidden needs three integrals over the
 * overlap of the disks, of 1 (the area), of mu, and of rho^2.
 */

import { completeElliptic, elliptic } from './elliptic.js';

/** Below this distance the centres coincide; the general formula divides by z. */
const CONCENTRIC = 1e-12;

/** Below this modulus squared 2 B - E loses more digits than its series of three terms. */
const SMALL_MODULUS = 1e-3;

/** Where `limbDarkenedFlux` writes its derivatives, each at a fixed value of the other argument. */
export interface DiskSlopes {
  /** d flux / d p. */
  byRadius: number;
  /** d flux / d z^2, which is finite where the centres meet. */
  byDistanceSquared: number;
}

/**
 * Flux of the star relative to the unobscured star.
 *
 * The derivatives need no integral of their own: moving the planet's edge by a little hides the
 * star's intensity along that edge, so that they are integrals over its arc, of the first and second
 * kind only (as Pál 2008, MNRAS 390, 281 and Agol et al. 2020, section 4, find by other ways).
 *
 * @param z distance of centres in stellar radii, >= 0
 * @param p radius ratio, >= 0; may exceed 1
 * @param slopes filled with the derivatives where given. At the contacts they are those from the side
 * where less is hidden; beyond the outer contact, behind a larger body and for p = 0 they are 0.
 */
export function limbDarkenedFlux(
  z: number,
  p: number,
  u1: number,
  u2: number,
  slopes?: DiskSlopes,
): number {
  if (p === 0 || z >= 1 + p || z <= p - 1) {
    if (slopes) slopes.byRadius = slopes.byDistanceSquared = 0;
    return p > 0 && z <= p - 1 ? 0 : 1;
  }
  const total = Math.PI * (1 - u1 / 3 - u2 / 6);
  const isInside = z <= 1 - p;
  let kite = 0;
  let planetAngle = Math.PI;
  let area: number;
  let rhoSquared: number;
  if (isInside) {
    area = Math.PI * p * p;
    rhoSquared = Math.PI * p * p * (z * z + 0.5 * p * p);
  } else {
    kite = 4 * triangleArea(z, p);
    planetAngle = Math.atan2(kite, (p - 1) * (p + 1) + z * z);
    const starAngle = Math.atan2(kite, (1 - p) * (1 + p) + z * z);
    area = p * p * planetAngle + starAngle - 0.5 * kite;
    rhoSquared =
      0.5 *
      (starAngle +
        p * p * (p * p + 2 * z * z) * planetAngle -
        0.25 * (1 + 5 * p * p + z * z) * kite);
  }
  const linear = u1 + 2 * u2;
  const mu = linear === 0 ? 0 : hiddenMu(z, p);
  if (slopes) {
    // Over the arc of half-angle `planetAngle`: of 1 and of rho^2, times the way that the edge moves.
    const square = z * z + p * p;
    const areaByRadius = 2 * p * planetAngle;
    const rhoByRadius = 2 * p * (square * planetAngle - kite);
    const areaBySquare = isInside ? 0 : -kite / (2 * z * z);
    const rhoBySquare = p * p * planetAngle - (isInside ? 0 : (kite * (1 + square)) / (4 * z * z));
    if (linear !== 0) muSlopes(z, p);
    slopes.byRadius =
      -((1 - linear) * areaByRadius + linear * muSlope.byRadius + u2 * rhoByRadius) / total;
    slopes.byDistanceSquared =
      -((1 - linear) * areaBySquare + linear * muSlope.byDistanceSquared + u2 * rhoBySquare) /
      total;
  }
  return 1 - ((1 - linear) * area + linear * mu + u2 * rhoSquared) / total;
}

/** What `muSlopes` answers: the derivatives of the hidden integral of mu. */
const muSlope: DiskSlopes = { byRadius: NaN, byDistanceSquared: NaN };

/** Right after `hiddenMu` of the same arguments: takes E and B of its modulus. */
function muSlopes(z: number, p: number): void {
  if (z < CONCENTRIC) {
    const rim = Math.sqrt((1 - p) * (1 + p));
    muSlope.byRadius = 2 * Math.PI * p * rim;
    muSlope.byDistanceSquared = (-0.5 * Math.PI * p * p) / Math.max(rim, CONCENTRIC);
    return;
  }
  const oneMinusDifference = (1 - (z - p)) * (1 + (z - p));
  const oneMinusSum = (1 - (z + p)) * (1 + (z + p));
  const fourZp = 4 * z * p;
  const isContact = oneMinusSum === 0;
  const e = isContact ? 1 : elliptic.second;
  const b = isContact ? 1 : elliptic.reduced;
  if (oneMinusSum < 0) {
    const factor = (4 * p * oneMinusDifference) / Math.sqrt(fourZp);
    muSlope.byRadius = factor * b;
    muSlope.byDistanceSquared = (-factor * (2 * e - b)) / (6 * z);
    return;
  }
  const factor = 4 * p * Math.sqrt(oneMinusDifference);
  const k2 = fourZp / oneMinusDifference;
  muSlope.byRadius = factor * e;
  const series = ((3 * Math.PI) / 16) * k2 * (1 + 0.25 * k2 + (15 / 128) * k2 * k2);
  muSlope.byDistanceSquared = (-factor * (k2 < SMALL_MODULUS ? series : 2 * b - e)) / (6 * z);
}

/** Area of the triangle with sides 1, p, z (Heron; Kahan's order of the sides keeps the digits). */
function triangleArea(z: number, p: number): number {
  const longer = p > 1 ? p : 1;
  const shorter = p > 1 ? 1 : p;
  const a = z > longer ? z : longer;
  const b = z > longer ? longer : z > shorter ? z : shorter;
  const c = z > shorter ? shorter : z;
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
      (oneMinusDifference *
        (elliptic.pi +
          (-3 + 6 * p * p + 2 * z * p) * elliptic.reduced -
          fourZp * elliptic.second)) /
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
      (2 *
        Math.sqrt(oneMinusDifference) *
        (oneMinusSum * elliptic.pi - (4 - 7 * p * p - z * z) * elliptic.second)) /
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
    return (Math.PI + (2 / 3) * ((2 * m - 3) * elliptic.second - m * elliptic.reduced)) / 3;
  }
  completeElliptic(Math.sqrt(1 - 1 / m), 1, 1, 1, 1 / m);
  return (Math.PI + (-m * elliptic.second + (2 * m - 3) * elliptic.reduced) / (3 * p)) / 3;
}
