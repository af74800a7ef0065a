/**
 * A transit stands out of its folded curve; where other dips or bumps are as strong, it is one of the
 * ripples (the model-shift test: Thompson et al. 2018, section A.3.4).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

export function uniqueness({ scan, periodDays }: VettingContext): VettingTest {
  const test = 'uniqueness';
  const threshold = THRESHOLDS.uniqueness;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (!scan) {
    return notComputable(
      test,
      threshold,
      'The transit fills so much of the orbit that nothing is left to compare it with.',
    );
  }
  const rival = Math.max(scan.tertiary.significance, scan.bump.significance, 1);
  const value = scan.primary.significance / rival;
  const isFail = value < threshold;
  const numbers = `${scan.primary.significance.toFixed(1)} sigma against ${scan.tertiary.significance.toFixed(1)} for the next dip and ${scan.bump.significance.toFixed(1)} for the highest bump`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value < THRESHOLDS.uniquenessWarn),
    message: isFail
      ? `Not unique in the folded curve: ${numbers}.`
      : `The dip stands out of the folded curve: ${numbers}.`,
  };
}
