/**
 * Dynamic batching: rows of requests that come while others are computed go through the graph
 * together. Nobody waits for company while the graph is idle, unless a wait is asked for.
 */

export interface BatchOptions {
  /** Rows in one run; 1: each request by itself. A request of more rows is run alone. */
  readonly maxRows: number;
  /** How long the first of an idle graph's rows waits for more. 0: until the next turn of the loop. */
  readonly maxWaitMs: number;
  /** Rows that may wait; with more a request is refused. */
  readonly maxQueuedRows: number;
}

/** Too many rows wait. The caller may come again after a moment. */
export class BatchQueueFullError extends Error {
  override readonly name = 'BatchQueueFullError';
  constructor(
    readonly queuedRows: number,
    readonly retryAfterSeconds: number,
  ) {
    super(`${queuedRows} rows wait already.`);
  }
}

interface Waiting<Answer> {
  readonly features: Float32Array;
  readonly rows: number;
  readonly answer: PromiseWithResolvers<Answer>;
  readonly signal: AbortSignal | undefined;
}

/** Of one graph. `Answer` is what a run gives for the rows of one request. */
export class Batcher<Answer> {
  private queue: Waiting<Answer>[] = [];
  private queuedRows = 0;
  private isRunning = false;
  private timer: NodeJS.Timeout | undefined;
  private secondsARow = 0;

  /**
   * @param run features of all rows, and how many rows each request has -> an answer for each
   * @param onIdle when nothing waits any more
   */
  constructor(
    private readonly run: (
      features: Float32Array<ArrayBuffer>,
      rowsOfEach: readonly number[],
    ) => Promise<readonly Answer[]>,
    private readonly options: BatchOptions,
    private readonly onIdle: () => void = () => undefined,
  ) {}

  get waitingRows(): number {
    return this.queuedRows;
  }

  /**
   * @param features (rows, features) row by row; left alone
   * @param signal gives up the wait; a run that has begun goes on, for the others in it
   * @throws {BatchQueueFullError} where too many rows wait
   */
  async submit(features: Float32Array, rows: number, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.queuedRows > 0 && this.queuedRows + rows > this.options.maxQueuedRows) {
      const seconds = Math.ceil(this.queuedRows * this.secondsARow);
      throw new BatchQueueFullError(this.queuedRows, Math.min(60, Math.max(1, seconds)));
    }
    const waiting: Waiting<Answer> = { features, rows, answer: Promise.withResolvers(), signal };
    this.queue.push(waiting);
    this.queuedRows += rows;
    const giveUp = () => this.giveUp(waiting);
    signal?.addEventListener('abort', giveUp, { once: true });
    this.begin();
    return waiting.answer.promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  private giveUp(waiting: Waiting<Answer>): void {
    const place = this.queue.indexOf(waiting);
    if (place >= 0) {
      this.queue.splice(place, 1);
      this.queuedRows -= waiting.rows;
    }
    waiting.answer.reject(waiting.signal!.reason as Error);
  }

  private begin(): void {
    if (this.isRunning) return;
    const { maxWaitMs, maxRows } = this.options;
    if (maxWaitMs > 0 && this.queuedRows < maxRows) {
      this.timer ??= setTimeout(() => void this.work(), maxWaitMs);
    } else {
      this.isRunning = true;
      setImmediate(() => void this.work());
    }
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isRunning = true;
    while (this.queue.length > 0) await this.runSome(this.take());
    this.isRunning = false;
    this.onIdle();
  }

  /** The longest waiting ones, as many as fit. */
  private take(): Waiting<Answer>[] {
    let rows = 0;
    let count = 0;
    for (const waiting of this.queue) {
      rows += waiting.rows;
      if (count > 0 && rows > this.options.maxRows) break;
      count += 1;
    }
    const taken = this.queue.splice(0, count);
    this.queuedRows -= rowsOf(taken);
    return taken;
  }

  private async runSome(taken: readonly Waiting<Answer>[]): Promise<void> {
    const startedMs = performance.now();
    const features = joined(taken.map((each) => each.features));
    const rowsOfEach = taken.map(({ rows }) => rows);
    try {
      const answers = await this.run(features, rowsOfEach);
      taken.forEach(({ answer }, i) => answer.resolve(answers[i]));
    } catch (error) {
      // Whoever is to blame, the others shall not suffer for it.
      if (taken.length === 1) taken[0].answer.reject(error);
      else for (const each of taken) await this.runSome([each]);
      return;
    }
    this.secondsARow = (performance.now() - startedMs) / 1000 / rowsOf(taken);
  }
}

const rowsOf = (taken: readonly { readonly rows: number }[]) =>
  taken.reduce((sum, { rows }) => sum + rows, 0);

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
