/**
 * Bumps where dips should be. Noise has both signs; a transit has one (Zuma of the Kepler DR25
 * Robovetter: Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { significances } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

/** Weaker events are of either sign by chance. */
const NOTABLE_SIGMA = 2;
const FEWEST_EVENTS = 3;

export function negativeEvents({ events }: VettingContext): VettingTest {
  const test = 'negative_events';
  const threshold = THRESHOLDS.negativeEvents;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  let [up, down, bumps, dips] = [0, 0, 0, 0];
  for (const significance of significances(events)) {
    if (significance > NOTABLE_SIGMA) {
      down += significance ** 2;
      dips++;
    }
    if (significance < -NOTABLE_SIGMA) {
      up += significance ** 2;
      bumps++;
    }
  }
  if (events.epoch.length < FEWEST_EVENTS || down === 0) {
    return notComputable(
      test,
      threshold,
      `Of ${events.epoch.length} events ${dips} dip by more than ${NOTABLE_SIGMA} sigma: too few to count bumps against.`,
    );
  }
  const value = up / down;
  const isFail = value > threshold;
  const numbers = `${bumps} events are bumps and ${dips} are dips beyond ${NOTABLE_SIGMA} sigma, the bumps with ${percent(value)} of the dips' power`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.6 * threshold),
    message: isFail ? `Noise of both signs: ${numbers}.` : `The events dip: ${numbers}.`,
  };
}
