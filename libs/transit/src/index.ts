export type * from './types.js';
export {
  axisRatioFromDensity,
  densityFromOrbit,
  fullTransitDurationHours,
  inclinationDegrees,
  midTransitDepthPpm,
  transitDurationHours,
  transitFlux,
  type TransitModel,
} from './transit-model.js';
export { limbDarkenedFlux } from './transit-model-disk.js';
