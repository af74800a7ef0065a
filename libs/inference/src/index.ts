export { calibrated } from './calibration.js';
export {
  candidateModels,
  ENSEMBLE_MODEL,
  type PinnedVersions,
  VIEWS_MODEL,
} from './candidates/candidate-models.js';
export { type Drift, driftOf } from './drift.js';
export { ATTRIBUTE, ELEMENT, encodeModel } from './graphs/onnx-messages.js';
export { InputError, type InputFault } from './input-error.js';
export {
  type ColumnValues,
  featureCount,
  featureNames,
  featuresOf,
  isMissingValue,
  type ModelInput,
  placeOf,
  transformedBy,
  widthOf,
} from './preprocessing.js';
export { ensembleOf, type EnsemblePrediction } from './predictions/ensemble.js';
export { ModelRunner, type RowOutput } from './predictions/model-runner.js';
export { RunnerLostError, withOwnRunner } from './predictions/own-runner.js';
export type { Answer, ClassAnswer, Prediction, ValueAnswer } from './predictions/prediction.js';
export { Predictor, type PredictorOptions, type VersionTest } from './predictions/predictor.js';
export { NoModelFitsError } from './predictions/schemas.js';
export {
  predictionFacts,
  type PredictionFacts,
  shadowFacts,
  shownEnsemble,
  shownPrediction,
} from './predictions/shown.js';
export { isForChallenger } from './predictions/variant.js';
export { aliasesAfter, type AliasMove, versionsOfAlias } from './registry/alias-history.js';
export { assembleVersion, type LooseFiles } from './registry/assemble-version.js';
export { checkVersion } from './registry/check-version.js';
export { compareSchemas, type SchemaComparison } from './registry/comparison.js';
export { FolderRegistry, openVersion } from './registry/folder-registry.js';
export { checkGolden, type GoldenCheck } from './registry/golden.js';
export { ModelShelf } from './registry/model-shelf.js';
export { obstaclesTo } from './registry/promotion.js';
export {
  InvalidVersionError,
  ModelNotFoundError,
  NothingToRollBackError,
  PromotionRefusedError,
  VersionExistsError,
} from './registry/registry.errors.js';
export {
  compareVersions,
  type ModelRecord,
  type ModelReference,
  parseReference,
  plainVersion,
  versionAt,
  versionsInOrder,
} from './registry/registry.js';
export { METADATA_FILE, referenceOf, sha256Of, VersionFiles } from './registry/version-files.js';
export { Serving, type ServingOptions } from './serving.js';
export { Batcher, type BatchOptions, BatchQueueFullError } from './sessions/batcher.js';
export { GraphCache, type GraphCacheEvents } from './sessions/graph-cache.js';
export { inProcess } from './sessions/session-hosts.js';
export { GraphError, OnnxSessions, SessionsGoneError } from './sessions/onnx-sessions.js';
