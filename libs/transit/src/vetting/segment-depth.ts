/**
 * The depth file by file: a planet is as deep in every quarter or sector, a neighbour's light and a
 * detector's fault are not (the seasonal depths of Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { meanAmplitude } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

export function segmentDepth({ events }: VettingContext): VettingTest {
  const test = 'segment_depth';
  const threshold = THRESHOLDS.segmentDepthSigma;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const files = [...new Set(events.segment)];
  if (files.length < 2) {
    return notComputable(
      test,
      threshold,
      `The transits are in ${files.length} file; two are needed to compare.`,
    );
  }
  const whole = meanAmplitude(events, () => true);
  let value = 0;
  let share = 0;
  let worst = files[0];
  for (const file of files) {
    const own = meanAmplitude(events, (i) => events.segment[i] === file);
    const others = meanAmplitude(events, (i) => events.segment[i] !== file);
    const difference = Math.abs(own.mean - others.mean);
    const sigma = difference / Math.hypot(own.error, others.error);
    if (sigma <= value) continue;
    value = sigma;
    share = difference / Math.max(1e-12, Math.abs(whole.mean));
    worst = file;
  }
  const isLarge = share > THRESHOLDS.segmentDepthShare;
  const isFail = value > threshold && isLarge;
  const numbers = `in file ${worst + 1} of ${files.length} it differs by ${percent(share)} from the others, ${value.toFixed(1)} sigma`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.75 * threshold && isLarge),
    message: isFail
      ? `The depth changes from file to file: ${numbers}.`
      : `The depth is the same in every file: ${numbers}.`,
  };
}
