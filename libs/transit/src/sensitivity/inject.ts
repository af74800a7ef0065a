/**
 * Planets put into the files of a target as the star's own light would have carried them: before
 * anything is cleaned or detrended, so that whatever the pipeline does to transits is done to them.
 *
 * Pure: inputs are left alone.
 */
import { bandOf, limbDarkeningOf } from '../limb-darkening.js';
import { markTransits } from '../transit-mask.js';
import { transitFlux, type TransitModel } from '../transit-model.js';
import type { Segment, Signal, Star } from '../types.js';

/** Half of what is masked around the transits of a known signal, in durations: as in the search. */
const MASK_DURATIONS = 0.85;

/** Added to the file's times to make the curve's, as `stitch` does. */
const shiftOf = (segment: Segment, timeOffsetDays: number) =>
  Number.isFinite(timeOffsetDays) ? segment.timeOffsetDays - timeOffsetDays : 0;

/**
 * The files with the planet's transits in them, each averaged over the file's exposure.
 *
 * @param planet its `t0Days` in the time of the stitched curve
 * @param timeOffsetDays of the stitched curve
 */
export function injectPlanet(
  segments: readonly Segment[],
  planet: TransitModel,
  timeOffsetDays: number,
): Segment[] {
  return segments.map((segment) => {
    const shift = shiftOf(segment, timeOffsetDays);
    const model = { ...planet, t0Days: planet.t0Days - shift };
    const relative = transitFlux(model, segment.timeDays, segment.exposureDays);
    return { ...segment, flux: segment.flux.map((value, i) => value * relative[i]) };
  });
}

/** The files without the transits of signals that are known: their points are missing. */
export function maskSignals(
  segments: readonly Segment[],
  signals: readonly Signal[],
  timeOffsetDays: number,
): readonly Segment[] {
  if (signals.length === 0) return segments;
  return segments.map((segment) => {
    const shift = shiftOf(segment, timeOffsetDays);
    const own = signals.map((signal) => ({ ...signal, t0Days: signal.t0Days - shift }));
    const marks = markTransits(segment.timeDays, own, MASK_DURATIONS);
    return { ...segment, flux: segment.flux.map((value, i) => (marks[i] ? NaN : value)) };
  });
}

export const limbDarkeningFor = (segments: readonly Segment[], star: Star) =>
  limbDarkeningOf(star, bandOf(segments[0].mission)).coefficients;
