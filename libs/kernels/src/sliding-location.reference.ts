/**
 * The sliding location of sliding-location.ts in plain TypeScript: its fallback, which the WebAssembly
 * twin equals bit for bit. Checks nothing: `slidingLocation` does.
 *
 * In the shapes N is points.
 */
import { Scratch } from './scratch.js';
import { SortedWindow } from './sorted-window.reference.js';

export interface SlidingPoints {
  /** (N,) increasing. */
  readonly timeDays: Float64Array;
  /** (N,) finite. */
  readonly values: Float64Array;
  /** (N,) 1 where a point is in no window. */
  readonly ignored?: Uint8Array;
}

export interface SlidingWindow {
  /** Full width; a point at its very edge is inside. */
  readonly windowDays: number;
  readonly statistic: 'biweight' | 'median';
  /** Indices of the points around which windows are asked for, first and past the last. @default all */
  readonly wanted?: readonly [number, number];
}

export interface SlidingLocations {
  /** (N,) of the points in the window around each point; NaN where there are none, or nobody asked. */
  readonly location: Float64Array;
  /** (N,) mean time of these points; NaN likewise. */
  readonly meanDays: Float64Array;
}

/** Some 10 ms of a window of a hundred points. */
export const POINTS_PER_REPORT = 65_536;

export function slidingLocationReference(
  { timeDays, values, ignored }: SlidingPoints,
  { windowDays, statistic, wanted }: SlidingWindow,
  report?: (points: number) => void,
  scratch = new Scratch(),
): SlidingLocations {
  const n = values.length;
  const [wantedFrom, wantedTo] = wanted ?? [0, n];
  const location = scratch.float64(n).fill(NaN);
  const meanDays = scratch.float64(n).fill(NaN);
  const window = new SortedWindow();
  let entering = 0;
  let leaving = 0;
  let members = 0;
  let sumDays = 0; // from the first point
  for (let i = wantedFrom; i < wantedTo; i++) {
    const first = timeDays[i] - windowDays / 2;
    const last = timeDays[i] + windowDays / 2;
    for (;;) {
      while (ignored?.[entering]) entering++;
      while (ignored?.[leaving]) leaving++;
      const enters = entering < n && timeDays[entering] <= last;
      const leaves = leaving < entering && timeDays[leaving] < first;
      if (!enters && !leaves) break;
      if (enters && leaves) window.replace(values[leaving], values[entering]);
      else if (enters) window.insert(values[entering]);
      else window.remove(values[leaving]);
      if (enters) sumDays += timeDays[entering++] - timeDays[0];
      if (leaves) sumDays -= timeDays[leaving++] - timeDays[0];
      members += Number(enters) - Number(leaves);
    }
    location[i] = statistic === 'biweight' ? window.biweight() : window.median();
    meanDays[i] = timeDays[0] + sumDays / members;
    if ((i + 1) % POINTS_PER_REPORT === 0) report?.(i + 1);
  }
  return { location, meanDays };
}
