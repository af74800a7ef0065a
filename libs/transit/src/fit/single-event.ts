/**
 * A transit that was seen once has a depth, a duration and a shape, but no period (and so no a/R* and
 * no stellar density). Backends know repeating transits only: they are handed the event alone, on the
 * orbit on which a body crosses this star in that time, and what that orbit alone decided is taken
 * out of the answer again.
 */
import { assumeStar } from '../star.js';
import { axisRatioFromDensity } from '../transit-model.js';
import type { LightCurve, TransitFit } from '../types.js';
import type { FitRequest } from './adapter.js';

/** Kept of the curve on either side of the event, in durations. */
const KEPT_DURATIONS = 4;
/** Half the chord of a transit at b = 0.5, the median of randomly oriented orbits, in stellar radii. */
const TYPICAL_HALF_CHORD = Math.sqrt(1 - 0.5 * 0.5);

export const isSingleEvent = (request: FitRequest): boolean =>
  !Number.isFinite(request.signal.periodDays);

/** The request as backends understand it. */
export function asRepeating(request: FitRequest): FitRequest {
  const { signal, curve } = request;
  const durationDays = signal.durationHours / 24;
  const keep = KEPT_DURATIONS * durationDays;
  return {
    ...request,
    curve: sliceCurve(curve, signal.t0Days - keep, signal.t0Days + keep),
    signal: {
      ...signal,
      periodDays: Math.max(4 * keep, periodOfDuration(request, durationDays)),
      transitsObserved: 1,
      transitsExpected: 1,
    },
  };
}

/** The answer without what the assumed orbit decided. */
export function asSingleEvent(fit: TransitFit): TransitFit {
  const unknown = { value: NaN, error: NaN };
  return {
    ...fit,
    message: `${fit.message} A single event: its period, a/R* and density are unknown; the inclination is that of the orbit assumed, ${fit.periodDays.value.toPrecision(2)} d.`,
    periodDays: unknown,
    axisRatio: unknown,
    stellarDensity: unknown,
    semiMajorAxisAu: null,
    insolationEarth: null,
    equilibriumTemperatureK: null,
    inclinationDeg: { value: fit.inclinationDeg.value, error: NaN },
  };
}

/** T = P/pi h/a with half a chord h, and a = c P^(2/3), give P = (pi c T / h)^3. */
function periodOfDuration(request: FitRequest, durationDays: number): number {
  const atOneDay = axisRatioFromDensity(1, assumeStar(request.star).densityCgs);
  return ((Math.PI * atOneDay * durationDays) / TYPICAL_HALF_CHORD) ** 3;
}

function sliceCurve(curve: LightCurve, fromDays: number, toDays: number): LightCurve {
  let first = 0;
  let end = curve.timeDays.length;
  while (first < end && curve.timeDays[first] < fromDays) first++;
  while (end > first && curve.timeDays[end - 1] > toDays) end--;
  return {
    ...curve,
    timeDays: curve.timeDays.slice(first, end),
    flux: curve.flux.slice(first, end),
    fluxError: curve.fluxError.slice(first, end),
    segment: curve.segment.slice(first, end),
  };
}
