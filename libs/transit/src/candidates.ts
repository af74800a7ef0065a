/**
 * The candidates of one target as they are judged: each in a curve without the others, whose trend no
 * transit shapes, measured once more. What comes before the fit in `detect`, for those who need no more:
 * the training of models and their checks.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { Scratch } from '#kernels';
import { detrendAgain, measuredAgain } from './detrend-again.js';
import { type Points, searchPoints } from './points.js';
import { prepare } from './prepare.js';
import { search } from './search.js';
import { withoutTransitsOf } from './transit-mask.js';
import type { DetectionParams, LightCurve, Segment, Signal, Star } from './types.js';

/** Half of what is masked around the transits of another candidate, in durations: as in the search. */
export const MASK_DURATIONS = 0.85;

export interface FoundCandidate {
  /** Without the transits of the others. */
  readonly curve: LightCurve;
  readonly points: Points;
  /** As measured in `curve`. */
  readonly signal: Signal;
}

/** @param signals all that were found, `searched` among them */
export function candidateAlone(
  detrended: LightCurve,
  searched: Signal,
  signals: readonly Signal[],
  star: Star,
  scratch: Scratch,
): FoundCandidate {
  const others = signals.filter((other) => other !== searched);
  const curve = withoutTransitsOf(detrended, others, MASK_DURATIONS);
  const points = searchPoints(curve);
  return { curve, points, signal: measuredAgain(points, star, searched, scratch) };
}

/**
 * @param segments the files of one target, in any order
 * @throws what `detect` throws before the fit.
 */
export function findCandidates(
  segments: readonly Segment[],
  params: DetectionParams,
): FoundCandidate[] {
  const scratch = new Scratch();
  const prepared = prepare(segments, params);
  const { windowDays } = prepared.detrending;
  const searchParams = params.detrend === 'none' ? params : { ...params, windowDays };
  const { star, detrended, raw } = prepared;
  const { rounds } = search(detrended, star, searchParams, () => {}, { scratch });
  const signals = rounds.flatMap(({ signal }) => (signal ? [signal] : []));
  const again = detrendAgain(raw, signals, prepared).detrended;
  const found = signals.map((each) => candidateAlone(again, each, signals, star, scratch));
  scratch.free();
  return found;
}
