/**
 * Memory that is used again: arrays for what does not outlive a step of a computation. Fresh memory as
 * long as a curve costs about as much as filling it, and the engine collects garbage whenever 64 MiB of
 * it have been asked for: five times in the task of a four-year curve that takes each array anew.
 *
 * Whoever makes one owns it and lends it to what works for them, one after the other. An array is lent
 * until the `during` ends in which it was taken; nothing that is kept may lie in it.
 */
export class Scratch {
  private readonly chunks: ArrayBuffer[] = [];
  /** All chunks before this one are taken, and so many bytes of it. */
  private chunk = 0;
  private used = 0;

  /** What `work` takes may be taken again when it has returned. */
  during<Result>(work: () => Result): Result {
    const { chunk, used } = this;
    try {
      return work();
    } finally {
      this.chunk = chunk;
      this.used = used;
    }
  }

  /** Gives all memory back at once instead of when it is collected. Arrays of it are empty from then on. */
  free(): void {
    for (const chunk of this.chunks) chunk.transfer(0);
    this.chunks.length = 0;
    this.chunk = 0;
    this.used = 0;
  }

  // Each holds what was left in it. Methods, not functions of each owner: code that is compiled with
  // such a function in it is thrown away when the owner is collected, with every target's.

  float64(length: number): Float64Array<ArrayBuffer> {
    return this.lend(Float64Array, length);
  }

  float32(length: number): Float32Array<ArrayBuffer> {
    return this.lend(Float32Array, length);
  }

  uint32(length: number): Uint32Array<ArrayBuffer> {
    return this.lend(Uint32Array, length);
  }

  int32(length: number): Int32Array<ArrayBuffer> {
    return this.lend(Int32Array, length);
  }

  int16(length: number): Int16Array<ArrayBuffer> {
    return this.lend(Int16Array, length);
  }

  uint16(length: number): Uint16Array<ArrayBuffer> {
    return this.lend(Uint16Array, length);
  }

  private lend<Lent>(type: Lendable<Lent>, length: number): Lent {
    const at = this.take(type.BYTES_PER_ELEMENT * length);
    return new type(this.chunks[this.chunk], at, length);
  }

  /** @returns where in the chunk, which may be the next one that has so much room */
  private take(bytes: number): number {
    const whole = 8 * Math.ceil(bytes / 8);
    while (this.chunk < this.chunks.length) {
      const at = this.used;
      if (this.chunks[this.chunk].byteLength - at >= whole) {
        this.used += whole;
        return at;
      }
      this.chunk++;
      this.used = 0;
    }
    const held = this.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.chunks.push(new ArrayBuffer(Math.max(whole, GROWTH * held)));
    this.used = whole;
    return 0;
  }
}

/** A new chunk is at least this part of those before it: few of them, and little of them in vain. */
const GROWTH = 0.25;

interface Lendable<Lent> {
  readonly BYTES_PER_ELEMENT: number;
  new (chunk: ArrayBuffer, at: number, length: number): Lent;
}
