/**
 * How red the noise is at the durations of the search: the scatter of the single-event statistic,
 * which would be 1 if the noise were white (Jenkins 2002, ApJ 575, 493). Transits are few among the
 * moments, and the scatter is robust, so that they need not be masked.
 */
import type { SingleEvents } from './single-events.js';

export interface NoiseLadder {
  /** (D,) increasing. */
  readonly durationsDays: readonly number[];
  /** (D,) scatter over white noise's, ≥ 1. */
  readonly redness: readonly number[];
}

/** One step per duration; of several series of one duration the first. */
export function noiseLadder(events: readonly SingleEvents[]): NoiseLadder {
  const steps = events
    .filter((each, i) => events.findIndex((one) => one.durationDays === each.durationDays) === i)
    .sort((a, b) => a.durationDays - b.durationDays);
  return {
    durationsDays: steps.map(({ durationDays }) => durationDays),
    redness: steps.map(({ redness }) => redness),
  };
}

/** Scatter over white noise's at any duration, ≥ 1: interpolated in the logarithm of duration. */
export function rednessAt(ladder: NoiseLadder, durationDays: number): number {
  return interpolate(ladder.durationsDays, ladder.redness, durationDays);
}

function interpolate(at: readonly number[], values: readonly number[], x: number): number {
  const last = at.length - 1;
  if (!(x > at[0])) return values[0];
  if (x >= at[last]) return values[last];
  let i = 0;
  while (at[i + 1] < x) i++;
  const part = Math.log(x / at[i]) / Math.log(at[i + 1] / at[i]);
  return values[i] + part * (values[i + 1] - values[i]);
}
