const NOTHING = new Uint8Array(0);

/** Reads a stream of chunks of any size in pieces of the wanted size. */
export class ByteReader {
  private held: Uint8Array = NOTHING;
  private ended = false;
  /** Bytes handed out or skipped. */
  position = 0;

  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  /** Up to `count` bytes, fewer only at the end of the stream. They stay unread. */
  async peek(count: number): Promise<Uint8Array> {
    await this.hold(count);
    return this.held.subarray(0, count);
  }

  /** `count` bytes, fewer only at the end of the stream. Valid until the next call. */
  async read(count: number): Promise<Uint8Array> {
    await this.hold(count);
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(taken.length);
    this.position += taken.length;
    return taken;
  }

  /** Passes over `count` bytes without keeping them; returns how many there were. */
  async skip(count: number): Promise<number> {
    let left = count;
    while (left > 0) {
      if (this.held.length === 0 && !(await this.pull())) break;
      const step = Math.min(left, this.held.length);
      this.held = this.held.subarray(step);
      left -= step;
    }
    this.position += count - left;
    return count - left;
  }

  /** Everything that is left, in chunks of at most `size` bytes. */
  async *chunks(size: number): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.held.length > 0 || (await this.pull())) {
      const chunk = this.held.subarray(0, size);
      this.held = this.held.subarray(chunk.length);
      this.position += chunk.length;
      yield chunk;
    }
  }

  private async hold(count: number): Promise<void> {
    if (this.held.length >= count || this.ended) return;
    const parts = [this.held];
    let length = this.held.length;
    this.held = NOTHING;
    while (length < count && (await this.pull())) {
      parts.push(this.held);
      length += this.held.length;
      this.held = NOTHING;
    }
    this.held = parts.length === 1 ? parts[0] : Buffer.concat(parts, length);
  }

  /** Replaces `held`, which must be empty, by the next chunk that has bytes. */
  private async pull(): Promise<boolean> {
    while (!this.ended) {
      const result = await this.source.next();
      if (result.done) this.ended = true;
      else if (result.value.length > 0) {
        this.held = result.value;
        return true;
      }
    }
    return false;
  }
}
