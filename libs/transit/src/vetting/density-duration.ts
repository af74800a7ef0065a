/** How long a transit may last is set by the star's density (Seager & Mallén-Ornelas 2003). */
import { axisRatioFromDensity, transitDurationHours } from '../transit-model.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

export function densityDuration(context: VettingContext): VettingTest {
  const test = 'density_duration';
  const threshold = THRESHOLDS.durationLong;
  const { periodDays, fit, assumedStar } = context;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  const axisRatio = Math.max(1.001, axisRatioFromDensity(periodDays, assumedStar.densityCgs));
  const central = transitDurationHours({
    periodDays,
    radiusRatio: Math.min(1, fit.radiusRatio.value),
    impact: 0,
    axisRatio,
  });
  const value = fit.durationHours.value / central;
  // The duration goes with the cube root of the density.
  const starFactor = 10 ** (assumedStar.densityDex / 3);
  const isFail = value > threshold * starFactor;
  const isLong = value > THRESHOLDS.durationLongWarn * starFactor;
  const isShort = value < THRESHOLDS.durationShortWarn / starFactor;
  const numbers = `${fit.durationHours.value.toFixed(2)} h, ${value.toFixed(2)} of a central transit's ${central.toFixed(2)} h round ${assumedStar.isDensityKnown ? 'this star' : 'the star assumed'} (${assumedStar.densityCgs.toPrecision(3)} g/cm^3 within a factor of ${(10 ** assumedStar.densityDex).toFixed(1)})`;
  return {
    test,
    value,
    threshold: threshold * starFactor,
    verdict: verdictOf(isFail, isLong || isShort),
    message: isFail
      ? `Too long for a body in orbit round this star: ${numbers}.`
      : isLong || isShort
        ? `An unusual duration: ${numbers}.`
        : `The duration fits the star: ${numbers}.`,
  };
}
