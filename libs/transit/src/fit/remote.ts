/**
 * Asks an HTTP service for the fit: `POST <url>` with the points around the transits, JSON in and out.
 *
 * Request  {time_days, flux, flux_error, exposure_days, period_days, t0_days, duration_hours,
 *           depth_ppm, limb_darkening, mission, star: {radius_sun, mass_sun,
 *           effective_temperature_k, logg, metallicity}}
 * Response {success, message, period_days, t0_days, radius_ratio, impact, axis_ratio,
 *           duration_hours, depth_ppm, stellar_density: each {value, error | null},
 *           inclination_deg, chi2, degrees_of_freedom}
 *
 * What follows from the answer (planet radius, equilibrium temperature, the folded curve with its
 * model) is computed here, so that two backends are compared on the same footing. A service that
 * cannot be reached or answers nonsense is a fit without success, with the search's own numbers.
 */
import { bandOf, limbDarkeningOf } from '../limb-darkening.js';
import { fullTransitDurationHours, transitFlux } from '../transit-model.js';
import type { Estimate, TransitFit } from '../types.js';
import type { AsyncTransitFitter, FitRequest } from './adapter.js';
import { inclinationOf } from './estimates.js';
import { binPoints, pointsNearTransits } from './fold.js';
import { planetEstimates } from './planet.js';
import {
  binWidthDays,
  clampExposures,
  fitFromSearch,
  halfWindowDays,
  longestExposure,
} from './result.js';
import { asRepeating, asSingleEvent, isSingleEvent } from './single-event.js';

/** The part of `fetch` that is needed; a time limit is the caller's, by an abort signal of its own. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string },
) => Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>;

const ESTIMATES = {
  periodDays: 'period_days',
  t0Days: 't0_days',
  radiusRatio: 'radius_ratio',
  impact: 'impact',
  axisRatio: 'axis_ratio',
  durationHours: 'duration_hours',
  depthPpm: 'depth_ppm',
  stellarDensity: 'stellar_density',
} as const;
type EstimateName = keyof typeof ESTIMATES;

class BadAnswerError extends Error {}

export function remoteFitter(url: string, fetch: FetchLike): AsyncTransitFitter {
  return {
    name: 'remote',
    fit: async (request) =>
      isSingleEvent(request)
        ? asSingleEvent(await fit(url, fetch, asRepeating(request)))
        : fit(url, fetch, request),
  };
}

async function fit(url: string, fetch: FetchLike, request: FitRequest): Promise<TransitFit> {
  const failed = (message: string) =>
    fitFromSearch(request, { backend: 'remote', success: false, message });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(bodyOf(request)),
    });
    if (!response.ok) return failed(`The fit service answered with status ${response.status}.`);
    return read(await response.json(), request);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return failed(
      error instanceof BadAnswerError
        ? `The fit service's answer cannot be used: ${cause}.`
        : `The fit service could not be asked: ${cause}.`,
    );
  }
}

function bodyOf({ curve, signal, star, mission }: FitRequest) {
  const exposure = longestExposure(curve.exposureDays, signal.periodDays);
  const window = halfWindowDays(signal.periodDays, signal.durationHours, exposure);
  const points = pointsNearTransits(curve, signal.periodDays, signal.t0Days, window);
  const time = points.fromMidDays.map(
    (days, i) => days + signal.t0Days + points.epoch[i] * signal.periodDays,
  );
  return {
    time_days: [...time],
    flux: [...points.flux],
    flux_error: [...points.fluxError],
    exposure_days: [...points.exposureDays],
    period_days: signal.periodDays,
    t0_days: signal.t0Days,
    duration_hours: signal.durationHours,
    depth_ppm: signal.depthPpm,
    limb_darkening: limbDarkeningOf(star, bandOf(mission)).coefficients,
    mission,
    star: {
      radius_sun: star.radiusSun ?? null,
      mass_sun: star.massSun ?? null,
      effective_temperature_k: star.effectiveTemperatureK ?? null,
      logg: star.logg ?? null,
      metallicity: star.metallicity ?? null,
    },
  };
}

function read(answer: unknown, request: FitRequest): TransitFit {
  const body = asRecord(answer, 'the answer');
  const message = typeof body.message === 'string' ? body.message : '';
  if (body.success !== true) {
    const reason = message || 'The fit service found no fit.';
    return fitFromSearch(request, { backend: 'remote', success: false, message: reason });
  }
  const estimates = Object.fromEntries(
    Object.entries(ESTIMATES).map(([name, field]) => [name, readEstimate(body, field)]),
  ) as Record<EstimateName, Estimate>;
  const { curve, star, mission } = request;
  const limbDarkening = limbDarkeningOf(star, bandOf(mission));
  const periodDays = estimates.periodDays.value;
  const model = {
    periodDays,
    t0Days: estimates.t0Days.value,
    radiusRatio: estimates.radiusRatio.value,
    impact: estimates.impact.value,
    axisRatio: estimates.axisRatio.value,
    limbDarkening: limbDarkening.coefficients,
  };
  const exposure = longestExposure(curve.exposureDays, periodDays);
  const durationHours = estimates.durationHours.value;
  if (!(durationHours > 0 && durationHours < 12 * periodDays)) {
    throw new BadAnswerError(`duration_hours ${durationHours} does not fit the period`);
  }
  const window = halfWindowDays(periodDays, durationHours, exposure);
  const folded = binPoints(
    pointsNearTransits(curve, periodDays, model.t0Days, window),
    binWidthDays(durationHours),
    1,
  );
  const centred = folded.fromMidDays.map((days) => days + model.t0Days);
  return {
    backend: 'remote',
    success: true,
    joint: false,
    message,
    ...estimates,
    fullDurationHours: { value: fullTransitDurationHours(model), error: NaN },
    inclinationDeg: inclinationOf(cosineOf(estimates)),
    ...planetEstimates(request, estimates.radiusRatio, estimates.axisRatio),
    limbDarkening: limbDarkening.coefficients,
    limbDarkeningSource: limbDarkening.source,
    chi2: readNumber(body, 'chi2'),
    degreesOfFreedom: readNumber(body, 'degrees_of_freedom'),
    folded: {
      hours: folded.fromMidDays.map((days) => 24 * days),
      flux: folded.flux,
      fluxError: folded.fluxError,
      model: checkedModel(model, centred, clampExposures(folded.exposureDays, periodDays)),
    },
  };
}

/** cos i = b R* / a; the service says nothing of how the two go together. */
function cosineOf({ impact, axisRatio }: Pick<TransitFit, 'impact' | 'axisRatio'>): Estimate {
  const value = impact.value / axisRatio.value;
  const error = Math.hypot(impact.error, value * axisRatio.error) / axisRatio.value;
  return { value, error };
}

/** The model refuses what is no orbit; that is the service's mistake, not the caller's. */
function checkedModel(...args: Parameters<typeof transitFlux>): Float64Array {
  try {
    return transitFlux(...args);
  } catch (error) {
    throw new BadAnswerError(error instanceof Error ? error.message : String(error));
  }
}

function asRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadAnswerError(`${name} is not an object`);
  }
  return value as Record<string, unknown>;
}

function readNumber(body: Record<string, unknown>, field: string): number {
  const value = body[field];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new BadAnswerError(`${field} is not a number`);
  }
  return value;
}

function readEstimate(body: Record<string, unknown>, field: string): Estimate {
  const estimate = asRecord(body[field], field);
  const value = readNumber(estimate, 'value');
  return { value, error: estimate.error === null ? NaN : readNumber(estimate, 'error') };
}
