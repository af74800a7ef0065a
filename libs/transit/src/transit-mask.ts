/** Which points of a curve lie near the transits of signals. N is points. */
import { unmarkedPoints } from './clean.js';
import type { LightCurve, Signal } from './types.js';

/** From the nearest mid-time, negative before it. A signal without a period has one. */
export function daysFromTransit(
  timeDays: number,
  { periodDays, t0Days }: Pick<Signal, 'periodDays' | 't0Days'>,
): number {
  const fromFirst = timeDays - t0Days;
  if (!Number.isFinite(periodDays)) return fromFirst;
  return fromFirst - Math.round(fromFirst / periodDays) * periodDays;
}

/**
 * (N,) 1 within `halfDurations` durations of any mid-time. A signal without a period has one.
 * O(N · signals).
 */
export function markTransits(
  timeDays: Float64Array,
  signals: readonly Pick<Signal, 'periodDays' | 't0Days' | 'durationHours'>[],
  halfDurations: number,
): Uint8Array {
  const marks = new Uint8Array(timeDays.length);
  for (const signal of signals) {
    const reach = (halfDurations * signal.durationHours) / 24;
    for (let i = 0; i < marks.length; i++) {
      if (Math.abs(daysFromTransit(timeDays[i], signal)) <= reach) marks[i] = 1;
    }
  }
  return marks;
}

/** The curve without the points near the transits of these signals; itself where there are none. */
export function withoutTransitsOf(
  curve: LightCurve,
  signals: readonly Signal[],
  halfDurations: number,
): LightCurve {
  if (signals.length === 0) return curve;
  const marks = markTransits(curve.timeDays, signals, halfDurations);
  return unmarkedPoints(curve, marks);
}
