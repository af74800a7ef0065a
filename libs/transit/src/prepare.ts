/**
 * From the files of one target to a curve that can be searched: flagged points dropped, stitched,
 * upward outliers dropped, detrended.
 */
import { Scratch } from '#kernels';
import { dropBadPoints, dropUpwardOutliers, LEVEL_DAYS } from './clean.js';
import { chooseDetrending, defaultWindowDays, type DetrendingChoice } from './detrend-window.js';
import { detrend } from './detrend.js';
import { measureRotation, type Rotation, rotationAmplitudePpm } from './rotation.js';
import { longestPeriodDays } from './search.js';
import { inOrder } from './segment-order.js';
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

/** Where each step ends, as parts of the whole: measured on a million points. */
const STEPS = { stitched: 0.2, cleaned: 0.4, chosen: 0.55 };

/**
 * @param files in any order
 * @param report gets the finished fraction after every step, and within the longest one.
 * @throws {CannotStitchError} where they cannot be one curve.
 */
export function prepare(
  files: readonly Segment[],
  params: Pick<DetectionParams, 'detrend' | 'windowDays' | 'maxPeriodDays'>,
  report: (fraction: number) => void = () => {},
): Prepared {
  const segments = inOrder(files);
  const scratch = new Scratch();
  const kept = segments.map((segment) => dropBadPoints(segment, scratch));
  const stitched = stitch(kept.map(({ segment }) => segment));
  scratch.free();
  report(STEPS.stitched);
  const { curve: raw, level, outliers } = dropUpwardOutliers(stitched.curve);
  const star = mergeStars(segments);
  report(STEPS.cleaned);
  const rotation = params.detrend === 'none' ? null : measureRotation(raw, level, LEVEL_DAYS);
  const choice = choose(raw, star, rotation, params);
  report(STEPS.chosen);
  const { curve: detrended, detrending } = detrend(raw, {
    method: params.detrend,
    ...choice,
    report: (fraction) => report(STEPS.chosen + (1 - STEPS.chosen) * fraction),
  });
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
    detrending: {
      ...detrending,
      ...choice,
      rotation: rotation && {
        periodDays: rotation.periodDays,
        amplitudePpm: rotationAmplitudePpm(rotation),
      },
    },
    warnings: stitched.warnings,
  };
}

function choose(
  raw: LightCurve,
  star: Star,
  rotation: Rotation | null,
  params: Pick<DetectionParams, 'detrend' | 'windowDays' | 'maxPeriodDays'>,
): DetrendingChoice {
  const longest = defaultWindowDays(star, longestPeriodDays(raw, params.maxPeriodDays));
  if (params.detrend === 'none') {
    return { windowDays: longest, passes: 1, reason: 'No detrending was asked for.' };
  }
  if (params.windowDays === null) return chooseDetrending(raw, longest, rotation);
  return { windowDays: params.windowDays, passes: 1, reason: 'The window that was asked for.' };
}

/** Field by field the first file that knows it. */
function mergeStars(segments: readonly Segment[]): Star {
  return segments.reduceRight<Star>((star, segment) => {
    const known = Object.entries(segment.star).filter(([, value]) => Number.isFinite(value));
    return { ...star, ...Object.fromEntries(known) };
  }, {});
}
