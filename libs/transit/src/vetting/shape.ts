/** A planet crosses the disk and has a flat bottom; a V is a grazing body, most often a star. */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, verdictOf } from './verdict.js';

export function shape({ fit }: VettingContext): VettingTest {
  const test = 'shape';
  const threshold = THRESHOLDS.shape;
  if (!fit.success || fit.backend === 'mock') {
    return notComputable(test, threshold, `No fit, no shape: ${fit.message}`);
  }
  const value = fit.impact.value + fit.radiusRatio.value;
  // Short transits under long exposures leave b open; only a b that is measured convicts.
  const isMeasured = fit.impact.error < 0.2 && value - fit.impact.error > 1;
  const numbers = `b + Rp/R* = ${value.toFixed(2)} (b ${fit.impact.value.toFixed(2)} ± ${fit.impact.error.toFixed(2)}, Rp/R* ${fit.radiusRatio.value.toFixed(3)})`;
  const isFail = value > threshold && isMeasured;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > threshold),
    message: isFail
      ? `V-shaped, a grazing body: ${numbers}.`
      : value > threshold
        ? `Perhaps V-shaped, but the data leave the impact parameter open: ${numbers}.`
        : `The body crosses the disk: ${numbers}.`,
  };
}
