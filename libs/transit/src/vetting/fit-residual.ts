/** What a limb-darkened transit leaves over in the folded curve: spots and close binaries have round dips. */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, verdictOf } from './verdict.js';

const FEWEST_BINS = 10;
/** The residuals of a weak signal are noise, and large for its depth. */
const MEASURED_SIGMA = 3;

export function fitResidual({ fit, redVariance, events }: VettingContext): VettingTest {
  const test = 'fit_residual';
  const threshold = THRESHOLDS.fitResidual;
  const { flux, fluxError, model } = fit.folded;
  if (!fit.success || fit.backend === 'mock' || flux.length < FEWEST_BINS) {
    return notComputable(test, threshold, `No fit to judge: ${fit.message}`);
  }
  // Noise that is common to a transit-long stretch averages over the transits only.
  const red = redVariance / Math.max(1, events?.epoch.length ?? 1);
  let excess = 0;
  let variance = 0;
  for (let i = 0; i < flux.length; i++) {
    const expected = fluxError[i] ** 2 * Math.max(1, reducedChi2(fit)) + red;
    excess += (flux[i] - model[i]) ** 2 - expected;
    // The square of a Gaussian has twice the square of its mean as its variance.
    variance += 2 * expected ** 2;
  }
  const isMeasured = excess > MEASURED_SIGMA * Math.sqrt(variance);
  const value =
    Math.sqrt(Math.max(0, excess / flux.length)) / Math.max(1e-12, 1e-6 * fit.depthPpm.value);
  const isFail = value > threshold && isMeasured;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > THRESHOLDS.fitResidualWarn && isMeasured),
    message: isFail
      ? `Not shaped like a transit: the best model leaves ${percent(value)} of the depth unexplained.`
      : `A transit explains the folded curve: ${percent(value)} of the depth is left beyond noise.`,
  };
}

/** Error bars that are too small everywhere are not the shape's fault; twice is given. */
const LARGEST_ERROR_SCALE = 4;

function reducedChi2({ chi2, degreesOfFreedom }: VettingContext['fit']): number {
  return Math.min(LARGEST_ERROR_SCALE, chi2 / Math.max(1, degreesOfFreedom));
}
