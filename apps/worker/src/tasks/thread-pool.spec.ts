import { afterAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '#platform/storage';
import { fake } from '../../../../test/support/fake.js';
import { TaskError } from './task-error.js';
import { failureOf } from './task-failure.js';
import { ThreadPool, type ThreadNote } from './thread-pool.js';

const thread = (name: string) =>
  new URL(`../../../../test/support/threads/${name}.mjs`, import.meta.url);
const pool = new ThreadPool({ threads: 2, heapMb: 64, store: fake<ObjectStore>({}) });
const run = (name: string, input: unknown, options: Partial<Parameters<typeof pool.run>[2]> = {}) =>
  pool.run(thread(name), input, {
    signal: new AbortController().signal,
    note: () => undefined,
    ...options,
  });

afterAll(() => pool.close());

describe('ThreadPool', () => {
  it('answers what the thread answered, and hears its notes', async () => {
    const notes: ThreadNote[] = [];
    const note: ThreadNote = { type: 'progress', stage: 'load', progress: 5, message: 'Reading' };
    const input = { output: { found: 3 }, notes: [note] };
    expect(await run('echo', input, { note: (each) => notes.push(each) })).toEqual({ found: 3 });
    await expect.poll(() => notes).toEqual([note]);
  });

  it('keeps the facts of a failure that the thread foresaw', async () => {
    const failure = { kind: 'usage', code: 'too_short', message: 'Too few points' };
    const error = await run('echo', { failure }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect(failureOf(error)).toEqual(failure);
  });

  it('makes a crash a matter of trying again, without its text', async () => {
    const error = await run('echo', { throws: 'secret' }).catch((cause: unknown) => cause);
    expect(failureOf(error)).toMatchObject({ kind: 'transient', code: 'crashed' });
    expect(failureOf(error).message).not.toContain('secret');
  });

  it('survives a thread that takes all its memory, and so do its neighbours', async () => {
    const hungry = run('hungry', {}).catch((cause: unknown) => cause);
    await expect(run('echo', { output: 'well' })).resolves.toBe('well');
    expect(failureOf(await hungry)).toMatchObject({ kind: 'transient', code: 'out_of_memory' });
    await expect(run('echo', { output: 'still well' })).resolves.toBe('still well');
  });

  it('ends a thread that never listens, within a second of the abort', async () => {
    const controller = new AbortController();
    const endless = run('endless', {}, { signal: controller.signal }).catch(() => 'ended');
    await expect(run('echo', { output: 'meanwhile' })).resolves.toBe('meanwhile');
    const started = performance.now();
    controller.abort();
    expect(await endless).toBe('ended');
    expect(performance.now() - started).toBeLessThan(1000);
    // Both threads are there for the next two.
    const both = [run('echo', { output: 1 }), run('echo', { output: 2 })];
    expect(await Promise.all(both)).toEqual([1, 2]);
  });
});
