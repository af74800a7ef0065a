/** Steps and drops that recover explain the events better than a transit does (see artefact-shapes.ts). */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { shareOfSignal, type Events } from './events.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, percent, SINGLE_EVENT, verdictOf } from './verdict.js';

/** By how much chi squared must prefer the artefact, which has one more number to fit. */
const CLEARLY_BETTER = 10;

export const isArtefact = ({ artefactGain, transitGain }: Events, i: number): boolean =>
  artefactGain[i] > transitGain[i] + CLEARLY_BETTER;

export function steps({ events }: VettingContext): VettingTest {
  const test = 'steps';
  const threshold = THRESHOLDS.steps;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const value = shareOfSignal(events, (i) => isArtefact(events, i));
  if (Number.isNaN(value)) {
    return notComputable(test, threshold, 'No single transit dips: there is nothing to compare.');
  }
  const count = events.epoch.filter((_, i) => isArtefact(events, i)).length;
  const numbers = `${percent(value)} of the signal is in ${count} of ${events.epoch.length} events that a step or a drop that recovers explains better`;
  const isFail = value > threshold;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.5 * threshold),
    message: isFail
      ? `Steps of the detector, no transits: ${numbers}.`
      : `Transits rather than steps: ${numbers}.`,
  };
}
