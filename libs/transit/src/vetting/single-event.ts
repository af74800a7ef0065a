/** A signal that rests on one event is not periodic (Thompson et al. 2018, section A.3.5). */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

export function singleEvent({ events, signal }: VettingContext): VettingTest {
  const test = 'single_event';
  const threshold = THRESHOLDS.singleEvent;
  if (!events || events.epoch.length === 0) return notComputable(test, threshold, SINGLE_EVENT);
  let squares = 0;
  let strongest = 0;
  for (let i = 0; i < events.epoch.length; i++) {
    const significance = Math.max(0, events.amplitude[i] / events.error[i]);
    squares += significance * significance;
    strongest = Math.max(strongest, significance);
  }
  if (squares === 0) {
    return notComputable(test, threshold, 'No single transit dips: there is nothing to share out.');
  }
  const value = strongest / Math.sqrt(squares);
  const isFail = value > threshold;
  const numbers = `${percent(value)} of the signal is in its strongest transit of ${events.epoch.length} (SNR ${signal.snr.toFixed(1)} together)`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, false),
    message: isFail
      ? `One event dominates: ${numbers}.`
      : `The transits share the signal: ${numbers}.`,
  };
}
