/**
 * Whether search and fit mean the same transits: where noise was found, the fit walks away from it
 * (Tracker of the Kepler DR25 Robovetter: Thompson et al. 2018, appendix A).
 */
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

export function epochDrift({
  points,
  signal,
  fit,
  periodDays,
  t0Days,
}: VettingContext): VettingTest {
  const test = 'epoch_drift';
  const threshold = THRESHOLDS.epochDrift;
  if (!Number.isFinite(periodDays)) return notComputable(test, threshold, SINGLE_EVENT);
  if (!fit.success || fit.backend === 'mock') {
    return notComputable(test, threshold, `No fit, no drift: ${fit.message}`);
  }
  const { timeDays } = points;
  const last = timeDays.length > 0 ? timeDays[timeDays.length - 1] : signal.t0Days;
  const cycles = Math.round((signal.t0Days - t0Days) / periodDays);
  const atFirst = signal.t0Days - (t0Days + cycles * periodDays);
  const transits = Math.max(0, Math.floor((last - signal.t0Days) / signal.periodDays));
  const atLast = atFirst + transits * (signal.periodDays - periodDays);
  const driftDays = Math.max(Math.abs(atFirst), Math.abs(atLast));
  const value = (24 * driftDays) / signal.durationHours;
  const isFail = value > threshold;
  const numbers = `at most ${(1440 * driftDays).toFixed(1)} min, ${value.toFixed(2)} of the duration`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, value > 0.6 * threshold),
    message: isFail
      ? `The fit found other events than the search: they differ by ${numbers}.`
      : `Search and fit agree on the transits: they differ by ${numbers}.`,
  };
}
