/** Puts a fit into the terms of the results: physical parameters, their errors, what follows from them. */
import { limbDarkeningOf, bandOf } from '../limb-darkening.js';
import { assumeStar } from '../star.js';
import {
  axisRatioFromDensity,
  densityFromOrbit,
  fullTransitDurationHours,
  inclinationDegrees,
  transitDurationHours,
  transitFlux,
} from '../transit-model.js';
import type { Estimate, TransitFit } from '../types.js';
import type { FitRequest } from './adapter.js';
import { planetEstimates } from './planet.js';
import { binPoints, pointsNearTransits } from './fold.js';

/** Shown and fitted on either side of mid-transit, in durations. */
export const HALF_WINDOW_DURATIONS = 1.5;
/** Bins across a transit in the folded curve. */
const BINS_PER_DURATION = 30;

export const unknownError = (value: number): Estimate => ({ value, error: NaN });

/** Half of what is fitted around each transit; never so wide that neighbouring windows overlap. */
export function halfWindowDays(periodDays: number, durationHours: number, exposureDays: number) {
  const durationDays = durationHours / 24;
  const wanted = Math.max(HALF_WINDOW_DURATIONS * durationDays, durationDays + 2 * exposureDays);
  return Math.min(wanted, 0.49 * periodDays);
}

export function binWidthDays(durationHours: number): number {
  return durationHours / 24 / BINS_PER_DURATION;
}

/**
 * The search's own numbers in the form of a fit: a central transit of a uniform disk whose a/R* gives
 * the measured duration. What is reported where no fit converged, and by the mock.
 */
export function fitFromSearch(
  request: FitRequest,
  answer: { backend: string; success: boolean; message: string },
): TransitFit {
  const { signal, star, mission, curve } = request;
  const limbDarkening = limbDarkeningOf(star, bandOf(mission));
  const radiusRatio = Math.sqrt(Math.min(1, Math.max(0, signal.depthPpm * 1e-6)));
  const durationDays = Math.min(signal.durationHours / 24, 0.49 * signal.periodDays);
  const assumed = assumeStar(star);
  const fromDuration = (1 + radiusRatio) / Math.sin((Math.PI * durationDays) / signal.periodDays);
  const fromDensity = axisRatioFromDensity(signal.periodDays, assumed.densityCgs);
  const axisRatio =
    fromDuration > 1 && Number.isFinite(fromDuration) ? fromDuration : Math.max(1.01, fromDensity);
  const model = {
    periodDays: signal.periodDays,
    t0Days: signal.t0Days,
    radiusRatio,
    impact: 0,
    axisRatio,
    limbDarkening: [0, 0] as const,
  };
  const exposure = longestExposure(curve.exposureDays, signal.periodDays);
  const folded = binPoints(
    pointsNearTransits(
      curve,
      signal.periodDays,
      signal.t0Days,
      halfWindowDays(signal.periodDays, transitDurationHours(model), exposure),
    ),
    binWidthDays(transitDurationHours(model)),
    1,
  );
  const centred = folded.fromMidDays.map((days) => days + signal.t0Days);
  return {
    ...answer,
    joint: false,
    periodDays: unknownError(signal.periodDays),
    t0Days: unknownError(signal.t0Days),
    radiusRatio: unknownError(radiusRatio),
    impact: unknownError(0),
    axisRatio: unknownError(axisRatio),
    durationHours: unknownError(signal.durationHours),
    depthPpm: unknownError(signal.depthPpm),
    fullDurationHours: unknownError(fullTransitDurationHours(model)),
    inclinationDeg: unknownError(inclinationDegrees(0, axisRatio)),
    stellarDensity: unknownError(densityFromOrbit(signal.periodDays, axisRatio)),
    ...planetEstimates(request, unknownError(radiusRatio), unknownError(axisRatio)),
    limbDarkening: limbDarkening.coefficients,
    limbDarkeningSource: limbDarkening.source,
    chi2: 0,
    degreesOfFreedom: 0,
    folded: {
      hours: folded.fromMidDays.map((days) => 24 * days),
      flux: folded.flux,
      fluxError: folded.fluxError,
      model: transitFlux(model, centred, clampExposures(folded.exposureDays, signal.periodDays)),
    },
  };
}

export function longestExposure(exposureDays: Float64Array, periodDays: number): number {
  let longest = 0;
  for (const exposure of exposureDays) longest = Math.max(longest, exposure);
  return Math.min(longest, 0.25 * periodDays);
}

/** An exposure as long as the period has no model; half of it already shows nothing. */
export function clampExposures(exposureDays: Float64Array, periodDays: number): Float64Array {
  const clamped = new Float64Array(exposureDays.length);
  const longest = 0.5 * periodDays;
  for (let i = 0; i < clamped.length; i++) clamped[i] = Math.min(exposureDays[i], longest);
  return clamped;
}
