import { describe, expect, it } from 'vitest';
import { GraphCache, type GraphCacheOptions } from './graph-cache.js';
import { type LoadedGraph, SessionsGoneError } from './onnx-sessions.js';

const ANSWER = { output: Float32Array.of(1), embedding: null };
const NONE = new Float32Array(0);

function watched(options: Partial<GraphCacheOptions> = {}) {
  const log: string[] = [];
  let nowMs = 0;
  const cache = new GraphCache({
    capacity: 2,
    now: () => nowMs,
    events: {
      hit: () => log.push('hit'),
      miss: () => log.push('miss'),
      holds: (count) => log.push(`holds ${count}`),
    },
    ...options,
  });
  const graph = (key: string, run = async () => ANSWER): LoadedGraph => ({
    run,
    unload: async () => void log.push(`unload ${key}`),
  });
  const use = (key: string, load = async () => graph(key)) => cache.run(key, load, NONE, 1);
  return { log, use, graph, pass: (seconds: number) => (nowMs += 1000 * seconds) };
}

describe('E.22 the cache of graphs', () => {
  it('E.27 loads a graph once, for all who ask at the same time and for those after them', async () => {
    const { use, log, graph } = watched();
    let loads = 0;
    const load = async () => (loads++, graph('a'));
    await Promise.all([use('a', load), use('a', load)]);
    await use('a', load);
    expect(loads).toBe(1);
    expect(log).toEqual(['miss', 'hit', 'holds 1', 'hit']);
  });

  it('E.26 keeps so many, and lets the longest unused go', async () => {
    const { use, log } = watched();
    for (const key of ['a', 'b', 'a', 'c']) await use(key);
    await expect.poll(() => log).toContain('unload b');
    expect(log).not.toContain('unload a');
    expect(log.at(-2)).toBe('holds 2');
  });

  it('takes no graph away from a run', async () => {
    const { use, log, graph } = watched({ capacity: 1 });
    const gate = Promise.withResolvers<typeof ANSWER>();
    const slow = use('a', async () => graph('a', () => gate.promise));
    await use('b');
    expect(log).not.toContain('unload a');
    gate.resolve(ANSWER);
    await expect(slow).resolves.toBe(ANSWER);
  });

  it('does not try a graph that cannot be loaded at each request, but again after a while', async () => {
    const { use, pass } = watched();
    let loads = 0;
    const broken = async () => {
      loads += 1;
      throw new Error('no graph');
    };
    for (let i = 0; i < 3; i++) await expect(use('a', broken)).rejects.toThrow('no graph');
    expect(loads).toBe(1);
    pass(31);
    await expect(use('a')).resolves.toBe(ANSWER);
  });

  it('loads anew what was lost with its thread', async () => {
    const { use, graph } = watched();
    const lost = async () => graph('a', async () => Promise.reject(new SessionsGoneError()));
    await expect(use('a', lost)).rejects.toThrow(SessionsGoneError);
    await expect(use('a')).resolves.toBe(ANSWER);
  });

  it('refuses to hold nothing', () => {
    expect(() => new GraphCache({ capacity: 0 })).toThrow(/capacity .* 0/);
  });
});
