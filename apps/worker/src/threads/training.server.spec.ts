/** A training in its thread: it can be ended wherever it is, and stores what it says it stored. */
import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromWire, trainingConfig, type TrainingConfig } from '#contracts';
import { ObjectStore } from '#platform/storage';
import { aKoiTable } from '../../../../test/support/tables.js';
import { testStoreOptions } from '../../../../test/support/test-store.js';
import { type ThreadNote, ThreadPool } from '../tasks/thread-pool.js';
import { versionObjects } from '../training/version-objects.js';
import type { TrainingInput, TrainingOutput } from './training.thread.js';

const BUILD =
  process.env.LIGHTFOLD_BUILD ?? fileURLToPath(new URL('../../../../dist', import.meta.url));
const THREAD = pathToFileURL(`${BUILD}/apps/worker/src/threads/training.thread.js`);
const TABLE = aKoiTable({ rows: 600 });

let store: ObjectStore;
let pool: ThreadPool;
const objectKey = `tests/${randomUUID()}`;

beforeAll(async () => {
  store = new ObjectStore(testStoreOptions());
  pool = new ThreadPool({ threads: 1, heapMb: 256, store });
  await store.put(objectKey, TABLE, 'text/csv');
});
afterAll(async () => {
  await pool.close();
  store.close();
});

/** One that goes through every stage. */
function anInput(wish: object = {}): TrainingInput {
  const config = trainingConfig.parse({
    target_column: 'disposition',
    task_type: 'classification',
    model_config: { selected_model: 'random_forest', n_estimators: 100 },
    search: { trials: 3, rungs: 1 },
    folds: 2,
    ...wish,
  });
  return {
    file: {
      filename: 'koi.csv',
      objectKey,
      sizeBytes: TABLE.length,
      sha256: createHash('sha256').update(TABLE).digest('hex'),
    },
    limits: { maxBytes: 1e9, maxDecompressedBytes: 1e9, maxRows: 1e6 },
    config: fromWire(trainingConfig, config) as TrainingConfig,
    folder: `tests/${randomUUID()}/`,
    facts: {
      name: 'my-model',
      version: '1.0.0',
      description: 'For tests',
      datasetVersion: 'made up',
      task: config.task_type,
      targetColumn: config.target_column,
      seed: 1,
      command: 'none',
      codeVersion: '0.1.0',
      finishedAt: '2026-11-27T12:00:00.000Z',
    },
  };
}

const run = (input: TrainingInput, note: (note: ThreadNote) => void, signal?: AbortSignal) =>
  pool.run<TrainingInput, TrainingOutput>(THREAD, input, {
    signal: signal ?? new AbortController().signal,
    note,
  });

describe('a training in its thread', () => {
  it.each(['load', 'search', 'folds', 'fit', 'evaluate', 'store'])(
    'D.7 is gone within a second when it is aborted in stage %s',
    async (stage) => {
      const abort = new AbortController();
      let abortedMs = NaN;
      const note = (told: ThreadNote) => {
        if (told.type !== 'progress' || told.stage !== stage || abort.signal.aborted) return;
        abortedMs = performance.now();
        abort.abort();
      };
      await expect(run(anInput(), note, abort.signal)).rejects.toMatchObject({
        name: 'AbortError',
      });
      expect(performance.now() - abortedMs).toBeLessThan(1000);
    },
  );

  it('D.20 tells of a progress that never falls, through all of its stages', async () => {
    const told: Extract<ThreadNote, { type: 'progress' }>[] = [];
    await run(anInput(), (note) => note.type === 'progress' && told.push(note));
    const progress = told.map((note) => note.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect([...new Set(told.map(({ stage }) => stage))]).toEqual([
      'load',
      'search',
      'folds',
      'fit',
      'evaluate',
      'store',
    ]);
    const last = told.filter(({ stage }) => stage === 'fit').at(-1);
    expect(last?.epochs).toEqual({
      epoch: 100,
      total_epochs: 100,
      metrics: { accuracy: expect.any(Number) },
    });
  });

  it('stores what a killed attempt is known to leave, and says so before', async () => {
    const input = anInput({ search: null, folds: 0 });
    const keys: string[] = [];
    await run(input, (note) => note.type === 'object' && keys.push(note.key));
    expect(keys.map((key) => key.slice(input.folder.length)).sort()).toEqual(
      versionObjects().sort(),
    );
    for (const key of keys) expect([key, (await store.head(key)) !== null]).toEqual([key, true]);
  });

  it('fails by the field that is at fault, for its owner to mend', async () => {
    await expect(
      run(anInput({ roles: { source: 'number' } }), () => undefined),
    ).rejects.toMatchObject({
      failure: {
        kind: 'usage',
        code: 'cannot_train',
        message: expect.stringMatching(/^roles\.source: "(KEPLER|TESS)" is not a number/),
      },
    });
  });
});
