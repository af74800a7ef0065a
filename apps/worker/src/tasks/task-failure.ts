import type { TaskFailure } from '#contracts';
import { ObjectNotFoundError, StorageUnavailableError } from '#platform/storage';

/** A task that cannot be done, and who can mend that: its owner, time, or us. */
export class TaskError extends Error {
  readonly failure: TaskFailure;

  constructor(kind: TaskFailure['kind'], code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = { kind, code, message };
  }
}

/** Why a running task is stopped from outside. */
export type StopReason = 'cancelled' | 'lost' | 'timeout' | 'drain';

/**
 * What a failure says to the owner of the task. An error that nobody foresaw is tried again: a
 * thread may have died of something else; when it is the input's doing, the attempts end it.
 */
export function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskError) return error.failure;
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

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;
