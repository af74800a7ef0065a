/**
 * How long the detrending window should be.
 *
 * Three times the longest transit that the search expects keeps more than 99 % of its depth (Hippke
 * et al. 2019, section 4.2). A spotted star that turns within a few days survives such a window, and
 * its spots bury the transits; so the window is shortened step by step for as long as each step
 * takes away a good part of the scatter on the time scale of short transits. Eclipsing binaries and
 * stars that are quiet gain nothing from the first step, and keep the long window: their dips are
 * shorter than it, or as fast as the window can follow.
 */
import { followTrend } from './detrend.js';
import { durationRange, stellarDensity } from './period-grid.js';
import { binPoints, searchPoints } from './points.js';
import { robustScatter } from './robust.js';
import type { LightCurve, Star } from './types.js';

const WINDOW_DURATIONS = 3;
/** Longer windows follow no instrument; shorter ones eat transits of two hours. */
const LONGEST_WINDOW_DAYS = 3;
const SHORTEST_WINDOW_DAYS = 0.3;
const SHORTEST_DEFAULT_DAYS = 0.5;
const STEP = 1.5;
/** A step must leave less than this share of the scatter. */
const WORTHWHILE = 0.75;
/** Time scale of the scatter: a transit of a hot planet. */
const SCALE_DAYS = 2.5 / 24;
/** The choice is made on bins: half an hour, the long cadence. */
const BIN_DAYS = 0.5 / 24;

/** Longest transit that a window keeps: half of it, so that the median is out of transit. */
export const LONGEST_DURATION_WINDOWS = 0.5;

/** The window for this star and longest period, before looking at the curve. */
export function defaultWindowDays(star: Star, maxPeriodDays: number): number {
  const density = stellarDensity(star);
  const { longestDays } = durationRange(maxPeriodDays, density);
  const windowDays = WINDOW_DURATIONS * longestDays;
  return Math.min(LONGEST_WINDOW_DAYS, Math.max(SHORTEST_DEFAULT_DAYS, windowDays));
}

/** The default window, shortened where the star's own changes demand it. */
export function chooseWindowDays(curve: LightCurve, defaultDays: number): number {
  const binned = binCurve(curve);
  let chosen = defaultDays;
  let scatter = slowScatter(binned, chosen);
  while (chosen > SHORTEST_WINDOW_DAYS) {
    const shorter = Math.max(SHORTEST_WINDOW_DAYS, chosen / STEP);
    const remaining = slowScatter(binned, shorter);
    // The last step may be shorter than STEP: ask the same rate of it.
    const share = WORTHWHILE ** (Math.log(chosen / shorter) / Math.log(STEP));
    if (!(remaining < share * scatter)) break;
    chosen = shorter;
    scatter = remaining;
  }
  return chosen;
}

function binCurve(curve: LightCurve): LightCurve {
  if (curve.timeDays.length < 2 || Math.max(...curve.exposureDays) > BIN_DAYS / 2) return curve;
  const { timeDays, dip } = binPoints(curve, searchPoints(curve), BIN_DAYS);
  // Files need no telling apart here: they differ in level by less than the scatter sought.
  return {
    ...curve,
    timeDays,
    flux: dip.map((value) => 1 - value),
    fluxError: new Float64Array(timeDays.length).fill(1),
    segment: new Uint16Array(timeDays.length),
  };
}

/** MAD of the means over `SCALE_DAYS` after detrending with this window. */
function slowScatter(curve: LightCurve, windowDays: number): number {
  const trend = followTrend(curve, { method: 'biweight', windowDays });
  const { timeDays, flux } = curve;
  const means: number[] = [];
  for (let i = 0; i < timeDays.length;) {
    const edge = timeDays[i] + SCALE_DAYS;
    let sum = 0;
    let count = 0;
    for (; i < timeDays.length && timeDays[i] < edge; i++, count++) sum += flux[i] / trend[i] - 1;
    means.push(sum / count);
  }
  return robustScatter(means, 0);
}
