/**
 * The WebAssembly twin of the matched filter (../assembly/filter.ts), with the memory that it works in:
 * one per thread, grown to the most that the thread has seen and kept. For N points and M moments it
 * holds 24·N + 8·M bytes: 2.4 MB for four years of Kepler.
 */
import type { FilteredSeries, FilterPoints, TransitFilter } from './filter.reference.js';
import { FILTER_WASM } from './generated/filter-wasm.js';
import type { Scratch } from './scratch.js';
import { aligned, bytesOf, FIRST_ADDRESS, grownTo } from './wasm-memory.js';

interface FilterExports {
  readonly memory: WebAssembly.Memory;
  filterMoments(
    timeDays: number,
    dip: number,
    weight: number,
    points: number,
    shape: number,
    shapeSteps: number,
    startDays: number,
    durationDays: number,
    stepDays: number,
    moments: number,
    numerator: number,
    denominator: number,
  ): void;
}

let instance: FilterExports | undefined;

/** As `filterSeriesReference`, for every filter. Checks nothing: `filterSeries` does. */
export function filterSeriesWasm(
  { timeDays, dip, weight }: FilterPoints,
  shape: Float64Array,
  filters: readonly TransitFilter[],
  scratch: Scratch,
): FilteredSeries[] {
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(bytesOf(FILTER_WASM)))
    .exports as unknown as FilterExports;
  const n = timeDays.length;
  const most = filters.reduce((least, { moments }) => Math.max(least, moments), 0);
  const timeAt = FIRST_ADDRESS;
  const dipAt = timeAt + 8 * n;
  const weightAt = dipAt + 8 * n;
  const shapeAt = weightAt + 8 * n;
  const numeratorAt = shapeAt + 8 * shape.length;
  const denominatorAt = aligned(numeratorAt + 4 * most);
  const { buffer } = grownTo(instance.memory, denominatorAt + 4 * most);
  new Float64Array(buffer, timeAt, n).set(timeDays);
  new Float64Array(buffer, dipAt, n).set(dip);
  new Float64Array(buffer, weightAt, n).set(weight);
  new Float64Array(buffer, shapeAt, shape.length).set(shape);
  const { filterMoments } = instance;
  return filters.map(({ durationDays, stepDays, moments }) => {
    filterMoments(
      timeAt,
      dipAt,
      weightAt,
      n,
      shapeAt,
      shape.length - 1,
      timeDays[0],
      durationDays,
      stepDays,
      moments,
      numeratorAt,
      denominatorAt,
    );
    const kept = (address: number) => {
      const series = scratch.float32(moments);
      series.set(new Float32Array(buffer, address, moments));
      return series;
    };
    return { numerator: kept(numeratorAt), denominator: kept(denominatorAt) };
  });
}
