export {
  ObjectStore,
  type ObjectContent,
  type ObjectStoreOptions,
  objectStoreOptions,
  type PresignedPut,
  type StoredObject,
  type StoredPart,
  type UploadedPart,
} from './object-store.js';
export {
  MultipartRefusedError,
  ObjectNotFoundError,
  StorageUnavailableError,
} from './storage.errors.js';
export { StorageModule } from './storage.module.js';
