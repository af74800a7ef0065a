/**
 * The object store as the threads have it: the main thread, which has the connections, reads and
 * stores for them. The client of the store is 20 MiB of code and its objects, once a process instead
 * of once a thread, and a thread that reads what strangers uploaded holds no key.
 */
import type { TaskFailure } from '#contracts';
import type { ObjectStore, StoredObject } from '#platform/storage';
import { storeFailureOf } from './task-failure.js';

/** `id`: of the request, or of the reading that goes on (`next`) or is over (`close`). */
export type StoreRequest =
  | { readonly id: number; readonly act: 'head' | 'get'; readonly key: string }
  | { readonly id: number; readonly act: 'next' | 'close' }
  | {
      readonly id: number;
      readonly act: 'put';
      readonly key: string;
      readonly bytes: Uint8Array;
      readonly contentType: string;
    };

/** `value`: of `head` what there is; of `get` its size; of `next` bytes, or null at the end. */
export type StoreAnswer =
  | { readonly id: number; readonly ok: true; readonly value: StoreValue }
  | {
      readonly id: number;
      readonly ok: false;
      /** null: nobody foresaw it. */
      readonly failure: TaskFailure | null;
      readonly message: string;
    };
export type StoreValue = StoredObject | number | Uint8Array<ArrayBuffer> | null;

/** Of one call of a thread. */
export class StoreService {
  private readonly readings = new Map<number, AsyncIterator<Uint8Array>>();
  private readonly inHand = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly store: Pick<ObjectStore, 'head' | 'get' | 'put'>,
    private readonly answer: (answer: StoreAnswer, transfer: ArrayBuffer[]) => void,
  ) {}

  take(request: StoreRequest): void {
    if (this.ending.signal.aborted) return;
    const done = this.serve(request).finally(() => this.inHand.delete(done));
    this.inHand.add(done);
  }

  /** Gives up what has not ended: the thread is done, or gone. Nothing is stored after that. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.inHand);
    await Promise.all([...this.readings.keys()].map((id) => this.stopReading(id)));
  }

  private async serve(request: StoreRequest): Promise<void> {
    const { id } = request;
    try {
      const value = await this.valueOf(request);
      if (value === undefined) return;
      const transfer = value instanceof Uint8Array ? [value.buffer] : [];
      this.answer({ id, ok: true, value }, transfer);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.answer({ id, ok: false, failure: storeFailureOf(error), message }, []);
    }
  }

  private async valueOf(request: StoreRequest): Promise<StoreValue | undefined> {
    const { id } = request;
    switch (request.act) {
      case 'head':
        return this.store.head(request.key, this.ending.signal);
      case 'put': {
        const { key, bytes, contentType } = request;
        return this.store.put(key, bytes, contentType, this.ending.signal);
      }
      case 'get': {
        const { stream, sizeBytes } = await this.store.get(request.key, this.ending.signal);
        this.readings.set(id, stream[Symbol.asyncIterator]());
        return sizeBytes;
      }
      case 'next': {
        const { done, value } = await this.readings.get(id)!.next();
        if (!done) return new Uint8Array(value); // a copy: the chunk is a part of something
        this.readings.delete(id);
        return null;
      }
      case 'close':
        await this.stopReading(id);
        return undefined;
    }
  }

  private async stopReading(id: number): Promise<void> {
    const reading = this.readings.get(id);
    this.readings.delete(id);
    await reading?.return?.();
  }
}
