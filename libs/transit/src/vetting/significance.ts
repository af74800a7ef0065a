/**
 * Whether noise that looks like this curve's, folded like this one, makes such a dip by chance. The
 * scatter of the folded curve's own boxes is the unit; among as many boxes as the orbit has, in as
 * many searched light curves, not one may be expected to be as deep (MS1 of the model-shift test:
 * Coughlin 2017; Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

/** Light curves of which one false alarm is allowed: the number of DR25's detections. */
const CURVES = 20_000;

export function significance({ scan, periodDays }: VettingContext): VettingTest {
  const test = 'significance';
  if (!Number.isFinite(periodDays)) return notComputable(test, chanceSigma(1), SINGLE_EVENT);
  if (!scan) {
    return notComputable(
      test,
      chanceSigma(1),
      'The transit fills so much of the orbit that its scatter is unknown.',
    );
  }
  const threshold = chanceSigma(scan.boxes) + THRESHOLDS.significanceMargin;
  const value = scan.primary.significance;
  const isFail = value < threshold;
  const numbers = `${value.toFixed(1)} sigma of the folded curve's own scatter, ${threshold.toFixed(1)} are needed among ${Math.round(scan.boxes)} boxes of the orbit`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, false),
    message: isFail
      ? `Not more than the noise of this curve makes: ${numbers}.`
      : `More than the noise of this curve makes: ${numbers}.`,
  };
}

/**
 * Sigma that one of `boxes` x CURVES Gaussian values exceeds: the leading terms of the expected
 * extreme (Cramér 1946, section 28.6).
 */
function chanceSigma(boxes: number): number {
  const double = 2 * Math.log(boxes * CURVES);
  const leading = Math.sqrt(double);
  return leading - Math.log(2 * Math.PI * double) / (2 * leading);
}
