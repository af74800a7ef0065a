/**
 * How a curve is detrended: window and passes, from the transits that are searched for and from how
 * fast the star itself changes.
 *
 * Three times the longest transit that the search expects keeps more than 99 % of its depth where it
 * stands out of the noise (Hippke et al. 2019, section 4.2). A spotted star that turns within a few
 * days or weeks survives such a window, and what is left of its spots buries shallow transits, or
 * passes for one. So where the rotation is measured, what window and passes would leave of it is
 * known beforehand: the trend is followed twice, in the longest window that leaves less than a tenth
 * of the scatter on the time scale of a short transit. Where a star changes fast without a period,
 * the window is shortened step by step for as long as each step takes away a good part of that
 * scatter. Either has to prove itself on the curve. Eclipsing binaries and quiet stars gain nothing,
 * and keep the long window: their dips are shorter than it, or as fast as the window can follow.
 */
import { unmarkedPoints } from './clean.js';
import { followTrend } from './detrend.js';
import { durationRange, stellarDensity } from './period-grid.js';
import { binPoints, searchPoints } from './points.js';
import { medianInPlace, pointToPointScatter, robustScatter } from './robust.js';
import { type Rotation, rotationAmplitudePpm, sinc } from './rotation.js';
import type { LightCurve, Star } from './types.js';

const WINDOW_DURATIONS = 3;
/** Longer windows follow no instrument; shorter ones eat transits of two hours. */
const LONGEST_WINDOW_DAYS = 3;
const SHORTEST_WINDOW_DAYS = 0.3;
const SHORTEST_DEFAULT_DAYS = 0.5;
const STEP = 1.5;
/** A step must leave less than this share of the scatter. */
const WORTHWHILE = 0.75;
/** What may be left of the rotation, in scatters on the time scale below. */
const MOST_LEFT = 0.1;
/** Time scale of the scatter: a transit of a hot planet. */
const SCALE_DAYS = 2.5 / 24;
/** The choice is made on bins: half an hour, the long cadence. */
const BIN_DAYS = 0.5 / 24;
/** Files that are looked at, evenly among all: the scatter is known to 2 % from one quarter. */
const MOST_FILES = 4;

/** Longest transit that a window keeps: half of it, so that the median is out of transit. */
export const LONGEST_DURATION_WINDOWS = 0.5;

export interface DetrendingChoice {
  readonly windowDays: number;
  readonly passes: 1 | 2;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** The window for this star and longest period, before looking at the curve. */
export function defaultWindowDays(star: Star, maxPeriodDays: number): number {
  const density = stellarDensity(star);
  const { longestDays } = durationRange(maxPeriodDays, density);
  const windowDays = WINDOW_DURATIONS * longestDays;
  return Math.min(LONGEST_WINDOW_DAYS, Math.max(SHORTEST_DEFAULT_DAYS, windowDays));
}

/** The default window, once, unless the star's own changes demand more. */
export function chooseDetrending(
  curve: LightCurve,
  defaultDays: number,
  rotation: Rotation | null,
): DetrendingChoice {
  const binned = binCurve(curve);
  const defaultScatter = slowScatter(binned, defaultDays, 1);
  const turning = rotation && forRotation(rotation, defaultDays, 1e6 * whiteScatter(curve));
  if (turning) {
    const scatter = slowScatter(binned, turning.windowDays, 2);
    if (scatter / kept(turning.windowDays) < defaultScatter / kept(defaultDays)) {
      return { ...turning, reason: rotationSentence(rotation, defaultDays, turning) };
    }
  }
  const { windowDays, scatter } = shorten(binned, defaultDays, defaultScatter);
  if (windowDays < defaultDays) {
    return {
      windowDays,
      passes: 1,
      reason:
        `The star changes fast: a window of ${days(windowDays)} instead of ${days(defaultDays)} ` +
        `leaves ${percent(scatter / defaultScatter)} of the scatter over 2.5 h. ` +
        `Transits longer than ${hours(LONGEST_DURATION_WINDOWS * windowDays)} are lost.`,
    };
  }
  return {
    windowDays,
    passes: 1,
    reason: `Three times the longest transit searched, at most ${days(LONGEST_WINDOW_DAYS)}: nothing that the star does asks for a shorter one.`,
  };
}

/** What is left of a rotation, in ppm: semi-amplitude after a window and so many passes. */
export function leftOfRotationPpm(rotation: Rotation, windowDays: number, passes: 1 | 2): number {
  const left = rotation.harmonicsPpm.map((ppm, k) => {
    const share = 1 - sinc((windowDays * (k + 1)) / rotation.periodDays);
    return ppm * share ** passes;
  });
  return Math.hypot(...left);
}

/** null where one pass of the default window is enough. */
function forRotation(
  rotation: Rotation,
  defaultDays: number,
  scatterPpm: number,
): { windowDays: number; passes: 2 } | null {
  const most = MOST_LEFT * scatterPpm;
  if (leftOfRotationPpm(rotation, defaultDays, 1) <= most) return null;
  let windowDays = defaultDays;
  while (windowDays > SHORTEST_WINDOW_DAYS && leftOfRotationPpm(rotation, windowDays, 2) > most) {
    windowDays = Math.max(SHORTEST_WINDOW_DAYS, windowDays / STEP);
  }
  return { windowDays, passes: 2 };
}

function rotationSentence(
  rotation: Rotation,
  defaultDays: number,
  { windowDays }: { readonly windowDays: number },
): string {
  const lost =
    windowDays < defaultDays
      ? ` Transits longer than ${hours(LONGEST_DURATION_WINDOWS * windowDays)} are lost.`
      : '';
  return (
    `The star turns in ${days(rotation.periodDays)} with ${ppm(rotationAmplitudePpm(rotation))}: ` +
    `followed twice in a window of ${days(windowDays)}, ` +
    `${ppm(leftOfRotationPpm(rotation, windowDays, 2))} of it are left instead of ` +
    `${ppm(leftOfRotationPpm(rotation, defaultDays, 1))}.${lost}`
  );
}

function shorten(
  binned: LightCurve,
  defaultDays: number,
  defaultScatter: number,
): { windowDays: number; scatter: number } {
  let windowDays = defaultDays;
  let scatter = defaultScatter;
  while (windowDays > SHORTEST_WINDOW_DAYS) {
    const shorter = Math.max(SHORTEST_WINDOW_DAYS, windowDays / STEP);
    const remaining = slowScatter(binned, shorter, 1);
    // The last step may be shorter than STEP: ask the same rate of it.
    const share = WORTHWHILE ** (Math.log(windowDays / shorter) / Math.log(STEP));
    if (!(remaining < share * scatter)) break;
    windowDays = shorter;
    scatter = remaining;
  }
  return { windowDays, scatter };
}

/** What a window keeps of the depth of a transit of `SCALE_DAYS` that is lost in the noise. */
const kept = (windowDays: number): number => 1 - SCALE_DAYS / windowDays;

/** Scatter of means over `SCALE_DAYS` if the noise were white. */
function whiteScatter({ timeDays, flux }: LightCurve): number {
  const steps = new Float64Array(Math.max(0, timeDays.length - 1));
  for (let i = 0; i < steps.length; i++) steps[i] = timeDays[i + 1] - timeDays[i];
  const points = Math.max(1, SCALE_DAYS / medianInPlace(steps));
  return pointToPointScatter(flux) / Math.sqrt(points);
}

const days = (value: number) => `${Number(value.toPrecision(3))} d`;
const hours = (value: number) => `${Number((24 * value).toPrecision(2))} h`;
const ppm = (value: number) => `${Number(value.toPrecision(2))} ppm`;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** A few of the files, in bins. */
function binCurve(curve: LightCurve): LightCurve {
  const part = fewFiles(curve);
  const longestExposure = part.exposureDays.reduce((most, each) => Math.max(most, each), 0);
  if (part.timeDays.length < 2 || longestExposure > BIN_DAYS / 2) return part;
  const { timeDays, dip } = binPoints(part, searchPoints(part), BIN_DAYS);
  // Files need no telling apart here: they differ in level by less than the scatter sought.
  return {
    ...part,
    timeDays,
    flux: dip.map((value) => 1 - value),
    fluxError: new Float64Array(timeDays.length).fill(1),
    segment: new Uint16Array(timeDays.length),
  };
}

function fewFiles(curve: LightCurve): LightCurve {
  const { segment } = curve;
  const isThere = new Uint8Array(curve.exposureDays.length);
  for (let i = 0; i < segment.length; i++) isThere[segment[i]] = 1;
  const files = [...isThere.keys()].filter((file) => isThere[file] === 1);
  if (files.length <= MOST_FILES) return curve;
  const step = (files.length - 1) / (MOST_FILES - 1);
  for (let k = 0; k < MOST_FILES; k++) isThere[files[Math.round(k * step)]] = 0; // to be looked at
  const passedOver = new Uint8Array(segment.length);
  for (let i = 0; i < segment.length; i++) passedOver[i] = isThere[segment[i]];
  return unmarkedPoints(curve, passedOver);
}

/** MAD of the means over `SCALE_DAYS` after detrending so. */
function slowScatter(curve: LightCurve, windowDays: number, passes: 1 | 2): number {
  const trend = followTrend(curve, { method: 'biweight', windowDays, passes });
  const { timeDays, flux } = curve;
  const means = new Float64Array(timeDays.length);
  let bins = 0;
  for (let i = 0; i < timeDays.length;) {
    const edge = timeDays[i] + SCALE_DAYS;
    let sum = 0;
    let count = 0;
    for (; i < timeDays.length && timeDays[i] < edge; i++, count++) sum += flux[i] / trend[i] - 1;
    means[bins++] = sum / count;
  }
  return robustScatter(means.subarray(0, bins), 0);
}
