const TAB = 9;
const LF = 10;
const CR = 13;
const BLANK = 32;

/**
 * Makes blanks a delimiter like any other: runs of blanks and tabs become one blank, those at the ends
 * of a line disappear. `csv-parse` has no such option, and rows of varying length cost it ten times
 * as much. Chunks may be cut anywhere.
 */
export class BlankCollapser {
  private isAtStart = true;
  private isPending = false;

  /** The same text, collapsed. A run at the end of the chunk is decided by the next one. */
  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (byte === BLANK || byte === TAB) {
        this.isPending = true;
        continue;
      }
      const isLineEnd = byte === LF || byte === CR;
      if (this.isPending && !this.isAtStart && !isLineEnd) out[length++] = BLANK;
      out[length++] = byte;
      this.isPending = false;
      this.isAtStart = isLineEnd;
    }
    return out.subarray(0, length);
  }
}
