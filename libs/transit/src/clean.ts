/**
 * Takes away what is certainly not a transit: flagged and missing points before stitching, upward
 * outliers and flares after it. Nothing downward is removed, however improbable: that is what the
 * search looks for.
 *
 * Flares: at least three neighbours above three σ (Chang, Byun & Hartman 2015, ApJ 814, 35), and
 * their decay until it is below one σ. Single outliers: above five σ.
 */
import { Scratch } from '#kernels';
import { followTrend, stretches } from './detrend.js';
import { unmarkedIndices, valuesAt } from './indices.js';
import { robustScatter } from './robust.js';
import type { Cleaning, LightCurve, Segment } from './types.js';

/** Window of the running median that flares stand out from; a flare lasts minutes to few hours. */
export const LEVEL_DAYS = 0.4;
const OUTLIER_SIGMAS = 5;
const FLARE_SIGMAS = 3;
const FLARE_POINTS = 3;
const DECAY_SIGMAS = 1;
/** A file that would lose more than this varies; it is not outliers that are being seen. */
const LARGEST_LOSS = 0.03;

/**
 * The segment without missing and flagged points.
 *
 * @param scratch that its arrays are taken of. @default fresh memory
 */
export function dropBadPoints(
  segment: Segment,
  scratch = new Scratch(),
): {
  segment: Segment;
  cleaning: Pick<Cleaning, 'nonFinite' | 'flagged'>;
} {
  const { timeDays, flux, flagged } = segment;
  const kept = new Uint32Array(timeDays.length);
  let count = 0;
  let nonFinite = 0;
  for (let i = 0; i < timeDays.length; i++) {
    if (!Number.isFinite(timeDays[i]) || !Number.isFinite(flux[i])) nonFinite++;
    else if (!flagged?.[i]) kept[count++] = i;
  }
  const picked = (values: Float64Array) =>
    valuesAt(values, kept.subarray(0, count), scratch.float64(count));
  return {
    segment: {
      ...segment,
      timeDays: picked(timeDays),
      flux: picked(flux),
      fluxError: segment.fluxError && picked(segment.fluxError),
      flagged: null,
    },
    cleaning: { nonFinite, flagged: timeDays.length - count - nonFinite },
  };
}

export interface Cleaned {
  readonly curve: LightCurve;
  /** (N,) running median that flares were told by, over `LEVEL_DAYS`. */
  readonly level: Float64Array;
  readonly outliers: number;
}

/** The curve without upward outliers and flares. Scatter and limits are each file's own. */
export function dropUpwardOutliers(curve: LightCurve): Cleaned {
  const level = followTrend(curve, { method: 'median', windowDays: LEVEL_DAYS });
  const excess = new Float64Array(level.length);
  for (let i = 0; i < excess.length; i++) excess[i] = curve.flux[i] / level[i] - 1;
  const dropped = new Uint8Array(excess.length);
  for (const [from, to] of stretches(curve, Infinity)) {
    const sigma = robustScatter(excess.subarray(from, to), 0);
    if (!(sigma > 0)) continue;
    const marks = markUpward(excess.subarray(from, to), sigma);
    let marked = 0;
    for (const mark of marks) marked += mark;
    if (marked <= LARGEST_LOSS * marks.length) dropped.set(marks, from);
  }
  const kept = unmarkedIndices(dropped);
  const outliers = dropped.length - kept.length;
  if (outliers === 0) return { curve, level, outliers };
  return { curve: pointsAt(curve, kept), level: valuesAt(level, kept), outliers };
}

function markUpward(excess: Float64Array, sigma: number): Uint8Array {
  const n = excess.length;
  const marks = new Uint8Array(n);
  for (let i = 0; i < n;) {
    let end = i;
    while (end < n && excess[end] > FLARE_SIGMAS * sigma) end++;
    if (end - i >= FLARE_POINTS) {
      while (end < n && excess[end] > DECAY_SIGMAS * sigma) end++;
      marks.fill(1, i, end);
    } else {
      for (let j = i; j < end; j++) if (excess[j] > OUTLIER_SIGMAS * sigma) marks[j] = 1;
    }
    i = Math.max(end, i + 1);
  }
  return marks;
}

/** The points that bear no mark, in order. */
export function unmarkedPoints(curve: LightCurve, marks: Uint8Array): LightCurve {
  return pointsAt(curve, unmarkedIndices(marks));
}

function pointsAt(curve: LightCurve, kept: Uint32Array): LightCurve {
  const segment = new Uint16Array(kept.length);
  for (let k = 0; k < kept.length; k++) segment[k] = curve.segment[kept[k]];
  return {
    ...curve,
    timeDays: valuesAt(curve.timeDays, kept),
    flux: valuesAt(curve.flux, kept),
    fluxError: valuesAt(curve.fluxError, kept),
    segment,
  };
}
