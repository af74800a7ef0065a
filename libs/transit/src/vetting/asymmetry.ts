/**
 * A transit looks the same forwards and backwards; a drop that recovers, a step and a ramp do not. The
 * stretch after the middle against the stretch before it, all transits together (Thompson et al. 2018,
 * appendix A, and Kunimoto et al. 2025 ask the same of each by fits).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

const FEWEST_POINTS = 6;
/** Mid-times are known to a part of a duration only; nearer to the middle both halves are mixed. */
const MIDDLE_DURATIONS = 0.05;

export function asymmetry({ windows, events, redVariance }: VettingContext): VettingTest {
  const test = 'asymmetry';
  const threshold = THRESHOLDS.asymmetrySigma;
  if (!windows || !events) return notComputable(test, threshold, SINGLE_EVENT);
  const { fromMidDays, dip, weight, model, durationDays } = windows;
  let [modelSum, modelWeight] = [0, 0];
  const half = {
    before: { sum: 0, weight: 0, points: 0 },
    after: { sum: 0, weight: 0, points: 0 },
  };
  for (let k = 0; k < dip.length; k++) {
    if (Math.abs(fromMidDays[k]) < MIDDLE_DURATIONS * durationDays) continue;
    const side = fromMidDays[k] < 0 ? half.before : half.after;
    side.sum += weight[k] * dip[k];
    side.weight += weight[k];
    side.points++;
    modelSum += weight[k] * model[k];
    modelWeight += weight[k];
  }
  const { before, after } = half;
  if (Math.min(before.points, after.points) < FEWEST_POINTS) {
    return notComputable(
      test,
      threshold,
      `${before.points} points before and ${after.points} after mid-transit cannot be compared; ${FEWEST_POINTS} each are needed.`,
    );
  }
  const difference = after.sum / after.weight - before.sum / before.weight;
  const red = (2 * redVariance) / Math.max(1, events.epoch.length);
  const value = Math.abs(difference) / Math.sqrt(1 / before.weight + 1 / after.weight + red);
  // 0 where both halves are the same, 1 where all of the dip is in one of them.
  const share = Math.abs(difference) / Math.max(1e-12, (2 * modelSum) / modelWeight);
  const isLarge = share > THRESHOLDS.asymmetryShare;
  const isFail = value > threshold && isLarge;
  const numbers = `the half after mid-transit differs by ${percent(share)} of the dip, ${value.toFixed(1)} sigma`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.75 * threshold && isLarge),
    message: isFail ? `Not symmetric: ${numbers}.` : `Symmetric: ${numbers}.`,
  };
}
