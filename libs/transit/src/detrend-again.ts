/**
 * Detrending once more, when the transits are known: they no longer bend the trend that is divided
 * out, and so keep their whole depth. On simulated and real curves of one to many quarters and sectors
 * that is worth 3 to 9 % of signal to noise and of depth for a planet of SNR 10 to 40, up to 20 %
 * where transits are long for the window or follow each other within it, and nothing for deep ones,
 * which a biweight ignores by itself.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { Scratch } from '#kernels';
import { detrend } from './detrend.js';
import { durationPrior } from './duration-prior.js';
import { redSnr } from './noise.js';
import { stellarDensity } from './period-grid.js';
import { type Points, roomFor, withoutTransits } from './points.js';
import { measure } from './signals.js';
import { markTransits } from './transit-mask.js';
import { snrAt } from './transit-sums.js';
import type { Detrending, LightCurve, Signal, Star } from './types.js';
import { estimateRedNoise, whiten } from './whitening.js';

/** Half of what does not shape the trend around a mid-time, in durations. */
const IGNORED_DURATIONS = 0.6;
/** Where more than this part of a curve is in transit, the trend has too little to follow. */
const MOST_IGNORED = 0.5;

/** The curve and its trend, followed beside the transits of these signals only. O(N log W). */
export function detrendAgain(
  raw: LightCurve,
  signals: readonly Signal[],
  first: { readonly detrended: LightCurve; readonly detrending: Detrending },
  report?: (fraction: number) => void,
): { readonly detrended: LightCurve; readonly detrending: Detrending } {
  const { detrending } = first;
  if (detrending.method === 'none' || signals.length === 0) return first;
  const ignored = markTransits(raw.timeDays, signals, IGNORED_DURATIONS);
  let count = 0;
  for (const mark of ignored) count += mark;
  if (count > MOST_IGNORED * ignored.length) return first;
  const { curve, detrending: again } = detrend(raw, { ...detrending, ignored, report });
  return { detrended: curve, detrending: { ...detrending, trend: again.trend } };
}

/**
 * The signal with depth and signal to noise as they are in these points, by the search's own measure. A
 * single event is left as it was: its depth is measured against what surrounds it.
 *
 * @param plain the detrended curve's points (points.ts), without the transits of other signals.
 */
export function measuredAgain(
  plain: Points,
  star: Star,
  signal: Signal,
  scratch = new Scratch(),
): Signal {
  const { periodDays, t0Days } = signal;
  if (!Number.isFinite(periodDays)) return signal;
  const ephemeris = { periodDays, t0Days, durationDays: signal.durationHours / 24 };
  const red = scratch.during(() => {
    const room = roomFor(plain, scratch);
    const outside = withoutTransits(plain, t0Days, periodDays, ephemeris.durationDays, room);
    return estimateRedNoise(outside, scratch);
  });
  const { depth, variance, noise } = scratch.during(() => {
    const whitened = whiten(plain, red, scratch);
    return measure(whitened, ephemeris, whitened, scratch);
  });
  if (!(depth > 0 && Number.isFinite(variance))) return signal;
  const snr = redSnr(depth, variance, noise, signal.transitsObserved);
  return {
    ...signal,
    depthPpm: 1e6 * depth,
    whiteSnr: snrAt(plain, ephemeris),
    snr,
    score: durationPrior(stellarDensity(star)).score(snr, periodDays, ephemeris.durationDays),
  };
}
