/** What a detection leaves in the store when the store fails it. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '#platform/storage';
import { testStoreOptions } from '../../../../test/support/test-store.js';
import { ThreadPool } from '../tasks/thread-pool.js';
import { aDetection, DETECTION_THREAD } from './detection.fixture.js';
import type { DetectionInput, DetectionOutput } from './detection.thread.js';

let store: ObjectStore;

beforeAll(() => {
  store = new ObjectStore(testStoreOptions());
});
afterAll(() => store.close());

/** The store, slow, and unable to keep the `broken`-th object. */
class FailingStore {
  started = 0;
  settled = 0;

  constructor(public broken: number) {}

  head: ObjectStore['head'] = (...words) => store.head(...words);
  get: ObjectStore['get'] = (...words) => store.get(...words);
  put: ObjectStore['put'] = async (...words) => {
    const number = ++this.started;
    try {
      // The broken one is told before the others of its candidate are stored, or after.
      await delay(number === this.broken ? 100 : 300);
      if (number === this.broken) throw new Error('The disk is full.');
      return await store.put(...words);
    } finally {
      this.settled++;
    }
  };
}

describe('a detection whose store fails', () => {
  it.each([
    ['first plot', 1],
    ['last plot of a candidate', 10],
    ['report', 11],
  ])(
    'B.29 fails when all is over, stores nothing behind it, and leaves its thread well: the %s',
    async (_, broken) => {
      const failing = new FailingStore(broken);
      const pool = new ThreadPool({ threads: 1, heapMb: 256, store: failing });
      try {
        const { signal } = new AbortController();
        const input = await aDetection(store);
        const named: string[] = [];
        const run = pool.run<DetectionInput, DetectionOutput>(DETECTION_THREAD, input, {
          signal,
          note: (told) => void (told.type === 'object' && named.push(told.key)),
        });
        await expect(run).rejects.toThrow('The disk is full.');
        expect(failing.started).toBeGreaterThanOrEqual(broken);
        expect(failing.settled).toBe(failing.started);
        expect(named).toHaveLength(failing.started); // so that what was stored can be removed
        const { started } = failing;
        await delay(400);
        expect(failing.started).toBe(started);
        failing.broken = 0;
        const { candidates } = await pool.run<DetectionInput, DetectionOutput>(
          DETECTION_THREAD,
          input,
          { signal, note: () => undefined },
        );
        expect(candidates).toHaveLength(1);
      } finally {
        await pool.close();
      }
    },
    60_000,
  );
});
