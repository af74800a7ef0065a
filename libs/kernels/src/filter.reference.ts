/**
 * The matched filter of filter.ts in plain TypeScript: its definition and its fallback, which the
 * WebAssembly twin equals bit for bit. Checks nothing: `filterSeries` does.
 *
 * In the shapes N is points, M moments.
 */

import { Scratch } from './scratch.js';

export interface FilterPoints {
  /** (N,) increasing. */
  readonly timeDays: Float64Array;
  /** (N,) positive in a transit. */
  readonly dip: Float64Array;
  /** (N,) inverse variance of `dip`. */
  readonly weight: Float64Array;
}

/** Moment k is at the first point's time + k · step. */
export interface TransitFilter {
  readonly durationDays: number;
  readonly stepDays: number;
  readonly moments: number;
}

export interface FilteredSeries {
  /** (M,) Σ w·x·T, T the shape around the moment. */
  readonly numerator: Float32Array;
  /** (M,) Σ w·T²; 0 where there are no points. */
  readonly denominator: Float32Array;
}

export function filterSeriesReference(
  { timeDays, dip, weight }: FilterPoints,
  shape: Float64Array,
  { durationDays, stepDays, moments }: TransitFilter,
  scratch = new Scratch(),
): FilteredSeries {
  const n = timeDays.length;
  const startDays = timeDays[0];
  const half = durationDays / 2;
  const perDay = (shape.length - 1) / half;
  const numerator = scratch.float32(moments);
  const denominator = scratch.float32(moments);
  for (let k = 0, first = 0; k < moments; k++) {
    const middle = startDays + k * stepDays;
    while (timeDays[first] < middle - half) first++;
    let above = 0;
    let below = 0;
    for (let i = first; i < n; i++) {
      const away = timeDays[i] - middle;
      if (away > half) break;
      const height = shape[Math.trunc(Math.abs(away) * perDay)];
      const weighted = weight[i] * height;
      above += weighted * dip[i];
      below += weighted * height;
    }
    numerator[k] = above;
    denominator[k] = below;
  }
  return { numerator, denominator };
}
