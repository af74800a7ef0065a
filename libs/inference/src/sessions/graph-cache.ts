/**
 * The graphs in memory: at most so many, the longest unused goes first. A graph that cannot be loaded
 * is not tried again at once: a fault in a file would otherwise cost every request a download.
 */
import type { LoadedGraph } from './onnx-sessions.js';
import { SessionsGoneError } from './onnx-sessions.js';
import type { GraphAnswer } from './session-protocol.js';

export interface GraphCacheEvents {
  hit(): void;
  miss(): void;
  loaded(key: string, seconds: number): void;
  /** How many graphs are in memory now. */
  holds(count: number): void;
}

export interface GraphCacheOptions {
  /** Graphs in memory, >= 1. */
  readonly capacity: number;
  /** After a failure to load. @default 30 */
  readonly retrySeconds?: number;
  readonly events?: Partial<GraphCacheEvents>;
  /** Milliseconds; for tests. @default performance.now */
  readonly now?: () => number;
}

interface Entry {
  readonly graph: Promise<LoadedGraph>;
  /** Runs under way. */
  uses: number;
}

export class GraphCache {
  /** The longest unused first. */
  private readonly entries = new Map<string, Entry>();
  private readonly failures = new Map<
    string,
    { readonly error: unknown; readonly untilMs: number }
  >();
  private readonly now: () => number;

  constructor(private readonly options: GraphCacheOptions) {
    if (!(Number.isInteger(options.capacity) && options.capacity >= 1)) {
      throw new RangeError(`capacity must be a whole number from 1, not ${options.capacity}`);
    }
    this.now = options.now ?? (() => performance.now());
  }

  get size(): number {
    return this.entries.size;
  }

  holds(key: string): boolean {
    return this.entries.has(key);
  }

  /**
   * Runs a graph, loaded first where need be; concurrent requests load it once.
   *
   * @param key what the graph is known by
   * @throws what `load` throws, again for a while without calling it
   */
  async run(
    key: string,
    load: () => Promise<LoadedGraph>,
    features: Float32Array<ArrayBuffer>,
    rows: number,
  ): Promise<GraphAnswer> {
    const entry = this.enter(key, load);
    entry.uses += 1;
    try {
      return await (await entry.graph).run(features, rows);
    } catch (error) {
      if (error instanceof SessionsGoneError) this.forget(key, entry);
      throw error;
    } finally {
      entry.uses -= 1;
      this.evict();
    }
  }

  private enter(key: string, load: () => Promise<LoadedGraph>): Entry {
    const { events } = this.options;
    const known = this.entries.get(key);
    if (known) {
      events?.hit?.();
      this.entries.delete(key);
      this.entries.set(key, known);
      return known;
    }
    this.throwIfFailed(key);
    events?.miss?.();
    const entry: Entry = { graph: this.loadTimed(key, load), uses: 0 };
    this.entries.set(key, entry);
    entry.graph.then(
      () => events?.holds?.(this.entries.size),
      (error: unknown) => this.fail(key, entry, error),
    );
    return entry;
  }

  private async loadTimed(key: string, load: () => Promise<LoadedGraph>): Promise<LoadedGraph> {
    const startedMs = performance.now();
    const graph = await load();
    this.options.events?.loaded?.(key, (performance.now() - startedMs) / 1000);
    return graph;
  }

  private throwIfFailed(key: string): void {
    const failure = this.failures.get(key);
    if (!failure) return;
    if (this.now() < failure.untilMs) throw failure.error;
    this.failures.delete(key);
  }

  private fail(key: string, entry: Entry, error: unknown): void {
    this.forget(key, entry);
    if (error instanceof SessionsGoneError) return; // no fault of the file
    const untilMs = this.now() + 1000 * (this.options.retrySeconds ?? 30);
    this.failures.set(key, { error, untilMs });
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) !== entry) return;
    this.entries.delete(key);
    this.options.events?.holds?.(this.entries.size);
  }

  /** What is in use stays, also above the capacity, until it is not. */
  private evict(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= this.options.capacity) return;
      if (entry.uses > 0) continue;
      this.forget(key, entry);
      void entry.graph.then((graph) => graph.unload()).catch(() => undefined);
    }
  }
}
