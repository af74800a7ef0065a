import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnreadableError } from './issues.js';

/** Hashed without a break, about 1 ms; then the event loop has its turn. */
const BYTES_PER_TURN = 1024 * 1024;

/**
 * The raw bytes on their way in: counted, hashed, limited. Leaving a loop over it does not close the
 * stream, so that whoever read the content can stop early and the rest is still hashed.
 */
export class MeteredSource implements AsyncIterableIterator<Uint8Array> {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly hash = createHash('sha256');
  private ended = false;
  /** Bytes that have passed. */
  bytes = 0;
  /** What the stream itself failed with, if it did: not the content's fault. */
  failure: { readonly cause: unknown } | null = null;

  constructor(
    stream: AsyncIterable<Uint8Array>,
    private readonly maxBytes: number,
  ) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.ended) return { done: true, value: undefined };
    const result = await this.pull();
    if (result.done) {
      this.ended = true;
      return { done: true, value: undefined };
    }
    this.bytes += result.value.byteLength;
    if (this.bytes > this.maxBytes) {
      this.ended = true;
      throw new UnreadableError(
        'file_too_large',
        `The file has more than ${this.maxBytes} bytes, the most that is read.`,
      );
    }
    this.hash.update(result.value);
    return result;
  }

  /** Reads what nobody wanted, so that size and hash are those of the whole file. */
  async drain(): Promise<void> {
    for (let seen = this.bytes; !(await this.next()).done;) {
      if (this.bytes - seen < BYTES_PER_TURN) continue;
      seen = this.bytes;
      await nextTurn();
    }
  }

  /** Hex SHA-256 of everything that passed. Once only. */
  digest(): string {
    return this.hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async pull(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.chunks.next();
    } catch (cause) {
      this.ended = true;
      this.failure = { cause };
      throw cause;
    }
  }
}
