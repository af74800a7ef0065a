/** An abort ends the thread itself: whatever stage it is in, it is gone within a second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '#platform/storage';
import { testStoreOptions } from '../../../../test/support/test-store.js';
import { ThreadPool, type ThreadNote } from '../tasks/thread-pool.js';
import { aDetection, DETECTION_THREAD } from './detection.fixture.js';
import type { DetectionInput, DetectionOutput } from './detection.thread.js';

let store: ObjectStore;
let pool: ThreadPool;

beforeAll(() => {
  store = new ObjectStore(testStoreOptions());
  pool = new ThreadPool({ threads: 1, heapMb: 256, store });
});
afterAll(async () => {
  await pool.close();
  store.close();
});

/** Its noise asked ten times, and with a map: a task that goes through every stage. */
const input = () => aDetection(store, { false_alarm_trials: 10, sensitivity: 'always' });

describe('an aborted detection', () => {
  it.each([
    ['load', ''],
    ['clean', ''],
    ['detrend', ''],
    ['search', 'Round 1'],
    ['search', 'Searching scrambled curves'],
    ['fit', ''],
    ['vet', ''],
    ['classify', ''],
    ['sensitivity', ''],
    ['explain', 'Drawing candidate 1 of 1'],
    ['explain', 'Drawing the report'],
  ])('B.29 is gone within a second in stage %s %s', { timeout: 60_000 }, async (stage, message) => {
    const abort = new AbortController();
    const seen: string[] = [];
    let abortedMs = NaN;
    const note = (told: ThreadNote) => {
      if (told.type !== 'progress' || abort.signal.aborted) return;
      seen.push(told.stage);
      if (told.stage !== stage || !told.message.startsWith(message)) return;
      abortedMs = performance.now();
      abort.abort();
    };
    const run = pool.run<DetectionInput, DetectionOutput>(DETECTION_THREAD, await input(), {
      signal: abort.signal,
      note,
    });
    await expect(run, seen.join(' ')).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - abortedMs).toBeLessThan(1000);
  });

  it('keeps a map that ran out of time as far as it came, and the rest of the result', async () => {
    const { summary, candidates } = await pool.run<DetectionInput, DetectionOutput>(
      DETECTION_THREAD,
      { ...(await input()), mapSeconds: 1e-3 },
      { signal: new AbortController().signal, note: () => undefined },
    );
    expect(candidates).toHaveLength(1);
    expect(summary.sensitivity).toMatchObject({ injected: 1, interrupted: true });
  }, 60_000);
});
