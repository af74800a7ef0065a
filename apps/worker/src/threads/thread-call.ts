/** The inside of a worker thread: what all of its entry files share. */
import { failureOf, TaskError } from '../tasks/task-failure.js';
import type { ThreadAnswer, ThreadCall, ThreadNote } from '../tasks/thread-pool.js';
import { ObjectNotFoundError, StorageUnavailableError } from '#platform/storage';

/**
 * Makes a thread's function of `work`: a failure that it foresaw is answered, any other is thrown
 * and ends the attempt.
 */
export function threadFunction<Input, Output>(
  work: (input: Input, note: (note: ThreadNote) => void) => Promise<Output>,
) {
  return async ({ input, port }: ThreadCall<Input>): Promise<ThreadAnswer<Output>> => {
    try {
      return { ok: true, output: await work(input, (note) => port.postMessage(note)) };
    } catch (error) {
      if (!isForeseen(error)) throw error;
      return { ok: false, failure: failureOf(error) };
    } finally {
      port.close();
    }
  };
}

const isForeseen = (error: unknown): boolean =>
  error instanceof TaskError ||
  error instanceof StorageUnavailableError ||
  error instanceof ObjectNotFoundError;
