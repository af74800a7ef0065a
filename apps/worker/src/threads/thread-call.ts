/** The inside of a worker thread: what all of its entry files share. */
import { receiveMessageOnPort } from 'node:worker_threads';
import { failureOf, TaskError } from '../tasks/task-failure.js';
import type { ThreadAnswer, ThreadCall, ThreadMessage, ThreadNote } from '../tasks/thread-pool.js';
import { ObjectNotFoundError, StorageUnavailableError } from '#platform/storage';

/**
 * Makes a thread's function of `work`, which gets its input, a way to say something, and one to take
 * what it was told meanwhile: a failure that it foresaw is answered, any other is thrown
 * and ends the attempt.
 */
export function threadFunction<Input, Output>(
  work: (
    input: Input,
    note: (note: ThreadNote) => void,
    receive: () => ThreadMessage | undefined,
  ) => Promise<Output>,
) {
  return async ({ input, port }: ThreadCall<Input>): Promise<ThreadAnswer<Output>> => {
    const note = (each: ThreadNote) => port.postMessage(each);
    const receive = () => receiveMessageOnPort(port)?.message as ThreadMessage | undefined;
    try {
      return { ok: true, output: await work(input, note, receive) };
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
