/**
 * From the files of one target to a curve that can be searched: flagged points dropped, stitched,
 * upward outliers dropped, detrended.
 */
import { dropBadPoints, dropUpwardOutliers } from './clean.js';
import { chooseWindowDays, defaultWindowDays } from './detrend-window.js';
import { detrend } from './detrend.js';
import { longestPeriodDays } from './search.js';
import { stitch } from './stitch.js';
import type { Cleaning, DetectionParams, Detrending, LightCurve, Segment, Star } from './types.js';

export interface Prepared {
  /** What is known of the star, from the first file that says something. */
  readonly star: Star;
  /** Cleaned and stitched, before detrending. */
  readonly raw: LightCurve;
  readonly detrended: LightCurve;
  readonly cleaning: Cleaning;
  readonly detrending: Detrending;
  readonly warnings: readonly string[];
}

/** @throws {CannotStitchError} where the files cannot be one curve. */
export function prepare(
  segments: readonly Segment[],
  params: Pick<DetectionParams, 'detrend' | 'windowDays' | 'maxPeriodDays'>,
): Prepared {
  const kept = segments.map(dropBadPoints);
  const stitched = stitch(kept.map(({ segment }) => segment));
  const { curve: raw, outliers } = dropUpwardOutliers(stitched.curve);
  const star = mergeStars(segments);
  const windowDays = params.windowDays ?? ownWindowDays(raw, star, params);
  const { curve: detrended, detrending } = detrend(raw, { method: params.detrend, windowDays });
  const sum = (pick: (cleaning: { nonFinite: number; flagged: number }) => number) =>
    kept.reduce((total, { cleaning }) => total + pick(cleaning), 0);
  return {
    star,
    raw,
    detrended,
    cleaning: {
      nonFinite: sum(({ nonFinite }) => nonFinite),
      flagged: sum(({ flagged }) => flagged),
      outliers,
    },
    detrending,
    warnings: stitched.warnings,
  };
}

function ownWindowDays(
  raw: LightCurve,
  star: Star,
  params: Pick<DetectionParams, 'detrend' | 'maxPeriodDays'>,
): number {
  const longest = defaultWindowDays(star, longestPeriodDays(raw, params.maxPeriodDays));
  return params.detrend === 'none' ? longest : chooseWindowDays(raw, longest);
}

/** Field by field the first file that knows it. */
function mergeStars(segments: readonly Segment[]): Star {
  return segments.reduceRight<Star>((star, segment) => {
    const known = Object.entries(segment.star).filter(([, value]) => Number.isFinite(value));
    return { ...star, ...Object.fromEntries(known) };
  }, {});
}
