/**
 * Slow twin of the transit model, written from the definition: the intensity of the star integrated
 * over the part that the planet hides, ring by ring (Mandel & Agol 2002, equation 2), by
 * double-exponential quadrature (Takahasi & Mori 1974), which bears the square-root ends of a ring.
 */

/** Flux relative to the unobscured star; the arguments are those of `limbDarkenedFlux`. */
export function limbDarkenedFluxReference(z: number, p: number, u1: number, u2: number): number {
  const hiddenPerRing = (rho: number): number => {
    const mu = Math.sqrt(Math.max(0, 1 - rho * rho));
    const intensity = 1 - u1 * (1 - mu) - u2 * (1 - mu) ** 2;
    return 2 * rho * intensity * hiddenHalfAngle(rho, z, p);
  };
  const inner = Math.abs(z - p);
  const breaks = [0, Math.min(inner, 1), Math.min(z + p, 1)];
  let hidden = 0;
  for (let i = 0; i + 1 < breaks.length; i++) {
    hidden += doubleExponential(hiddenPerRing, breaks[i], breaks[i + 1]);
  }
  return 1 - hidden / (Math.PI * (1 - u1 / 3 - u2 / 6));
}

/**
 * Derivatives of the flux by p and by z, from the definition: the star's intensity along the planet's
 * edge, times the way that the edge moves outwards (Reynolds' transport theorem).
 */
export function limbDarkenedSlopesReference(
  z: number,
  p: number,
  u1: number,
  u2: number,
): { byRadius: number; byDistance: number } {
  // Angle on the planet's edge from the direction of the star's centre; the arc inside the star.
  const cosine = z > 0 ? (z * z + p * p - 1) / (2 * z * p) : p < 1 ? -1 : 1;
  const end = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const intensity = (angle: number): number => {
    // 1 - rho^2 as a product of lengths, so that it keeps its digits at the end of the arc.
    const mu = Math.sqrt(
      Math.max(0, (1 - z + p) * (1 + z - p) - 4 * z * p * Math.sin(angle / 2) ** 2),
    );
    return 1 - u1 * (1 - mu) - u2 * (1 - mu) ** 2;
  };
  const total = Math.PI * (1 - u1 / 3 - u2 / 6);
  const arc = (f: (angle: number) => number) => (2 * p * doubleExponential(f, 0, end)) / total;
  return {
    byRadius: -arc(intensity),
    byDistance: arc((angle) => intensity(angle) * Math.cos(angle)),
  };
}

/** Half the angle of the ring with radius rho that lies behind the planet. */
function hiddenHalfAngle(rho: number, z: number, p: number): number {
  if (rho + z <= p) return Math.PI;
  if (rho >= z + p || rho <= z - p) return 0;
  // 2 atan2 of the half-angle form: an acos would lose half the digits at the ends of the range.
  const near = (p - (z - rho)) * (p + (z - rho));
  const far = (z + rho - p) * (z + rho + p);
  return 2 * Math.atan2(Math.sqrt(Math.max(0, near)), Math.sqrt(Math.max(0, far)));
}

/**
 * The mean over an exposure, converged: the same quadrature of the time itself between the contacts.
 *
 * @param contactsDays contacts from mid-transit, increasing
 */
export function meanFluxReference(
  instant: (fromMidDays: number) => number,
  contactsDays: readonly number[],
  fromDays: number,
  toDays: number,
): number {
  const inside = contactsDays.filter((contact) => contact > fromDays && contact < toDays);
  const breaks = [fromDays, ...inside, toDays];
  let missing = 0;
  for (let i = 0; i + 1 < breaks.length; i++) {
    missing += doubleExponential((days) => 1 - instant(days), breaks[i], breaks[i + 1]);
  }
  return 1 - missing / (toDays - fromDays);
}

function doubleExponential(f: (x: number) => number, from: number, to: number): number {
  if (!(to > from)) return 0;
  const half = 0.5 * (to - from);
  const step = 1 / 64;
  let sum = 0;
  for (let k = -4 * 64; k <= 4 * 64; k++) {
    const s = 0.5 * Math.PI * Math.sinh(k * step);
    const weight = (0.5 * Math.PI * Math.cosh(k * step)) / Math.cosh(s) ** 2;
    // Distance from the nearer end, so that points close to an end keep their digits.
    const gap = half / (Math.exp(Math.abs(s)) * Math.cosh(s));
    const x = s < 0 ? from + gap : to - gap;
    if (weight > 0 && x > from && x < to) sum += weight * f(x);
  }
  return sum * half * step;
}
