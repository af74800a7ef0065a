import { lowerBound, type CandidateResult, type LightCurve } from '#transit';
import { fixed } from '../charts/scale.js';
import { decimalsOf, significant } from '../charts/number-text.js';

/** When a candidate's transits happen, from the fit where it converged, else from the search. */
export interface Ephemeris {
  /** null for a single event. */
  readonly periodDays: number | null;
  readonly periodErrorDays: number;
  /** Mid-time of the first transit, in the curve's own time. */
  readonly t0Days: number;
  /** > 0: an unknown one becomes 3 hours, so that there is a window to show. */
  readonly durationHours: number;
  /** NaN where neither the fit nor the search has one. */
  readonly depthPpm: number;
}

const FALLBACK_DURATION_HOURS = 3;

export function ephemerisOf({ signal, fit }: CandidateResult): Ephemeris {
  const best = (fitted: { readonly value: number }, searched: number): number =>
    fit.success && Number.isFinite(fitted.value) ? fitted.value : searched;
  const period = best(fit.periodDays, signal.periodDays);
  const duration = best(fit.durationHours, signal.durationHours);
  const isSingle = signal.transitsObserved < 2 || !(period > 0) || !Number.isFinite(period);
  return {
    periodDays: isSingle ? null : period,
    periodErrorDays: fit.success ? fit.periodDays.error : NaN,
    t0Days: best(fit.t0Days, signal.t0Days),
    durationHours: duration > 0 && Number.isFinite(duration) ? duration : FALLBACK_DURATION_HOURS,
    depthPpm: best(fit.depthPpm, signal.depthPpm),
  };
}

/** "P = 14.44912 d", as precise as its error allows. */
export function periodText({ periodDays, periodErrorDays }: Ephemeris): string {
  if (periodDays === null) return 'single transit, period unknown';
  const decimals = Math.min(decimalsOf(periodErrorDays, periodDays < 100 ? 5 : 4), 6);
  return `P = ${fixed(periodDays, decimals)} d`;
}

/** Title of a candidate's plot: its name, then period and SNR. */
export function candidateTitle(
  candidate: CandidateResult,
  what: string,
  target?: string,
): { readonly name: string; readonly details: readonly string[] } {
  const who = target ? `${target}, candidate ${candidate.rank}` : `Candidate ${candidate.rank}`;
  return {
    name: `${who}: ${what}`,
    details: [periodText(ephemerisOf(candidate)), `SNR ${significant(candidate.signal.snr, 3)}`],
  };
}

export interface Folded {
  /** (M,) hours from the centre. */
  readonly hours: Float64Array;
  /** (M,) relative to 1. */
  readonly flux: Float64Array;
  /** (M,) transits since the first. */
  readonly epoch: Int32Array;
}

/**
 * Points within `windowHours` of phase `centre` (0 is mid-transit), in order of time. A single
 * event is not folded: only its own surroundings are left. O(M + transits · log N).
 *
 * @param curve its times in order.
 */
export function fold(
  curve: LightCurve,
  { periodDays, t0Days }: Ephemeris,
  windowHours: number,
  centre = 0,
): Folded {
  const { timeDays, flux } = curve;
  const [hours, kept, epoch]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < timeDays.length;) {
    let days = timeDays[i] - t0Days;
    let cycle = 0;
    if (periodDays !== null) {
      cycle = Math.round(days / periodDays - centre);
      days -= (cycle + centre) * periodDays;
    }
    if (Math.abs(days) * 24 <= windowHours) {
      hours.push(days * 24);
      kept.push(flux[i]);
      epoch.push(cycle);
      i++;
    } else {
      const ahead = days < 0 ? -days : (periodDays ?? Infinity) - days;
      i = lowerBound(timeDays, timeDays[i] + ahead - windowHours / 24, i + 1);
    }
  }
  return {
    hours: new Float64Array(hours),
    flux: new Float64Array(kept),
    epoch: new Int32Array(epoch),
  };
}

/** Half the width of a plot around one transit: three durations, at most half the period. */
export function windowHours({ periodDays, durationHours }: Ephemeris, durations = 3): number {
  const wide = durations * durationHours;
  return periodDays === null ? wide : Math.min(wide, periodDays * 12);
}
