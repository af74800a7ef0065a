/** Within which refinement may move period and duration. */
import { circularDurationDays, LONGEST_DUTY, type StellarDensity } from './period-grid.js';

export interface RefineLimits {
  readonly shortestDays: number;
  readonly longestDays: number;
  readonly minPeriodDays: number;
  readonly maxPeriodDays: number;
  /** Where it is given, durations are also limited to what fits an orbit of the period. */
  readonly density?: StellarDensity;
}

/**
 * Durations that refinement may end at, relative to the circular orbit's. Round a known star, below:
 * an impact parameter of 0.95, above: orbits of e = 0.35 crossed at apastron. Noise that is longer
 * or shorter than any transit of the period is kept out: without the limits red noise costs a third
 * of the recall.
 */
const KNOWN_STAR = { least: 0.3, most: 1.4 };
const UNKNOWN_STAR = { least: 0, most: 1.8 };

export function allowedDurations(limits: RefineLimits, periodDays: number) {
  const { shortestDays, density } = limits;
  const longestDays = Math.min(limits.longestDays, LONGEST_DUTY * periodDays);
  if (!density) return { shortestDays, longestDays };
  const { least, most } = density.isKnown ? KNOWN_STAR : UNKNOWN_STAR;
  const circular = circularDurationDays(periodDays, density.solar);
  const within = (days: number) => Math.max(shortestDays, Math.min(longestDays, days));
  return { shortestDays: within(least * circular), longestDays: within(most * circular) };
}
