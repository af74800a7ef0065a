/**
 * The two eclipses of an eccentric binary, found as one signal at half the period, are not half a
 * period apart: odd ones come early, even ones late (Thompson et al. 2018, appendix A, compare depths
 * and epochs). The lateness of each transit is measured in events.ts.
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { meanOf } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

export function oddEvenTiming({ events, durationDays }: VettingContext): VettingTest {
  const test = 'odd_even_timing';
  const threshold = THRESHOLDS.oddEvenTimingSigma;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const meanOfParity = (parity: number) =>
    meanOf(
      events.lateDays,
      events.lateErrorDays,
      (i) => Math.abs(events.epoch[i] % 2) === parity && events.lateErrorDays[i] < Infinity,
    );
  const odd = meanOfParity(1);
  const even = meanOfParity(0);
  if (odd.count === 0 || even.count === 0) {
    return notComputable(
      test,
      threshold,
      `Odd and even transits cannot be timed: ${odd.count} odd and ${even.count} even ones show a flank.`,
    );
  }
  const apartDays = Math.abs(odd.mean - even.mean);
  const value = apartDays / Math.hypot(odd.error, even.error);
  const share = apartDays / durationDays;
  const isLarge = share > THRESHOLDS.oddEvenTimingShare;
  const isFail = value > threshold && isLarge;
  const numbers = `odd and even transits are ${(1440 * apartDays).toFixed(1)} min out of step, ${percent(share)} of the duration, ${value.toFixed(1)} sigma`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.75 * threshold && isLarge),
    message: isFail
      ? `Two different eclipses at twice the period: ${numbers}.`
      : `Evenly spaced: ${numbers}.`,
  };
}
