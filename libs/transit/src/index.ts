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
export {
  type CandidateRecord,
  candidateRecord,
  type ProvenanceFacts,
  provenanceRecord,
  type TargetRecord,
  targetRecord,
} from './records.js';
export type { AsyncTransitFitter, FitRequest, TransitFitter } from './fit/adapter.js';
export { localFitter } from './fit/local.js';
export { mockFitter } from './fit/mock.js';
export { remoteFitter, type FetchLike } from './fit/remote.js';
export { bandOf, limbDarkeningOf, type LimbDarkening } from './limb-darkening.js';
export { assumeStar, type AssumedStar } from './star.js';
