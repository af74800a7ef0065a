/** How much of a file is read before it is refused. Nothing uploaded is trusted to be what it says. */
export interface ReadLimits {
  /** Bytes of the file as it is stored, compressed or not. @default 512 MiB */
  readonly maxBytes: number;
  /** Bytes after gzip is undone; also the largest data unit a FITS header may announce. @default 1 GiB */
  readonly maxDecompressedBytes: number;
  /**
   * Decompressed over compressed bytes, watched from the first MiB on. Light curves reach about 10;
   * gzip's own ceiling is 1032. @default 100
   */
  readonly maxDecompressionRatio: number;
  /** Rows of the table. Four years of one-minute Kepler data are 2.1 million. @default 3000000 */
  readonly maxRows: number;
  /** Columns of the table. FITS 4.0 section 7.3.1 allows 999. @default 999 */
  readonly maxColumns: number;
  /** FITS: cards of all headers together. Text: comment lines above the table. @default 20000 */
  readonly maxHeaderCards: number;
  /** Text: characters of one line. FITS: bytes of one row of the table that is read. @default 65536 */
  readonly maxLineLength: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_READ_LIMITS: ReadLimits = {
  maxBytes: 512 * MiB,
  maxDecompressedBytes: 1024 * MiB,
  maxDecompressionRatio: 100,
  maxRows: 3_000_000,
  maxColumns: 999,
  maxHeaderCards: 20_000,
  maxLineLength: 65_536,
};
