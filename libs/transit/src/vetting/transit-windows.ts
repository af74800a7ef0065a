/**
 * The points around the transits of one ephemeris, with what the model says there: picked once, used
 * by every test that looks at single transits.
 *
 * Pure: no I/O, no clock, no randomness. N is points of the curve, M points near a transit.
 */
import { Scratch } from '#kernels';
import { transitFlux, type TransitModel } from '../transit-model.js';
import type { Points } from '../points.js';
import type { LightCurve } from '../types.js';

export interface TransitWindows {
  /** (M,) times from the middle of the nearest transit, in order of time of the points. */
  readonly fromMidDays: Float64Array;
  /** (M,) number of that transit, 0 at t0. */
  readonly epoch: Int32Array;
  /** (M,) middle of that transit. */
  readonly middlesDays: Float64Array;
  /** (M,) 1 - flux. */
  readonly dip: Float64Array;
  /** (M,) inverse variance of `dip`. */
  readonly weight: Float64Array;
  /** (M,) the model's dip, relative to 1. */
  readonly model: Float64Array;
  /** (M,) slope of `model` in time, per day. */
  readonly slope: Float64Array;
  /** (M,) exposure of the point, never more than half the period. */
  readonly exposureDays: Float64Array;
  /** (M,) file that the point came from. */
  readonly segment: Uint16Array;
  /** Half of what is kept around each transit. */
  readonly halfWindowDays: number;
  readonly durationDays: number;
}

/** Baseline on each side, in durations from mid-transit. */
const HALF_WINDOW_DURATIONS = 1.5;
/** Windows of neighbouring transits never overlap. */
const MOST_OF_PERIOD = 0.49;
/** Steps of the tabulated model from the middle outwards: 1/300 of a duration. */
const TABLE_STEPS = 450;

/**
 * O(N).
 *
 * @param scratch of it is what is left behind, not what is returned. @default fresh memory
 */
export function transitWindows(
  curve: LightCurve,
  points: Points,
  model: TransitModel,
  durationDays: number,
  scratch = new Scratch(),
): TransitWindows {
  const { timeDays } = points;
  const { periodDays, t0Days } = model;
  const halfWindowDays = Math.min(
    HALF_WINDOW_DURATIONS * durationDays,
    MOST_OF_PERIOD * periodDays,
  );
  const n = timeDays.length;
  const index = scratch.uint32(n);
  const fromMid = scratch.float64(n);
  const number = scratch.int32(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const fromFirst = timeDays[i] - t0Days;
    const epoch = Math.round(fromFirst / periodDays);
    const away = fromFirst - epoch * periodDays;
    if (away > halfWindowDays || away < -halfWindowDays) continue;
    index[count] = i;
    fromMid[count] = away;
    number[count] = epoch;
    count++;
  }
  const windows = {
    fromMidDays: fromMid.slice(0, count),
    epoch: number.slice(0, count),
    middlesDays: new Float64Array(count),
    dip: new Float64Array(count),
    weight: new Float64Array(count),
    model: new Float64Array(count),
    slope: new Float64Array(count),
    exposureDays: new Float64Array(count),
    segment: new Uint16Array(count),
    halfWindowDays,
    durationDays,
  };
  const tables = new Map<number, Float64Array>();
  for (let k = 0; k < count; k++) {
    const i = index[k];
    const exposure = Math.min(curve.exposureDays[curve.segment[i]], 0.5 * periodDays);
    let table = tables.get(exposure);
    if (!table) tables.set(exposure, (table = modelTable(model, exposure, halfWindowDays)));
    windows.middlesDays[k] = t0Days + number[k] * periodDays;
    windows.dip[k] = points.dip[i];
    windows.weight[k] = points.weight[i];
    windows.exposureDays[k] = exposure;
    windows.segment[k] = curve.segment[i];
    const place = (Math.abs(fromMid[k]) / halfWindowDays) * TABLE_STEPS;
    const below = Math.min(TABLE_STEPS - 1, Math.floor(place));
    const rise = table[below + 1] - table[below];
    windows.model[k] = table[below] + (place - below) * rise;
    windows.slope[k] = (Math.sign(fromMid[k]) * rise * TABLE_STEPS) / halfWindowDays;
  }
  return windows;
}

/** (TABLE_STEPS + 1,) the model's dip at equal steps from mid-transit to the edge of the window. */
function modelTable(model: TransitModel, exposureDays: number, halfWindowDays: number) {
  const times = new Float64Array(TABLE_STEPS + 1);
  for (let step = 0; step < times.length; step++) {
    times[step] = model.t0Days + (step * halfWindowDays) / TABLE_STEPS;
  }
  const table = transitFlux(model, times, exposureDays);
  for (let step = 0; step < table.length; step++) table[step] = 1 - table[step];
  return table;
}
