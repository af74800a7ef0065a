/** Above two and a half Jupiter radii there are stars, and no planets. */
import { EARTH_RADII_PER_JUPITER, EARTH_RADII_PER_SUN } from '../star.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { verdictOf } from './verdict.js';

export function planetRadius({ fit, assumedStar }: VettingContext): VettingTest {
  const threshold = THRESHOLDS.radiusJupiter;
  const ratio = fit.radiusRatio.value;
  // A grazing body may have any size; its depth gives the smallest.
  const smallest = Math.min(ratio, Math.sqrt(Math.max(0, 1e-6 * fit.depthPpm.value)));
  const jupiterRadii = (assumedStar.radiusSun * EARTH_RADII_PER_SUN) / EARTH_RADII_PER_JUPITER;
  const value = ratio * jupiterRadii;
  const isFail = smallest * jupiterRadii > threshold || smallest > THRESHOLDS.radiusRatio;
  const numbers = `${value.toFixed(2)} Jupiter radii (Rp/R* ${ratio.toFixed(3)}, depth ${Math.round(fit.depthPpm.value)} ppm, ${assumedStar.isRadiusKnown ? 'a star' : 'an assumed star'} of ${assumedStar.radiusSun.toFixed(2)} solar radii)`;
  return {
    test: 'planet_radius',
    value,
    threshold,
    verdict: verdictOf(isFail, value > threshold),
    message: isFail
      ? `Too large for a planet: ${numbers}.`
      : value > threshold
        ? `Large, but grazing transits leave the size open: ${numbers}.`
        : `The size of a planet: ${numbers}.`,
  };
}
