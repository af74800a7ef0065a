/** From an orbit and its covariance to what a fit reports, each with one sigma. */
import type { Estimate } from '../types.js';
import { deriveOrbit, sigmaOf } from './orbit-shape.js';

/** What follows from the orbit alone, whatever the star is. */
export interface OrbitEstimates {
  readonly radiusRatio: Estimate;
  readonly impact: Estimate;
  readonly axisRatio: Estimate;
  readonly durationHours: Estimate;
  readonly fullDurationHours: Estimate;
  readonly inclinationDeg: Estimate;
  readonly depthPpm: Estimate;
  readonly stellarDensity: Estimate;
}

/**
 * @param orbit (4,) numbers of orbit-shape.ts
 * @param covariance (4 * 4,) of them, where nothing ends the impact parameter at 0
 * @param ended the same where 0 does. For the impact parameter and the inclination, which end there
 * themselves, one sigma of the former is where 68 % lie.
 */
export function estimatesOf(
  orbit: Float64Array,
  covariance: Float64Array,
  ended: Float64Array,
  limbDarkening: readonly [number, number],
): OrbitEstimates {
  const derived = deriveOrbit(orbit, limbDarkening);
  const times = (factor: number, quantity: (typeof derived)['depth'], under = ended): Estimate => ({
    value: factor * quantity.value,
    error: factor * sigmaOf(quantity, under),
  });
  const axisRatio = Math.exp(derived.logAxisRatio.value);
  return {
    radiusRatio: times(1, derived.radiusRatio),
    impact: rootOf(times(1, derived.impactSquared, covariance)),
    axisRatio: { value: axisRatio, error: axisRatio * sigmaOf(derived.logAxisRatio, ended) },
    durationHours: times(24, derived.durationDays),
    fullDurationHours: times(24, derived.fullDurationDays),
    inclinationDeg: inclinationOf(rootOf(times(1, derived.cosineSquared, covariance))),
    depthPpm: times(1e6, derived.depth),
    stellarDensity: times(1, derived.densityCgs),
  };
}

/** Of its cosine and one sigma of it, in degrees. */
export function inclinationOf({ value, error }: Estimate): Estimate {
  const degrees = (cosine: number) => (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
  return { value: degrees(value), error: degrees(value) - degrees(value + error) };
}

/** The root bends too much for a gradient near 0; its error is how far one sigma of the square leads. */
export function rootOf({ value, error }: Estimate): Estimate {
  const root = Math.sqrt(value);
  return { value: root, error: Math.sqrt(value + error) - root };
}
