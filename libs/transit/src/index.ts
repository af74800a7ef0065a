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
