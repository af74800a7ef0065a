/**
 * Events at the edges of gaps, where detectors warm up and detrending has one side only (Rubble of the
 * Kepler DR25 Robovetter: Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { shareOfSignal, type Events } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

/** Of an event and of each of its sides this part must have been observed. */
const LEAST_SEEN = 0.5;

export const isAtGap = ({ observed }: Events, i: number): boolean => observed[i] < LEAST_SEEN;

export function gaps({ events }: VettingContext): VettingTest {
  const test = 'gaps';
  const threshold = THRESHOLDS.gaps;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const value = shareOfSignal(events, (i) => isAtGap(events, i));
  if (Number.isNaN(value)) {
    return notComputable(test, threshold, 'No single transit dips: none can be at a gap.');
  }
  const count = events.epoch.filter((_, i) => isAtGap(events, i)).length;
  const numbers = `${percent(value)} of the signal is in ${count} of ${events.epoch.length} events at the edge of a gap`;
  const isFail = value > threshold;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.6 * threshold),
    message: isFail ? `The signal comes from gaps: ${numbers}.` : `Not made by gaps: ${numbers}.`,
  };
}
