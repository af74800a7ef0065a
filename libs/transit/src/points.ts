/**
 * A curve as the search sees it: dips upward, weights from measured noise.
 *
 * Error bars of files are often optimistic, or in another unit; so each file's are multiplied by
 * the one factor that makes their median equal to the scatter between neighbouring points.
 */
import { median } from './robust.js';
import { pointToPointScatter } from './stitch.js';
import { stretches } from './detrend.js';
import type { LightCurve } from './types.js';

export interface Points {
  /** (N,) strictly increasing. */
  readonly timeDays: Float64Array;
  /** (N,) 1 - flux: positive in a transit. */
  readonly dip: Float64Array;
  /** (N,) inverse variance of `dip`; 0 where masked. */
  readonly weight: Float64Array;
}

export function searchPoints(curve: LightCurve): Points {
  const { timeDays, flux, fluxError } = curve;
  const weight = new Float64Array(timeDays.length);
  for (const file of new Set(curve.segment)) {
    const members = [...timeDays.keys()].filter((i) => curve.segment[i] === file);
    const pick = (values: Float64Array) => Float64Array.from(members, (i) => values[i]);
    const errors = pick(fluxError);
    const scatter = pointToPointScatter(pick(timeDays), pick(flux));
    const factor = members.length > 2 ? scatter / median(errors) : 1;
    members.forEach((i, k) => (weight[i] = 1 / (errors[k] * factor) ** 2));
  }
  return { timeDays, dip: flux.map((value) => 1 - value), weight };
}

/** Weighted means of bins of one width, never across files or gaps. O(N). */
export function binPoints(curve: LightCurve, points: Points, widthDays: number): Points {
  const timeDays: number[] = [];
  const dip: number[] = [];
  const weight: number[] = [];
  for (const [from, to] of stretches(curve, widthDays)) {
    for (let i = from; i < to;) {
      const edge = points.timeDays[i] + widthDays;
      let sumTime = 0;
      let sumDip = 0;
      let sum = 0;
      for (; i < to && points.timeDays[i] < edge; i++) {
        sumTime += points.weight[i] * points.timeDays[i];
        sumDip += points.weight[i] * points.dip[i];
        sum += points.weight[i];
      }
      if (!(sum > 0)) continue;
      timeDays.push(sumTime / sum);
      dip.push(sumDip / sum);
      weight.push(sum);
    }
  }
  const asArray = (values: number[]) => Float64Array.from(values);
  return { timeDays: asArray(timeDays), dip: asArray(dip), weight: asArray(weight) };
}

/** The points without those within `halfWidthDays` of a mid-time t0 + k · period. */
export function withoutTransits(
  points: Points,
  t0Days: number,
  periodDays: number,
  halfWidthDays: number,
): Points {
  const kept: number[] = [];
  for (let i = 0; i < points.timeDays.length; i++) {
    const fromT0 = points.timeDays[i] - t0Days;
    const cycles = Number.isFinite(periodDays) ? Math.round(fromT0 / periodDays) : 0;
    const distance = Number.isFinite(periodDays) ? fromT0 - cycles * periodDays : fromT0;
    if (Math.abs(distance) > halfWidthDays) kept.push(i);
  }
  const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]);
  return { timeDays: pick(points.timeDays), dip: pick(points.dip), weight: pick(points.weight) };
}
