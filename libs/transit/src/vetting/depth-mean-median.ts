/**
 * A few deep events among shallow ones pull the mean depth away from the median (DMM of the Kepler
 * DR25 Robovetter: Thompson et al. 2018, appendix A).
 */
import { median } from '../robust.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { meanAmplitude } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

const FEWEST_EVENTS = 4;
/** One sigma of a median of Gaussian values over that of their mean: sqrt(pi / 2). */
const MEDIAN_ERROR = Math.sqrt(Math.PI / 2);
const SIGNIFICANT_SIGMA = 3;

export function depthMeanMedian({ events }: VettingContext): VettingTest {
  const test = 'depth_mean_median';
  const threshold = THRESHOLDS.meanOverMedian;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const count = events.epoch.length;
  if (count < FEWEST_EVENTS) {
    return notComputable(
      test,
      threshold,
      `${count} transits have data; ${FEWEST_EVENTS} are needed for a median depth.`,
    );
  }
  const middle = median(events.amplitude);
  const { mean } = meanAmplitude(events, () => true);
  const error = (MEDIAN_ERROR * median(events.error)) / Math.sqrt(count);
  // Where most events do not dip, the median is what noise leaves of it.
  const value = mean / Math.max(middle, error);
  const sigma = (mean - middle) / error;
  const isFail = value > threshold && sigma > SIGNIFICANT_SIGMA;
  const numbers = `the mean depth is ${value.toFixed(2)} of the median of ${count} transits, ${Math.abs(sigma).toFixed(1)} sigma ${sigma < 0 ? 'below' : 'above'} it`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, false),
    message: isFail
      ? `Few deep events among shallow ones: ${numbers}.`
      : `Mean and median depth agree: ${numbers}.`,
  };
}
