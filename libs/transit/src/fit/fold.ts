/**
 * The points around the transits of one ephemeris, and what is made of them for the fit.
 *
 * Pure: no I/O, no clock, no randomness. M is points near a transit, B is bins.
 */
import type { LightCurve } from '../types.js';

/** Points near a transit, in order of time. */
export interface TransitPoints {
  /** (M,) days from the transit's predicted middle. */
  readonly fromMidDays: Float64Array;
  /** (M,) number of the transit, 0 at t0. */
  readonly epoch: Float64Array;
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** (M,) */
  readonly exposureDays: Float64Array;
}

/**
 * The points within `halfWindowDays` of a transit's middle.
 *
 * @throws {RangeError} where a flux error is not positive.
 */
export function pointsNearTransits(
  curve: LightCurve,
  periodDays: number,
  t0Days: number,
  halfWindowDays: number,
): TransitPoints {
  const { timeDays } = curve;
  const chosen: number[] = [];
  for (let i = 0; i < timeDays.length; i++) {
    const cycles = (timeDays[i] - t0Days) / periodDays;
    if (Math.abs(cycles - Math.round(cycles)) * periodDays >= halfWindowDays) continue;
    if (!(curve.fluxError[i] > 0)) {
      throw new RangeError(`fluxError must be positive, not ${curve.fluxError[i]} at point ${i}`);
    }
    chosen.push(i);
  }
  const points = emptyPoints(chosen.length);
  chosen.forEach((i, k) => {
    const epoch = Math.round((timeDays[i] - t0Days) / periodDays);
    points.epoch[k] = epoch;
    points.fromMidDays[k] = timeDays[i] - t0Days - epoch * periodDays;
    points.flux[k] = curve.flux[i];
    points.fluxError[k] = curve.fluxError[i];
    points.exposureDays[k] = curve.exposureDays[curve.segment[i]];
  });
  return points;
}

/**
 * Weighted means in bins of the folded curve; `groups` consecutive runs of transits are folded
 * apart, so that a wrong period still shows. Empty bins are left out. A bin smears like a longer
 * exposure: both widths are added in quadrature.
 */
export function binPoints(points: TransitPoints, binDays: number, groups: number): TransitPoints {
  const { fromMidDays, epoch, flux, fluxError, exposureDays } = points;
  const m = flux.length;
  if (m === 0) return points;
  let earliest = Infinity;
  for (let i = 0; i < m; i++) earliest = Math.min(earliest, fromMidDays[i]);
  const firstEpoch = epoch[0];
  const epochsPerGroup = (epoch[m - 1] - firstEpoch + 1) / groups;
  const bins = new Map<number, { weight: number; sums: number[] }>();
  const perGroup = 1 << 20; // more than the bins of one group
  for (let i = 0; i < m; i++) {
    const group = Math.min(groups - 1, Math.floor((epoch[i] - firstEpoch) / epochsPerGroup));
    const key = group * perGroup + Math.floor((fromMidDays[i] - earliest) / binDays);
    const weight = 1 / (fluxError[i] * fluxError[i]);
    let bin = bins.get(key);
    if (!bin) bins.set(key, (bin = { weight: 0, sums: [0, 0, 0, 0] }));
    bin.weight += weight;
    bin.sums[0] += weight * fromMidDays[i];
    bin.sums[1] += weight * epoch[i];
    bin.sums[2] += weight * flux[i];
    bin.sums[3] += weight * exposureDays[i];
  }
  const keys = [...bins.keys()].sort((a, b) => a - b);
  const binned = emptyPoints(keys.length);
  keys.forEach((key, k) => {
    const { weight, sums } = bins.get(key)!;
    binned.fromMidDays[k] = sums[0] / weight;
    binned.epoch[k] = sums[1] / weight;
    binned.flux[k] = sums[2] / weight;
    binned.fluxError[k] = 1 / Math.sqrt(weight);
    binned.exposureDays[k] = Math.hypot(sums[3] / weight, binDays);
  });
  return binned;
}

/** Those points for which `keep` says so. */
export function filterPoints(
  points: TransitPoints,
  keep: (index: number) => boolean,
): TransitPoints {
  const kept: number[] = [];
  for (let i = 0; i < points.flux.length; i++) if (keep(i)) kept.push(i);
  const pick = (values: Float64Array) => {
    const picked = new Float64Array(kept.length);
    for (let k = 0; k < kept.length; k++) picked[k] = values[kept[k]];
    return picked;
  };
  return {
    fromMidDays: pick(points.fromMidDays),
    epoch: pick(points.epoch),
    flux: pick(points.flux),
    fluxError: pick(points.fluxError),
    exposureDays: pick(points.exposureDays),
  };
}

function emptyPoints(length: number): TransitPoints {
  return {
    fromMidDays: new Float64Array(length),
    epoch: new Float64Array(length),
    flux: new Float64Array(length),
    fluxError: new Float64Array(length),
    exposureDays: new Float64Array(length),
  };
}
