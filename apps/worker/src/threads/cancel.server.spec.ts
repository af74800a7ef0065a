/** An abort ends the thread itself: whatever stage it is in, it is gone within a second. */
import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectionParams, forTargets, fromWire } from '#contracts';
import { RUNTIME, VERSION } from '#platform/config';
import { ObjectStore } from '#platform/storage';
import { aCurveCsv } from '../../../../test/support/curves.js';
import { testStoreOptions } from '../../../../test/support/test-store.js';
import { ThreadPool, type ThreadNote } from '../tasks/thread-pool.js';
import type { DetectionInput, DetectionOutput } from './detection.thread.js';

const BUILD =
  process.env.LIGHTFOLD_BUILD ?? fileURLToPath(new URL('../../../../dist', import.meta.url));
const THREAD = pathToFileURL(`${BUILD}/apps/worker/src/threads/detection.thread.js`);

let store: ObjectStore;
let pool: ThreadPool;
const folder = `tests/${randomUUID()}`;

beforeAll(() => {
  store = new ObjectStore(testStoreOptions());
  pool = new ThreadPool({ threads: 1, heapMb: 256, store });
});
afterAll(async () => {
  await pool.close();
  store.close();
});

/** Of a planet, its noise asked ten times, and with a map: a task that goes through every stage. */
async function input(): Promise<DetectionInput> {
  const bytes = aCurveCsv({ depthPpm: 3000, cadenceMinutes: 10 });
  const objectKey = `${folder}/planet.csv`;
  await store.put(objectKey, bytes, 'text/csv');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const params = forTargets(
    detectionParams.parse({ max_planets: 1, false_alarm_trials: 10, sensitivity: 'always' }),
    1,
  );
  return {
    files: [{ filename: 'planet.csv', objectKey, sizeBytes: bytes.length, sha256 }],
    target: 'TIC 1',
    params,
    search: fromWire(detectionParams, params) as DetectionInput['search'],
    folder,
    codeVersion: VERSION,
    runtime: RUNTIME,
    fitters: { first: 'local', timeoutSeconds: 1, maxRequestBytes: 1000 },
    mapSeconds: 1,
    splitSeconds: null,
    limits: { maxBytes: 1e8, maxDecompressedBytes: 1e8, maxRows: 1e6 },
  };
}

describe('an aborted detection', () => {
  it.each([
    ['load', ''],
    ['clean', ''],
    ['detrend', ''],
    ['search', 'Round 1'],
    ['search', 'Searching scrambled curves'],
    ['fit', ''],
    ['vet', ''],
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
    const run = pool.run<DetectionInput, DetectionOutput>(THREAD, await input(), {
      signal: abort.signal,
      note,
    });
    await expect(run, seen.join(' ')).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - abortedMs).toBeLessThan(1000);
  });

  it('keeps a map that ran out of time as far as it came, and the rest of the result', async () => {
    const { summary, candidates } = await pool.run<DetectionInput, DetectionOutput>(
      THREAD,
      { ...(await input()), mapSeconds: 1e-3 },
      { signal: new AbortController().signal, note: () => undefined },
    );
    expect(candidates).toHaveLength(1);
    expect(summary.sensitivity).toMatchObject({ injected: 1, interrupted: true });
  }, 60_000);
});
