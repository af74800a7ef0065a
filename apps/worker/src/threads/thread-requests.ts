import type { MessagePort } from 'node:worker_threads';
import { TaskError } from '../tasks/task-error.js';
import type { ThreadReply } from '../tasks/thread-reply.js';

/** What a thread has asked of the main thread and waits for. */
export class ThreadRequests {
  private asked = 0;
  private readonly waiting = new Map<number, PromiseWithResolvers<unknown>>();

  /** @param answers where the answers come in */
  constructor(answers: MessagePort) {
    answers.on('message', (reply: ThreadReply<unknown>) => this.settle(reply));
  }

  /** Names a request. */
  nextId(): number {
    return ++this.asked;
  }

  /**
   * The answer to the request of this name, which is made now.
   *
   * @throws {TaskError} where the failure was foreseen
   */
  answerTo<Value>(id: number, ask: () => void): Promise<Value> {
    const waiting = Promise.withResolvers<unknown>();
    this.waiting.set(id, waiting);
    ask();
    return waiting.promise as Promise<Value>;
  }

  private settle(reply: ThreadReply<unknown>): void {
    const { resolve, reject } = this.waiting.get(reply.id)!;
    this.waiting.delete(reply.id);
    if (reply.ok) return resolve(reply.value);
    const { failure, message } = reply;
    reject(
      failure ? new TaskError(failure.kind, failure.code, failure.message) : new Error(message),
    );
  }
}
