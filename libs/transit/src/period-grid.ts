/**
 * Which periods and durations a search tries.
 *
 * Ofir 2014, A&A 561, A138, eq. 7 (frequencies spaced so that no transit drifts by more than its
 * own length over the span); Hippke & Heller 2019, A&A 623, A39, section 3.1 (the same, as a grid);
 * Seager & Mallén-Ornelas 2003, ApJ 585, 1038 (duration and stellar density).
 *
 * Times are in days, densities in solar densities.
 */
import { assumeStar, SUN_DENSITY_CGS } from './star.js';
import type { Star } from './types.js';

/** IAU 2015 nominal solar GM and radius, in m³/s² and m. */
const SUN_GM = 1.3271244e20;
const SUN_RADIUS = 6.957e8;
const SECONDS_PER_DAY = 86400;

/** Trial durations of neighbours differ by this factor: at most 3 % of SNR is lost between two. */
const DURATION_STEP = 1.6;
/** Longest dip, in periods, that is still called a transit and not a variation of the star. */
export const LONGEST_DUTY = 0.25;

export interface StellarDensity {
  readonly solar: number;
  /** False where it is a guess: a dwarf of the star's temperature, or the Sun. */
  readonly isKnown: boolean;
  /** One sigma of log10 of it. */
  readonly dex: number;
}

/** What the pipeline assumes of the star, relative to the Sun. */
export function stellarDensity(star: Star): StellarDensity {
  const { densityCgs, isDensityKnown, densityDex } = assumeStar(star);
  const solar = densityCgs / SUN_DENSITY_CGS;
  return isPlausible(solar)
    ? { solar, isKnown: isDensityKnown, dex: densityDex }
    : { solar: 1, isKnown: false, dex: assumeStar({}).densityDex };
}

/** From giants to the bottom of the main sequence; a value outside is an error of the catalogue. */
const isPlausible = (solar: number) => solar >= 1e-4 && solar <= 150;

/** Longest transit of a small planet on a circular orbit: T = (3 P / (π² G ρ))^(1/3). */
export function circularDurationDays(periodDays: number, densitySun: number): number {
  const gRho = (densitySun * 3 * SUN_GM) / (4 * Math.PI * SUN_RADIUS ** 3); // G ρ in 1/s²
  const seconds = Math.cbrt((3 * periodDays * SECONDS_PER_DAY) / (Math.PI ** 2 * gRho));
  return seconds / SECONDS_PER_DAY;
}

/**
 * Durations worth trying, relative to the circular orbit's. Below: high impact parameters, above:
 * eccentric orbits, large planets and exposures. Wider where the star is unknown. The coarse search
 * costs as 1 / least², and a template of 1.5 times the true duration still keeps 82 % of the SNR, so
 * that shorter transits (M dwarfs, grazing ones) are found here and get their length by refinement.
 */
export function durationFactors(density: StellarDensity): { least: number; most: number } {
  return density.isKnown ? { least: 0.45, most: 1.4 } : { least: 0.4, most: 1.8 };
}

/** Shortest and longest trial duration at a period. */
export function durationRange(periodDays: number, density: StellarDensity) {
  const circular = circularDurationDays(periodDays, density.solar);
  const { least, most } = durationFactors(density);
  const longest = Math.min(most * circular, LONGEST_DUTY * periodDays);
  return { shortestDays: Math.min(least * circular, longest), longestDays: longest };
}

/** Period whose range of durations ends (or begins) at the given duration. */
export function periodOfDuration(durationDays: number, factor: number, densitySun: number): number {
  return (durationDays / (factor * circularDurationDays(1, densitySun))) ** 3;
}

/** Trial durations from `shortestDays` to `longestDays`, a constant factor apart, both included. */
export function durationLadder(shortestDays: number, longestDays: number): number[] {
  const ratio = Math.max(1, longestDays / shortestDays);
  const steps = Math.ceil(Math.log(ratio) / Math.log(DURATION_STEP) - 1e-9);
  const ladder = [shortestDays];
  for (let i = 1; i <= steps; i++) ladder.push(shortestDays * ratio ** (i / steps));
  return ladder;
}

/**
 * Trial periods, increasing, so dense that a transit of a circular orbit is smeared by at most
 * 1 / oversampling of its length over the span: cubic in frequency (Ofir 2014, eq. 7).
 *
 * @throws {RangeError} where the periods are not in order or the span is not positive.
 */
export function transitPeriods(options: {
  readonly minPeriodDays: number;
  readonly maxPeriodDays: number;
  readonly spanDays: number;
  readonly densitySun: number;
  readonly oversampling: number;
}): Float64Array {
  const { minPeriodDays, maxPeriodDays, spanDays, densitySun, oversampling } = options;
  if (!(minPeriodDays > 0 && maxPeriodDays > minPeriodDays)) {
    throw new RangeError(
      `minPeriodDays must be > 0 and below maxPeriodDays, not ${minPeriodDays} and ${maxPeriodDays}`,
    );
  }
  if (!(spanDays > 0)) throw new RangeError(`spanDays must be > 0, not ${spanDays}`);
  // A of eq. 7: (2π)^(2/3)/π · R/(GM)^(1/3) / (span · oversampling), in days^(-1/3)
  const starTime = Math.cbrt(SUN_RADIUS ** 3 / (SUN_GM * densitySun)) / SECONDS_PER_DAY ** (2 / 3);
  const a = (((2 * Math.PI) ** (2 / 3) / Math.PI) * starTime) / (spanDays * oversampling);
  const lowest = Math.cbrt(1 / maxPeriodDays);
  const highest = Math.cbrt(1 / minPeriodDays);
  const count = Math.ceil(((highest - lowest) * 3) / a) + 1;
  const periods = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const root = Math.min(highest, lowest + (a / 3) * i);
    periods[count - 1 - i] = 1 / root ** 3;
  }
  periods[0] = minPeriodDays;
  periods[count - 1] = maxPeriodDays;
  return periods;
}
