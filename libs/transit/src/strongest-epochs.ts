/**
 * The best epoch of each peak of the coarse search at exactly its period: every column of the fold
 * with its own denominator (the multiple-event statistic of Jenkins 2002, ApJ 575, 493).
 */
import { strongestColumns } from '#kernels';
import type { SingleEvents } from './single-events.js';
import type { Candidate } from './transit-sums.js';

/** A column that holds only the rim of a transit has a denominator close to 0. */
const LEAST_SHARE = 1e-3;

export interface Peak {
  readonly events: SingleEvents;
  readonly periodDays: number;
}

/** In the order of the peaks; SNR 0 where nothing dips. O(M) each, M moments of its series. */
export function strongestEpochs(peaks: readonly Peak[]): Candidate[] {
  const found: Candidate[] = new Array(peaks.length);
  for (const events of new Set(peaks.map((peak) => peak.events))) {
    const indices = [...peaks.keys()].filter((i) => peaks[i].events === events);
    const { numerator, denominator, stepDays, startDays, durationDays, redness } = events;
    const periods = Float64Array.from(indices, (i) => peaks[i].periodDays / stepDays);
    const least = LEAST_SHARE * events.typicalDenominator;
    const { column, power } = strongestColumns(numerator, denominator, periods, least);
    indices.forEach((i, at) => {
      found[i] = {
        periodDays: peaks[i].periodDays,
        t0Days: startDays + Math.max(0, column[at]) * stepDays,
        durationDays,
        snr: Math.sqrt(power[at]) / redness,
      };
    });
  }
  return found;
}
