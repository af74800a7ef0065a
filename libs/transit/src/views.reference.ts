/** The slow twin of views.ts, bin by bin from the definition: O(N · bins). */
import { median } from './robust.js';
import type { LightCurve, Signal } from './types.js';
import { type CandidateViews, foldedPeriodDays } from './views.js';

type Ephemeris = Pick<Signal, 'periodDays' | 't0Days' | 'durationHours' | 'depthPpm'>;

export function referenceViews(curve: LightCurve, signal: Ephemeris): CandidateViews {
  const period = foldedPeriodDays(curve.timeDays, signal);
  const reach = Math.min((3 * signal.durationHours) / 24, period / 2);
  const points = Array.from(curve.timeDays, (time, i) => {
    const cycle = Math.floor((time - signal.t0Days) / period + 0.5);
    const offset = ((time - signal.t0Days) / period - cycle) * period;
    return { cycle, offset, flux: curve.flux[i] };
  });

  const orbit = binMedians(points, 560, period / 2, 0);
  const around = [...orbit, ...orbit, ...orbit];
  const global = orbit.map((_, b) => lineThrough(around, b + 560));
  const level = median(global);
  const scaled = (values: number[]) =>
    values.map((value) => Math.min(5, Math.max(-5, (1e6 * (value - level)) / signal.depthPpm)));

  const halves = [0, 1]
    .map((parity) => points.filter(({ cycle }) => Math.abs(cycle % 2) === parity))
    .map((own) => binMedians(own, 112, reach, 1))
    .filter((bins) => bins.some(Number.isFinite))
    .map((bins) => scaled(bins.map((_, b) => lineThrough(bins, b))));
  const core = Math.max(1, Math.floor((56 * 0.25 * signal.durationHours) / 24 / reach));
  const depthOf = (half: number[]) =>
    half.slice(Math.max(0, 56 - core), 56 + core).reduce((sum, value) => sum + value, 0);
  halves.sort((a, b) => depthOf(a) - depthOf(b));
  const shown =
    halves.length === 0 ? new Array<number>(224).fill(0) : [...halves[0], ...halves.at(-1)!];
  return { global: Float32Array.from(scaled(global)), local: Float32Array.from(shown) };
}

/** Median of every point whose bin of -reach to reach is this one or a neighbour. */
function binMedians(
  points: readonly { readonly offset: number; readonly flux: number }[],
  bins: number,
  reach: number,
  neighbours: number,
): number[] {
  return Array.from({ length: bins }, (_, b) => {
    const own = points.filter(({ offset }) => {
      if (Math.abs(offset) > reach) return false;
      const bin = Math.min(bins - 1, Math.floor((0.5 + offset / (2 * reach)) * bins));
      return Math.abs(bin - b) <= neighbours;
    });
    return median(own.map(({ flux }) => flux));
  });
}

/** The value at a place, or that of the line between the nearest ones, or the nearest one. */
function lineThrough(values: readonly number[], at: number): number {
  let [left, right] = [at, at];
  while (left >= 0 && !Number.isFinite(values[left])) left--;
  while (right < values.length && !Number.isFinite(values[right])) right++;
  if (left < 0) return values[right];
  if (right >= values.length || left === right) return values[left];
  return values[left] + ((at - left) / (right - left)) * (values[right] - values[left]);
}
