/**
 * Robust location in a window of time that slides over points: Tukey's biweight (Mosteller & Tukey
 * 1977) or the median. How the window is kept in order, and its location found without looking at all
 * of it, stands in sorted-window.reference.ts.
 *
 * In the shapes N is points, W points of a window.
 */
import { hasWasmSimd } from './fold-wasm.js';
import { Scratch } from './scratch.js';
import {
  type SlidingLocations,
  type SlidingPoints,
  slidingLocationReference,
  type SlidingWindow,
} from './sliding-location.reference.js';
import { slidingLocationWasm } from './sliding-location-wasm.js';

/**
 * O(N log W) comparisons and O(N · W) moves of 8 bytes, O(N) memory.
 *
 * @param report gets how many points are done, every 65,536 of them.
 * @param scratch the locations are taken of it. @default fresh memory
 * @throws {RangeError} where the points' arrays differ in length, the window has no width, or what is
 * wanted are no such points.
 */
export function slidingLocation(
  points: SlidingPoints,
  window: SlidingWindow,
  report?: (points: number) => void,
  scratch = new Scratch(),
): SlidingLocations {
  const n = points.timeDays.length;
  for (const name of ['values', 'ignored'] as const) {
    const length = points[name]?.length ?? n;
    if (length !== n) throw new RangeError(`${name} must hold ${n} values, not ${length}`);
  }
  if (!(window.windowDays > 0)) {
    throw new RangeError(`windowDays must be > 0, not ${window.windowDays}`);
  }
  const [from, to] = window.wanted ?? [0, n];
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= n)) {
    throw new RangeError(`wanted must be two indices up to ${n} in order, not ${from} and ${to}`);
  }
  const implementation = hasWasmSimd() ? slidingLocationWasm : slidingLocationReference;
  return implementation(points, window, report, scratch);
}
