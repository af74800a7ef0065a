import { describe, expect, it } from 'vitest';
import { Batcher, type BatchOptions, BatchQueueFullError } from './batcher.js';

const ROWS: BatchOptions = { maxRows: 8, maxWaitMs: 0, maxQueuedRows: 32 };

/** Doubles each number, and notes how many requests each run had; runs end when they are let go. */
function doubling(options: Partial<BatchOptions> = {}) {
  const runs: number[][] = [];
  const gates: (() => void)[] = [];
  let isOpen = true;
  const batcher = new Batcher<number[]>(
    async (features, rowsOfEach) => {
      runs.push([...rowsOfEach]);
      if (!isOpen) await new Promise<void>((resolve) => gates.push(resolve));
      if (features.includes(-1)) throw new Error('A row that the graph cannot take');
      let at = 0;
      return rowsOfEach.map((rows) => [...features.subarray(at, (at += rows))].map((x) => 2 * x));
    },
    { ...ROWS, ...options },
  );
  const submit = (...values: number[]) => batcher.submit(Float32Array.from(values), values.length);
  return {
    batcher,
    runs,
    submit,
    close: () => (isOpen = false),
    open: () => {
      isOpen = true;
      gates.splice(0).forEach((release) => release());
    },
  };
}

describe('E.30 a batcher', () => {
  it('runs what comes in one turn together, and gives each request its own rows', async () => {
    const { submit, runs } = doubling();
    const answers = await Promise.all([submit(1), submit(2, 3), submit(4)]);
    expect(answers).toEqual([[2], [4, 6], [8]]);
    expect(runs).toEqual([[1, 2, 1]]);
  });

  it('collects what comes while a run is under way, up to the rows of one run', async () => {
    const { submit, runs, close, open } = doubling({ maxRows: 3 });
    close();
    const first = submit(1);
    await expect.poll(() => runs.length).toBe(1);
    const others = [submit(2), submit(3), submit(4), submit(5)];
    open();
    await Promise.all([first, ...others]);
    expect(runs).toEqual([[1], [1, 1, 1], [1]]);
  });

  it('runs a request of more rows than a run has by itself', async () => {
    const { submit, runs } = doubling({ maxRows: 2 });
    const answers = await Promise.all([submit(1), submit(2, 3, 4), submit(5)]);
    expect(answers).toEqual([[2], [4, 6, 8], [10]]);
    expect(runs).toEqual([[1], [3], [1]]);
  });

  it('runs each request by itself where batches are of one row', async () => {
    const { submit, runs } = doubling({ maxRows: 1 });
    await Promise.all([submit(1), submit(2), submit(3)]);
    expect(runs).toEqual([[1], [1], [1]]);
  });

  it('waits for company as long as it is told, and no longer once a run is full', async () => {
    const { submit, runs } = doubling({ maxRows: 2, maxWaitMs: 60_000 });
    await expect(Promise.all([submit(1), submit(2)])).resolves.toEqual([[2], [4]]);
    expect(runs).toEqual([[1, 1]]);
    const { submit: alone } = doubling({ maxWaitMs: 5 });
    await expect(alone(1)).resolves.toEqual([2]);
  });

  it('refuses what its queue cannot hold, and says when to come again', async () => {
    const { submit, runs, close, open } = doubling({ maxQueuedRows: 2 });
    close();
    const taken = [submit(1)];
    await expect.poll(() => runs.length).toBe(1);
    taken.push(submit(2), submit(3));
    const refusal = await submit(4).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BatchQueueFullError);
    expect(refusal).toMatchObject({ queuedRows: 2, retryAfterSeconds: 1 });
    open();
    await expect(Promise.all(taken)).resolves.toEqual([[2], [4], [6]]);
  });

  it('takes a request that is larger than the queue when nothing else waits', async () => {
    const { submit } = doubling({ maxQueuedRows: 2 });
    await expect(submit(1, 2, 3)).resolves.toEqual([2, 4, 6]);
  });

  it('forgets a request whose caller gave up, and computes nothing for it', async () => {
    const { batcher, submit, runs, close, open } = doubling();
    close();
    const first = submit(1);
    await expect.poll(() => runs.length).toBe(1);
    const controller = new AbortController();
    const given = batcher.submit(Float32Array.of(2), 1, controller.signal);
    const stays = submit(3);
    controller.abort(new Error('too late'));
    await expect(given).rejects.toThrow('too late');
    expect(batcher.waitingRows).toBe(1);
    open();
    await Promise.all([first, stays]);
    expect(runs).toEqual([[1], [1]]);
  });

  it('lets no request suffer for a row of another', async () => {
    const { submit } = doubling();
    const outcomes = await Promise.allSettled([submit(1), submit(-1), submit(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('says when nothing waits any more', async () => {
    let idle = 0;
    const echo = async (_: Float32Array, rows: readonly number[]) => rows;
    const batcher = new Batcher<number>(echo, ROWS, () => (idle += 1));
    await Promise.all([1, 2].map((rows) => batcher.submit(new Float32Array(rows), rows)));
    await expect.poll(() => idle).toBe(1);
  });
});
