/**
 * A dip that is a part of a wave: where a sine at the period, or at half of it, explains the folded
 * curve about as well as the transit, the star varies and nothing crosses it (the sine-wave null test
 * of the Kepler Robovetters and, as a shape metric, Kunimoto et al. 2025).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

export function sineShape({ scan, periodDays }: VettingContext): VettingTest {
  const test = 'sine_shape';
  const threshold = THRESHOLDS.sineShape;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (!scan || !Number.isFinite(scan.sineShare)) {
    return notComputable(
      test,
      threshold,
      'The folded curve has no dip at the transit against a level to compare a sine with.',
    );
  }
  const value = scan.sineShare;
  const isFail = value > threshold;
  const numbers = `a sine explains ${percent(value)} of what the transit does`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.7 * threshold),
    message: isFail ? `A wave, no transit: ${numbers}.` : `A transit, no wave: ${numbers}.`,
  };
}
