import type { MessagePort } from 'node:worker_threads';
import type { ObjectContent, StoredObject } from '#platform/storage';
import type { StoreAnswer, StoreRequest, StoreValue } from '../tasks/store-service.js';
import { TaskError } from '../tasks/task-error.js';

/**
 * The object store as a thread has it: the main thread does what it is asked (../tasks/store-service).
 *
 * @throws {TaskError} from every method, as the store failed; `object_missing` where there is none.
 */
export class ThreadStore {
  private asked = 0;
  private readonly waiting = new Map<number, PromiseWithResolvers<StoreValue>>();

  /** @param answers where the answers come in */
  constructor(
    private readonly ask: (request: StoreRequest, transfer: ArrayBuffer[]) => void,
    answers: MessagePort,
  ) {
    answers.on('message', (answer: StoreAnswer) => this.settle(answer));
  }

  async head(key: string): Promise<StoredObject | null> {
    return (await this.request({ id: ++this.asked, act: 'head', key })) as StoredObject | null;
  }

  async get(key: string): Promise<ObjectContent> {
    const id = ++this.asked;
    const sizeBytes = (await this.request({ id, act: 'get', key })) as number;
    return { stream: this.chunks(id), sizeBytes };
  }

  /** The bytes are handed over: nobody may look at them afterwards. */
  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    // A small one may be a part of something.
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    const own = (whole ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;
    const request: StoreRequest = { id: ++this.asked, act: 'put', key, bytes: own, contentType };
    await this.request(request, [own.buffer]);
  }

  private async *chunks(id: number): AsyncGenerator<Uint8Array> {
    let isOver = false;
    try {
      for (;;) {
        const chunk = (await this.request({ id, act: 'next' })) as Uint8Array | null;
        isOver = chunk === null;
        if (!chunk) return;
        yield chunk;
      }
    } finally {
      if (!isOver) this.ask({ id, act: 'close' }, []);
    }
  }

  private request(request: StoreRequest, transfer: ArrayBuffer[] = []): Promise<StoreValue> {
    const waiting = Promise.withResolvers<StoreValue>();
    this.waiting.set(request.id, waiting);
    this.ask(request, transfer);
    return waiting.promise;
  }

  private settle(answer: StoreAnswer): void {
    const { resolve, reject } = this.waiting.get(answer.id)!;
    this.waiting.delete(answer.id);
    if (answer.ok) return resolve(answer.value);
    const { failure, message } = answer;
    reject(
      failure ? new TaskError(failure.kind, failure.code, failure.message) : new Error(message),
    );
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof TaskError && error.failure.code === 'object_missing';
