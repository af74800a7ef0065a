import type { TaskFailure } from '#contracts';
import { ObjectNotFoundError, StorageUnavailableError } from '#platform/storage';
import { TaskError } from './task-error.js';

/** Why a running task is stopped from outside. */
export type StopReason = 'cancelled' | 'lost' | 'timeout' | 'drain';

/**
 * What a failure says to the owner of the task. An error that nobody foresaw is tried again: a
 * thread may have died of something else; when it is the input's doing, the attempts end it.
 */
export function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskError) return error.failure;
  const ofStore = storeFailureOf(error);
  if (ofStore) return ofStore;
  if (codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      kind: 'transient',
      code: 'out_of_memory',
      message: 'The task needed more memory than a worker thread has.',
    };
  }
  return {
    kind: 'transient',
    code: 'crashed',
    message: 'The task broke in the middle. The failure was logged.',
  };
}

/** What a failure of the object store says; null where it is none that the store foresaw. */
export function storeFailureOf(error: unknown): TaskFailure | null {
  if (error instanceof StorageUnavailableError) {
    return { kind: 'transient', code: 'storage_unavailable', message: error.message };
  }
  if (error instanceof ObjectNotFoundError) {
    return {
      kind: 'usage',
      code: 'object_missing',
      message: 'The object store no longer has the file: upload it again.',
    };
  }
  return null;
}

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;
