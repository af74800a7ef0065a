/**
 * The points near the transits of several planets, once each, in order of time.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { daysFromTransit } from '../transit-mask.js';
import type { LightCurve } from '../types.js';
import type { JointPoints, PlanetPoints } from './joint-model.js';
import { binWidthDays, halfWindowDays, longestExposure } from './result.js';

export interface PlanetEphemeris {
  readonly periodDays: number;
  readonly t0Days: number;
  readonly durationHours: number;
}

/**
 * Points that lie closer than a thirtieth of the shortest transit are taken together with their
 * neighbours; folded they are not, so that transits which overlap stay what they are.
 *
 * @param keep the points of the curve that may be used. @default all
 */
export function jointPoints(
  curve: LightCurve,
  planets: readonly PlanetEphemeris[],
  keep: (index: number) => boolean = () => true,
): JointPoints {
  const { timeDays, flux, fluxError, segment, exposureDays } = curve;
  const reaches = planets.map(({ periodDays, durationHours }) =>
    halfWindowDays(periodDays, durationHours, longestExposure(exposureDays, periodDays)),
  );
  const width = binWidthDays(Math.min(...planets.map((each) => each.durationHours)));
  const isNear = new Uint8Array(timeDays.length);
  planets.forEach((planet, j) => markNear(isNear, timeDays, planet, reaches[j]));

  const times: number[] = [];
  const values: number[] = [];
  const errors: number[] = [];
  const exposures: number[] = [];
  let bin = { place: NaN, segment: -1, weight: 0, time: 0, flux: 0, first: 0, last: 0 };
  const close = () => {
    if (bin.weight === 0) return;
    times.push(bin.time / bin.weight);
    values.push(bin.flux / bin.weight);
    errors.push(1 / Math.sqrt(bin.weight));
    exposures.push(exposureDays[bin.segment] + bin.last - bin.first);
  };
  for (let i = 0; i < timeDays.length; i++) {
    if (isNear[i] === 0 || !keep(i)) continue;
    const time = timeDays[i];
    const place = Math.floor(time / width);
    if (place !== bin.place || segment[i] !== bin.segment) {
      close();
      bin = { place, segment: segment[i], weight: 0, time: 0, flux: 0, first: time, last: time };
    }
    const weight = 1 / (fluxError[i] * fluxError[i]);
    bin.weight += weight;
    bin.time += weight * time;
    bin.flux += weight * flux[i];
    bin.last = time;
  }
  close();
  const all = {
    timeDays: Float64Array.from(times),
    flux: Float64Array.from(values),
    fluxError: Float64Array.from(errors),
  };
  return {
    ...all,
    planets: planets.map((planet, j) => pointsOf(all, exposures, planet, reaches[j])),
  };
}

/** Sets to 1 what lies less than `reach` from a transit. */
function markNear(
  marks: Uint8Array,
  timeDays: Float64Array,
  planet: PlanetEphemeris,
  reach: number,
): void {
  for (let i = 0; i < marks.length; i++) {
    if (Math.abs(daysFromTransit(timeDays[i], planet)) < reach) marks[i] = 1;
  }
}

function pointsOf(
  { timeDays, fluxError }: Pick<JointPoints, 'timeDays' | 'fluxError'>,
  exposures: readonly number[],
  { periodDays, t0Days }: PlanetEphemeris,
  reach: number,
): PlanetPoints {
  const index: number[] = [];
  const fromMidDays: number[] = [];
  const epoch: number[] = [];
  let weight = 0;
  let sum = 0;
  for (let i = 0; i < timeDays.length; i++) {
    const cycle = Math.round((timeDays[i] - t0Days) / periodDays);
    const from = timeDays[i] - t0Days - cycle * periodDays;
    if (Math.abs(from) >= reach) continue;
    index.push(i);
    fromMidDays.push(from);
    epoch.push(cycle);
    weight += 1 / fluxError[i] ** 2;
    sum += cycle / fluxError[i] ** 2;
  }
  return {
    periodDays,
    referenceEpoch: weight > 0 ? Math.round(sum / weight) : 0,
    index: Uint32Array.from(index),
    fromMidDays: Float64Array.from(fromMidDays),
    epoch: Float64Array.from(epoch),
    exposureDays: Float64Array.from(index, (i) => Math.min(exposures[i], 0.5 * periodDays)),
  };
}
