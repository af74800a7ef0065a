/** The inside of a worker thread: what all of its entry files share. */
import { receiveMessageOnPort } from 'node:worker_threads';
import { TaskError } from '../tasks/task-error.js';
import type { ThreadAnswer, ThreadCall, ThreadMessage, ThreadNote } from '../tasks/thread-pool.js';
import { ThreadStore } from './thread-store.js';

/** What a thread's work has from the main thread. */
export interface ThreadTools {
  readonly store: ThreadStore;
  /** Says something. */
  readonly note: (note: ThreadNote) => void;
  /** Takes what it was told meanwhile, if anything. */
  readonly receive: () => ThreadMessage | undefined;
}

/**
 * Makes a thread's function of `work`: a failure that it foresaw is answered, any other is thrown
 * and ends the attempt.
 */
export function threadFunction<Input, Output>(
  work: (input: Input, tools: ThreadTools) => Promise<Output>,
) {
  return async ({ input, port, answers }: ThreadCall<Input>): Promise<ThreadAnswer<Output>> => {
    const tools: ThreadTools = {
      // By one port, so that an object is heard of before it is to be stored.
      store: new ThreadStore((request, transfer) => {
        port.postMessage({ type: 'store', request }, transfer);
      }, answers),
      note: (note) => port.postMessage(note),
      receive: () => receiveMessageOnPort(port)?.message as ThreadMessage | undefined,
    };
    try {
      return { ok: true, output: await work(input, tools) };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      return { ok: false, failure: error.failure };
    } finally {
      port.close();
      answers.close();
    }
  };
}
