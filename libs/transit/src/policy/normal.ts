/**
 * The normal distribution of one and of two variables.
 *
 * Pure: no I/O, no clock, no randomness.
 */

/** Beyond it the tail is smaller than rounding. */
const FARTHEST = 8;

/** P(X < z) of a standard normal X, to 1e-15 (Marsaglia 2004, J. Stat. Softw. 11, 4). */
export function normalBelow(z: number): number {
  if (z <= -FARTHEST) return 0;
  if (z >= FARTHEST) return 1;
  let [sum, term] = [z, z];
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
}

/** Intervals of Simpson's rule: the integrand below is smooth, the error under 1e-7. */
const INTERVALS = 128;

/**
 * P(X < h, Y < k) of two standard normals with correlation `rho`, 0 <= rho < 1, by Plackett's integral
 * over the correlation (Plackett 1954, Biometrika 41, 351; in the angle as Genz 2004, Stat. Comput. 14,
 * 251):
 *
 *   Φ(h) Φ(k) + 1/2π ∫_0^{asin ρ} exp(-(h² + k² - 2 h k sin θ) / (2 cos² θ)) dθ
 */
export function bothBelow(h: number, k: number, rho: number): number {
  if (!(rho >= 0 && rho < 1)) throw new RangeError(`rho must be in [0, 1), not ${rho}`);
  const apart = normalBelow(h) * normalBelow(k);
  if (Math.abs(h) >= FARTHEST || Math.abs(k) >= FARTHEST) return apart;
  const end = Math.asin(rho);
  const density = (angle: number) => {
    const cosine = Math.cos(angle);
    return Math.exp(-(h * h + k * k - 2 * h * k * Math.sin(angle)) / (2 * cosine * cosine));
  };
  let sum = density(0) + density(end);
  for (let i = 1; i < INTERVALS; i++) sum += (i % 2 ? 4 : 2) * density((end * i) / INTERVALS);
  return Math.min(1, apart + (sum * end) / (3 * INTERVALS) / (2 * Math.PI));
}
