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
  sensitivityRecord,
  type TargetRecord,
  targetRecord,
} from './records.js';
export type { AsyncTransitFitter, FitRequest, TransitFitter } from './fit/adapter.js';
export { comparedFitter } from './fit/compared.js';
export { jointFit, type JointRequest } from './fit/joint.js';
export { localFitter } from './fit/local.js';
export { mockFitter } from './fit/mock.js';
export { remoteFitter, type FetchLike } from './fit/remote.js';
export { bandOf, limbDarkeningOf, type LimbDarkening } from './limb-darkening.js';
export { type Injection, injections } from './sensitivity/injections.js';
export { halfRadius, sensitivityMap, shareInterval } from './sensitivity/map.js';
export {
  chooseSize,
  planSensitivity,
  type SensitivityPlan,
  type SensitivitySize,
} from './sensitivity/plan.js';
export { assumeStar, type AssumedStar, EARTH_RADII_PER_SUN } from './star.js';
export { type BlsOptions, type BlsPeriodogram, bls } from './bls.js';
export { dropBadPoints, dropUpwardOutliers } from './clean.js';
export { detrend, type DetrendOptions } from './detrend.js';
export { type CorrelatedNoise, correlatedNoise, redSnr } from './noise.js';
export { circularDurationDays, stellarDensity, transitPeriods } from './period-grid.js';
export { binPoints, type Points, searchPoints, withoutTransits } from './points.js';
export { type Prepared, prepare } from './prepare.js';
export { lowerBound, selectInPlace } from './robust.js';
export { type Random, seededRandom } from './random.js';
export { longestPeriodDays, mostRounds, search, searchGrid, type SearchResult } from './search.js';
export { shardSolver } from './coarse.js';
export type { CoarseRound, Helpers, Shard, ShardAnswer } from './shards.js';
export {
  invert,
  scramble,
  simulate,
  type SimulatedBinary,
  type SimulatedPlanet,
  type SimulationOptions,
} from './simulate.js';
export { CannotStitchError, stitch, type Stitched } from './stitch.js';
export { type FoundCandidate, findCandidates } from './candidates.js';
export {
  type CandidateViews,
  candidateViews,
  GLOBAL_BINS,
  LOCAL_BINS,
  VIEW_FEATURES,
} from './views.js';
export {
  candidateFeatures,
  type CandidateFeatures,
  classifierInput,
  FORMULA_SOURCE,
  formulaClassifier,
} from './classify.js';
export {
  type AcceptanceFacts,
  decide,
  DEFAULT_POLICY,
  type DecisionPolicy,
  type Evidence,
  neverAccepted,
} from './decide.js';
export { CONTEXT_NAMES, CONTEXT_VERSION, contextOf, type ContextSource } from './policy/context.js';
export { decider, type Draw, type Policy } from './policy/decider.js';
export { type Case, LEAST_REVIEWS, type Learnt, learnPolicy } from './policy/learn-policy.js';
export { obstaclesToSwitch } from './policy/obstacles.js';
export { DEFAULT_PARAMS, detect, detectAsync, type DetectionOptions } from './detect.js';
export { THRESHOLDS, VETTING_VERSION } from './vetting/thresholds.js';
export {
  EPHEMERIS_MATCH,
  type EphemerisCandidate,
  type EphemerisMatch,
  matchEphemerides,
} from './vetting/ephemeris-match.js';
export { vet } from './vetting/vet.js';
export type { VettingInput } from './vetting/context.js';
