/** The object store through both sides of a message port: the thread's and the main thread's. */
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ObjectStore, ObjectNotFoundError, StorageUnavailableError } from '#platform/storage';
import { fake } from '../../../../test/support/fake.js';
import { isMissing, ThreadStore } from '../threads/thread-store.js';
import { StoreService } from './store-service.js';
import { failureOf } from './task-failure.js';

function served(methods: Partial<ObjectStore>) {
  const { port1, port2 } = new MessageChannel();
  const service = new StoreService(fake<ObjectStore>(methods), (answer, transfer) =>
    port1.postMessage(answer, transfer),
  );
  onTestFinished(() => port1.close());
  const store = new ThreadStore((request, transfer) => {
    service.take(structuredClone(request, { transfer }));
  }, port2);
  return { service, store };
}

/** Bytes in chunks; `closed` tells that somebody left early. */
function content(...chunks: readonly string[]) {
  const state = { closed: false };
  const stream = (async function* () {
    let isOver = false;
    try {
      for (const chunk of chunks) yield Buffer.from(chunk);
      isOver = true;
    } finally {
      state.closed = !isOver;
    }
  })();
  return { state, object: { stream, sizeBytes: chunks.join('').length } };
}

describe("a thread's object store", () => {
  it('reads an object chunk by chunk', async () => {
    const { store } = served({ get: async () => content('ab', '', 'cde').object });
    const { stream, sizeBytes } = await store.get('key');
    const read: string[] = [];
    for await (const chunk of stream) read.push(Buffer.from(chunk).toString());
    expect(read).toEqual(['ab', '', 'cde']);
    expect(sizeBytes).toBe(5);
  });

  it('closes a stream that is left early', async () => {
    const { state, object } = content('ab', 'cd');
    const { store } = served({ get: async () => object });
    for await (const chunk of (await store.get('key')).stream) {
      expect(Buffer.from(chunk).toString()).toBe('ab');
      break;
    }
    await expect.poll(() => state.closed).toBe(true);
  });

  it('stores exactly the bytes, also a part of something', async () => {
    const stored: string[] = [];
    const { store } = served({
      put: async (key, bytes, contentType) => {
        stored.push(`${key} ${Buffer.from(bytes).toString()} ${contentType}`);
        return { sizeBytes: bytes.length, etag: '' };
      },
    });
    const whole = Buffer.from(new TextEncoder().encode('whole').buffer);
    await store.put('a', Buffer.from('xpartx').subarray(1, 5), 'text/plain');
    await store.put('b', whole, 'text/plain');
    expect(stored).toEqual(['a part text/plain', 'b whole text/plain']);
  });

  it('keeps apart what is missing, what may be tried again, and what nobody foresaw', async () => {
    const { store } = served({
      head: async () => null,
      get: async (key) => {
        throw key === 'gone' ? new ObjectNotFoundError(key) : new StorageUnavailableError('read');
      },
      put: async () => {
        throw new TypeError('a fault');
      },
    });
    expect(await store.head('gone')).toBeNull();
    const gone = await store.get('gone').catch((error: unknown) => error);
    expect(isMissing(gone)).toBe(true);
    expect(failureOf(gone)).toMatchObject({ kind: 'usage', code: 'object_missing' });
    const away = await store.get('away').catch((error: unknown) => error);
    expect(isMissing(away)).toBe(false);
    expect(failureOf(away)).toMatchObject({ kind: 'transient', code: 'storage_unavailable' });
    const fault = await store
      .put('key', new Uint8Array(1), 'text/plain')
      .catch((error: unknown) => error);
    expect(failureOf(fault)).toMatchObject({ code: 'crashed' });
  });

  it('waits for no read that hangs when its thread is gone', async () => {
    const untilAborted = (signal?: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal!.addEventListener('abort', () => reject(new StorageUnavailableError('read')));
      });
    const { service, store } = served({
      head: (_key, signal) => untilAborted(signal),
      get: async (key, signal) => {
        if (key === 'unanswered') return untilAborted(signal);
        const stream = (async function* () {
          yield Buffer.from('ab');
          yield untilAborted(signal);
        })();
        return { stream, sizeBytes: 4 };
      },
    });
    const bytes = (await store.get('stalled')).stream[Symbol.asyncIterator]();
    await bytes.next();
    const waiting = [store.head('unanswered'), store.get('unanswered'), bytes.next()];
    const ends = Promise.allSettled(waiting);
    await service.end();
    expect((await ends).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  });

  it('gives up what runs when its thread is gone, and stores nothing afterwards', async () => {
    const { state, object } = content('ab', 'cd');
    const seen: string[] = [];
    const { service, store } = served({
      get: async () => object,
      put: (key, _bytes, _type, signal) =>
        new Promise((_, reject) => {
          seen.push(key);
          signal!.addEventListener('abort', () => reject(new StorageUnavailableError('store')));
        }),
    });
    const { stream } = await store.get('key');
    await stream[Symbol.asyncIterator]().next();
    const running = store.put('running', new Uint8Array(1), 'text/plain').catch(failureOf);
    await service.end();
    expect(await running).toMatchObject({ code: 'storage_unavailable' });
    expect(state.closed).toBe(true);
    void store.put('late', new Uint8Array(1), 'text/plain');
    expect(seen).toEqual(['running']);
  });
});
