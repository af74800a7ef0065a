/** The few hot loops, behind plain typed functions. */
export { filterSeries } from './filter.js';
export { foldCount, foldedPeriod, foldMaxima, SHORTEST_BASE } from './fold.js';
export { foldPadding, foldRows, LARGEST_LEAF } from './fold-rows.js';
export { foldMaximaReference } from './fold.reference.js';
export { toSteps } from './steps.js';
export { Scratch } from './scratch.js';
export { strongestColumns, type StrongestColumns } from './columns.js';
export { foldColumnsReference } from './columns.reference.js';
export { slidingLocation } from './sliding-location.js';
export { biweightLocation, sortedMedian } from './biweight.reference.js';
