/**
 * What is left when every event that looks like something else is dropped: those at gaps, and those
 * that a step explains. Three transits, and the strength of a detection, must remain (the individual
 * transit metrics of the Kepler DR25 Robovetter: Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { shareOfSignal } from './events.js';
import { isAtGap } from './gaps.js';
import { isArtefact } from './steps.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

const FEWEST_TRANSITS = 3;

export function goodTransits({ events, signal }: VettingContext): VettingTest {
  const test = 'good_transits';
  const threshold = THRESHOLDS.goodSnr;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const isGood = (i: number) => !isAtGap(events, i) && !isArtefact(events, i);
  const share = shareOfSignal(events, isGood);
  if (Number.isNaN(share)) {
    return notComputable(test, threshold, 'No single transit dips: none is good or bad.');
  }
  const good = events.epoch.filter((_, i) => isGood(i)).length;
  const value = signal.snr * Math.sqrt(share);
  const isFew = good < FEWEST_TRANSITS;
  const isFail = value < threshold && !isFew;
  const numbers = `${good} of ${events.epoch.length} transits are neither at a gap nor a step, and have an SNR of ${value.toFixed(1)} together`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, isFew),
    message: isFail
      ? `Not enough signal in clean transits: ${numbers}.`
      : isFew
        ? `Fewer than ${FEWEST_TRANSITS} clean transits: ${numbers}.`
        : `Clean transits carry the signal: ${numbers}.`,
  };
}
