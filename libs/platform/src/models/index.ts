export { draftFileKey, MODEL_FILE_TYPE, modelFileKey } from './file-keys.js';
export { type Draft, ModelDrafts, type VersionState } from './model-drafts.js';
export { ModelsModule } from './models.module.js';
export { type PredictionRow, PredictionsStore } from './predictions-store.js';
export {
  BundledVersionChangedError,
  MODELS_CHANNEL,
  ModelsStore,
  type StoredModel,
  type StoredMove,
  type StoredVersion,
} from './models-store.js';
export { type Registration, type TrainedVersion, TrainedVersions } from './trained-versions.js';
