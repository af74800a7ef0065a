/**
 * A matched filter on points at their true times: what each of many evenly spaced moments gathers
 * under the shape of a transit of one duration (the sums of the single-event statistic, Jenkins 2002,
 * ApJ 575, 493).
 *
 * In the shapes N is points, S steps of the shape, M moments.
 */
import {
  type FilteredSeries,
  type FilterPoints,
  filterSeriesReference,
  type TransitFilter,
} from './filter.reference.js';
import { filterSeriesWasm } from './filter-wasm.js';
import { hasWasmSimd } from './fold-wasm.js';
import { Scratch } from './scratch.js';

/**
 * One series per filter, in their order. O(M + N · duration / step) each.
 *
 * @param shape (S + 1,) height of the transit at |t| = 0 ... half a duration, in equal steps.
 * @param scratch the series are taken of it. @default fresh memory
 * @throws {RangeError} where the points' arrays differ in length or are empty, or a filter has no
 *   duration or step.
 */
export function filterSeries(
  points: FilterPoints,
  shape: Float64Array,
  filters: readonly TransitFilter[],
  scratch = new Scratch(),
): FilteredSeries[] {
  const n = points.timeDays.length;
  if (!(n > 0)) throw new RangeError('timeDays must hold at least one time');
  for (const name of ['dip', 'weight'] as const) {
    if (points[name].length !== n) {
      throw new RangeError(`${name} must hold ${n} values, not ${points[name].length}`);
    }
  }
  for (const { durationDays, stepDays } of filters) {
    if (!(durationDays > 0)) throw new RangeError(`durationDays must be > 0, not ${durationDays}`);
    if (!(stepDays > 0)) throw new RangeError(`stepDays must be > 0, not ${stepDays}`);
  }
  return hasWasmSimd()
    ? filterSeriesWasm(points, shape, filters, scratch)
    : filters.map((filter) => filterSeriesReference(points, shape, filter, scratch));
}
