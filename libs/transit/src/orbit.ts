/**
 * A circular orbit as the transit models' hot loops take it: z^2 = b^2 + R sin^2(phase), where R is
 * (a/R*)^2 - b^2, the square of the orbit's reach in the sky.
 */
import { EXPOSURE_ERROR } from './exposure.js';

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

/** What the hot loop needs of a model. */
export interface Orbit {
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
  /** What the mean over an exposure may be off by, in parts of the depth. */
  readonly tolerance: number;
}

export function orbitOf(model: TransitModel): Orbit {
  const [u1, u2] = model.limbDarkening;
  // In front of the brightest part of the star; of a uniform star of the same flux it is k^2.
  const depth = Math.min(1, model.radiusRatio ** 2 / (1 - u1 / 3 - u2 / 6));
  return {
    radiusRatio: model.radiusRatio,
    u1,
    u2,
    radiansPerDay: (2 * Math.PI) / model.periodDays,
    impactSquared: model.impact * model.impact,
    reachSquared: model.axisRatio * model.axisRatio - model.impact * model.impact,
    outerDays: halfDurationDays(model, 1 + model.radiusRatio),
    innerDays: halfDurationDays(model, 1 - model.radiusRatio),
    tolerance: Math.min(EXPOSURE_ERROR.ofDepth, EXPOSURE_ERROR.flux / depth),
  };
}

/** Half the time for which the centres are closer than `distance`, in days. */
export function halfDurationDays(
  model: Pick<TransitModel, 'periodDays' | 'impact' | 'axisRatio'>,
  distance: number,
): number {
  if (distance <= model.impact) return 0;
  const chord = Math.sqrt((distance - model.impact) * (distance + model.impact));
  const reach = Math.sqrt((model.axisRatio - model.impact) * (model.axisRatio + model.impact));
  return (model.periodDays * Math.asin(Math.min(1, chord / reach))) / (2 * Math.PI);
}
