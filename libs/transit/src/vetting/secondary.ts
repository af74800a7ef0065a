/**
 * A second eclipse means that what is hidden shines: a star. A planet's own occultation is allowed up
 * to what it can reflect and radiate.
 */
import { axisRatioFromDensity } from '../transit-model.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, ppm, SINGLE_EVENT, verdictOf } from './verdict.js';

/** hc/k in micrometre kelvin (CODATA 2018). */
const SECOND_RADIATION_CONSTANT = 14387.77;
/** Mean wavelengths of the bands in micrometres. */
const WAVELENGTH = { Kepler: 0.64, K2: 0.64, TESS: 0.8, unknown: 0.64 };
/** Real planets stay below the ideal; the star's numbers are uncertain. */
const MARGIN = 2;
/** From this part of the threshold on it is worth a look. */
const WARN_SHARE = 0.8;

export function secondary(context: VettingContext): VettingTest {
  const test = 'secondary';
  const threshold = THRESHOLDS.secondarySigma;
  const { scan } = context;
  if (!Number.isFinite(context.periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (!scan || Number.isNaN(scan.secondary.phase)) {
    return notComputable(
      test,
      threshold,
      'The transit fills so much of the orbit that no phase is left to look for a second eclipse.',
    );
  }
  const { significance, depth, phase } = scan.secondary;
  // Eclipses that fill the orbit are broader than a box; against the orbit's level they show whole.
  const share = Math.max(
    depth / Math.max(scan.primary.depth, 1e-12),
    scan.secondary.belowLevel / Math.max(scan.primary.belowLevel, 1e-12),
  );
  const allowed = largestShare(context);
  const isPlanetary = share <= allowed;
  const isSignificant = significance > threshold;
  // On a circular orbit the second eclipse comes at phase 0.5: there, few boxes are tried by chance.
  const fromHalfDays = Math.abs(phase - 0.5) * context.periodDays;
  const isSuspect =
    significance > WARN_SHARE * threshold ||
    (fromHalfDays < context.durationDays / 2 && significance > THRESHOLDS.secondaryAtHalfSigma);
  const numbers = `${ppm(depth)} at phase ${phase.toFixed(2)}, ${significance.toFixed(1)} sigma, ${percent(share)} of the transit`;
  const limit = `a planet can reflect and radiate ${percent(allowed)}`;
  return {
    test,
    value: significance,
    threshold,
    verdict: verdictOf(isSignificant && !isPlanetary, isSuspect && !isPlanetary),
    message: !isSignificant
      ? `No second eclipse: the strongest dip elsewhere is ${numbers}.`
      : isPlanetary
        ? `A second eclipse of ${numbers}; ${limit}.`
        : `A second eclipse of ${numbers}, but ${limit}: an eclipsing binary.`,
  };
}

/**
 * Deepest occultation of a planet over its transit's depth. All light that falls on it reflected
 * gives (k/a)^2 over k^2; the day side glows as a black body without any transport of heat (Cowan &
 * Agol 2011, ApJ 729, 54, section 2). a/R* is the star's, because a grazing fit may put it anywhere.
 */
function largestShare({ periodDays, assumedStar, mission }: VettingContext): number {
  const a = Math.max(1.5, axisRatioFromDensity(periodDays, assumedStar.densityCgs));
  const star = assumedStar.effectiveTemperatureK;
  const daySide = star * Math.sqrt(1 / a) * (2 / 3) ** 0.25;
  const brightness = (temperature: number) =>
    1 / Math.expm1(SECOND_RADIATION_CONSTANT / (WAVELENGTH[mission] * temperature));
  return Math.min(
    THRESHOLDS.secondaryShare,
    MARGIN * (1 / (a * a) + brightness(daySide) / brightness(star)),
  );
}
