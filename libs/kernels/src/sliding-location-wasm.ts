/**
 * The WebAssembly twin of the sliding location (../assembly/sliding-location.ts), with the memory that
 * it works in: one per thread, grown to the longest stretch that the thread has seen and kept: 41·N
 * bytes, 0.2 MB for a quarter of Kepler, 2.5 MB for an orbit of TESS at 20 seconds.
 */
import { SLIDING_LOCATION_WASM } from './generated/sliding-location-wasm.js';
import {
  POINTS_PER_REPORT,
  type SlidingLocations,
  type SlidingPoints,
  type SlidingWindow,
} from './sliding-location.reference.js';
import type { Scratch } from './scratch.js';
import { bytesOf, FIRST_ADDRESS, grownTo } from './wasm-memory.js';

interface SlidingLocationExports {
  readonly memory: WebAssembly.Memory;
  begin(
    timeDays: number,
    values: number,
    ignored: number,
    points: number,
    windowDays: number,
    sorted: number,
  ): void;
  slide(from: number, until: number, isBiweight: number, locations: number, meanDays: number): void;
}

let instance: SlidingLocationExports | undefined;

/** As `slidingLocationReference`. Checks nothing: `slidingLocation` does. */
export function slidingLocationWasm(
  { timeDays, values, ignored }: SlidingPoints,
  { windowDays, statistic, wanted }: SlidingWindow,
  report: ((points: number) => void) | undefined,
  scratch: Scratch,
): SlidingLocations {
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(bytesOf(SLIDING_LOCATION_WASM)))
    .exports as unknown as SlidingLocationExports;
  const n = values.length;
  const timeAt = FIRST_ADDRESS;
  const valuesAt = timeAt + 8 * n;
  const locationsAt = valuesAt + 8 * n;
  const meanAt = locationsAt + 8 * n;
  const sortedAt = meanAt + 8 * n;
  const ignoredAt = sortedAt + 8 * n;
  const { buffer } = grownTo(instance.memory, ignoredAt + n);
  new Float64Array(buffer, timeAt, n).set(timeDays);
  new Float64Array(buffer, valuesAt, n).set(values);
  if (ignored) new Uint8Array(buffer, ignoredAt, n).set(ignored);
  instance.begin(timeAt, valuesAt, ignored ? ignoredAt : 0, n, windowDays, sortedAt);
  const [wantedFrom, wantedTo] = wanted ?? [0, n];
  for (let from = wantedFrom; from < wantedTo;) {
    const until = Math.min(wantedTo, from - (from % POINTS_PER_REPORT) + POINTS_PER_REPORT);
    instance.slide(from, until, Number(statistic === 'biweight'), locationsAt, meanAt);
    if (until % POINTS_PER_REPORT === 0) report?.(until);
    from = until;
  }
  const wantedOf = (address: number) => {
    const found = scratch.float64(n);
    found.set(new Float64Array(buffer, address, n));
    return found.fill(NaN, 0, wantedFrom).fill(NaN, wantedTo);
  };
  return { location: wantedOf(locationsAt), meanDays: wantedOf(meanAt) };
}
