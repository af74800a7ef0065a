/**
 * How probable a transit of some duration is at some period, how many places there are for one of
 * noise, and what both cost.
 *
 * A small planet on a circular orbit crosses its star at an impact parameter b that is uniform from
 * 0 to 1, so that its transit lasts √(1 - b²) of a central one (Seager & Mallén-Ornelas 2003, ApJ
 * 585, 1038). The star's density, known to some accuracy, and eccentric orbits blur that. Noise
 * knows none of it: of two equally strong dips the one that lasts as long as an orbit demands is the
 * better candidate. π is the prior density per logarithm of duration T.
 *
 * A peak of noise has more places to be at a long period P than at a short one: epochs are told apart
 * by T out of P, logarithms of the period by T out of the curve's length, so that V = T²/P is the
 * volume of one peak where periods are as frequent per logarithm, epochs per phase (Laplace's method:
 * MacKay 2003, Information Theory, Inference and Learning Algorithms, ch. 28, the Occam factor).
 *
 * SNR² + 2 ln(π / max π) + 2 ln(V / V₁) is, but for a constant, twice the logarithm of the posterior
 * probability under a peak; its root is the score that dips are ranked by. V₁ is that of a central
 * transit at a period of one day.
 */
import { circularDurationDays, type StellarDensity } from './period-grid.js';

/** One sigma of ln duration from eccentricity: that of Kipping 2013, MNRAS 434, L51 (mean e 0.22). */
const ECCENTRIC_SIGMA = 0.15;
/** Grid of ln(duration / central duration). */
const LOWEST = Math.log(0.02);
const HIGHEST = Math.log(8);
const STEPS = 300;
/** Impact parameters that the prior is summed over. */
const IMPACTS = 200;
/** What cannot be at all is scored as if it had this density, to keep the logarithm finite. */
const LEAST_DENSITY = 1e-9;

export interface DurationPrior {
  /** SNR once both are paid for; 0 where they cost more than there is. */
  score(snr: number, periodDays: number, durationDays: number): number;
}

export function durationPrior(density: StellarDensity): DurationPrior {
  // The duration goes with the cube root of the density.
  const sigma = Math.hypot((density.dex * Math.LN10) / 3, ECCENTRIC_SIGMA);
  const logPrior = tables.get(sigma) ?? logDensities(sigma);
  tables.set(sigma, logPrior);
  const volumeOf = (periodDays: number, durationDays: number) => durationDays ** 2 / periodDays;
  const reference = volumeOf(1, circularDurationDays(1, density.solar));
  return {
    score(snr, periodDays, durationDays) {
      const central = circularDurationDays(periodDays, density.solar);
      const at = ((Math.log(durationDays / central) - LOWEST) / (HIGHEST - LOWEST)) * STEPS;
      const i = Math.max(0, Math.min(STEPS - 1, Math.floor(at)));
      const part = Math.max(0, Math.min(1, at - i));
      const logDensity = logPrior[i] + part * (logPrior[i + 1] - logPrior[i]);
      const logVolume = Math.log(volumeOf(periodDays, durationDays) / reference);
      return Math.sqrt(Math.max(0, snr * snr + 2 * (logDensity + logVolume)));
    },
  };
}

/** By sigma, of which there are few: one for each way a density is known. */
const tables = new Map<number, Float64Array>();

/** (STEPS + 1,) ln(π / max π) over the grid. */
function logDensities(sigma: number): Float64Array {
  const densities = new Float64Array(STEPS + 1);
  let highest = 0;
  for (let g = 0; g <= STEPS; g++) {
    const x = LOWEST + ((HIGHEST - LOWEST) * g) / STEPS;
    for (let i = 0; i < IMPACTS; i++) {
      const impact = (i + 0.5) / IMPACTS;
      const off = (x - 0.5 * Math.log(1 - impact * impact)) / sigma;
      densities[g] += Math.exp(-0.5 * off * off);
    }
    highest = Math.max(highest, densities[g]);
  }
  return densities.map((value) => Math.log(Math.max(LEAST_DENSITY, value / highest)));
}
