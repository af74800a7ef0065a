/** The inside of a worker thread: what all of its entry files share. */
import { receiveMessageOnPort } from 'node:worker_threads';
import type { AsyncClassifier } from '#transit';
import { TaskError } from '../tasks/task-error.js';
import type {
  ClassifyNote,
  ThreadAnswer,
  ThreadCall,
  ThreadMessage,
  ThreadNote,
} from '../tasks/thread-pool.js';
import { ThreadRequests } from './thread-requests.js';
import { ThreadStore } from './thread-store.js';

/** What a thread's work has from the main thread. */
export interface ThreadTools {
  readonly store: ThreadStore;
  /** Asks the models, which the main thread has. */
  readonly classify: AsyncClassifier;
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
    const requests = new ThreadRequests(answers);
    const tools: ThreadTools = {
      // By one port, so that an object is heard of before it is to be stored.
      store: new ThreadStore((request, transfer) => {
        port.postMessage({ type: 'store', request }, transfer);
      }, requests),
      classify: (candidate) => {
        const note: ClassifyNote = { type: 'classify', id: requests.nextId(), candidate };
        return requests.answerTo(note.id, () => port.postMessage(note));
      },
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
