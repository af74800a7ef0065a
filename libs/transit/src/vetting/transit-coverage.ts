/** Three transits make a period; data in the transits make them credible. */
import { median } from '../robust.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { percent, verdictOf } from './verdict.js';

export function transitCoverage({ events, signal }: VettingContext): VettingTest {
  const test = 'transit_coverage';
  const threshold = THRESHOLDS.transits;
  if (!events) {
    return {
      test,
      value: 1,
      threshold,
      verdict: 'warn',
      message: `One transit was seen; ${threshold} are needed to know a period.`,
    };
  }
  const value = Math.min(events.epoch.length, signal.transitsObserved);
  const coverage = value > 0 ? median(events.coverage) : 0;
  const isSparse = coverage < THRESHOLDS.coverage;
  const numbers = `${value} of ${events.expected} transits have data, each ${percent(coverage)} covered`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(value === 0, value < threshold || isSparse),
    message:
      value < threshold
        ? `Too few transits to be sure of the period: ${numbers}.`
        : isSparse
          ? `The transits are only partly seen: ${numbers}.`
          : `Enough transits: ${numbers}.`,
  };
}
