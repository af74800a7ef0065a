import type { ObjectContent, StoredObject } from '#platform/storage';
import type { StoreRequest, StoreValue } from '../tasks/store-service.js';
import { TaskError } from '../tasks/task-error.js';
import type { ThreadRequests } from './thread-requests.js';

/**
 * The object store as a thread has it: the main thread does what it is asked (../tasks/store-service).
 *
 * @throws {TaskError} from every method, as the store failed; `object_missing` where there is none.
 */
export class ThreadStore {
  constructor(
    private readonly ask: (request: StoreRequest, transfer: ArrayBuffer[]) => void,
    private readonly requests: ThreadRequests,
  ) {}

  async head(key: string): Promise<StoredObject | null> {
    const id = this.requests.nextId();
    return (await this.request({ id, act: 'head', key })) as StoredObject | null;
  }

  async get(key: string): Promise<ObjectContent> {
    const id = this.requests.nextId();
    const sizeBytes = (await this.request({ id, act: 'get', key })) as number;
    return { stream: this.chunks(id), sizeBytes };
  }

  /** The bytes are handed over: nobody may look at them afterwards. */
  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    // A small one may be a part of something.
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    const own = (whole ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;
    const id = this.requests.nextId();
    await this.request({ id, act: 'put', key, bytes: own, contentType }, [own.buffer]);
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
    return this.requests.answerTo(request.id, () => this.ask(request, transfer));
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof TaskError && error.failure.code === 'object_missing';
