/** An eclipsing binary found at half its period alternates between two depths. */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { meanAmplitude } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

export function oddEven({ events }: VettingContext): VettingTest {
  const test = 'odd_even';
  const threshold = THRESHOLDS.oddEvenSigma;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const odd = meanAmplitude(events, (i) => events.epoch[i] % 2 !== 0);
  const even = meanAmplitude(events, (i) => events.epoch[i] % 2 === 0);
  if (odd.count === 0 || even.count === 0) {
    return notComputable(
      test,
      threshold,
      `Odd and even transits cannot be compared: ${odd.count} odd and ${even.count} even ones have data.`,
    );
  }
  const value = Math.abs(odd.mean - even.mean) / Math.hypot(odd.error, even.error);
  const share = Math.abs(odd.mean - even.mean) / Math.max(odd.mean, even.mean, 1e-12);
  const isFail = value > threshold && share > THRESHOLDS.oddEvenShare;
  const numbers = `odd and even depths differ by ${percent(share)}, ${value.toFixed(1)} sigma (${odd.count} and ${even.count} transits)`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.75 * threshold && share > THRESHOLDS.oddEvenShare),
    message: isFail
      ? `An eclipsing binary at twice the period: ${numbers}.`
      : `No significant alternation: ${numbers}.`,
  };
}
