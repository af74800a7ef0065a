export { ModelsModule } from './models.module.js';
export { type PredictionRow, PredictionsStore } from './predictions-store.js';
export {
  BundledVersionChangedError,
  MODELS_CHANNEL,
  modelFileKey,
  ModelsStore,
  type StoredModel,
  type StoredMove,
  type StoredVersion,
} from './models-store.js';
