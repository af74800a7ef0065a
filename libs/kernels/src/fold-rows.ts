/** Into how many rows a fold cuts its series. */

/** Rows up to this many are summed as they lie in time, without a butterfly. */
export const LARGEST_LEAF = 4;
/** Many short rows are so many blocks of equally many rows: a kernel adds all blocks at once. */
const BLOCKS = 8;
const MANY_ROWS = 128;
const WIDEST_IN_BLOCKS = 96;
/** Samples that the kernels may read past the end of a row. */
const READ_AHEAD = 32;

/** Rows of N samples at base period p. The last ones hold zeros where the samples do not fill them. */
export function foldRows(samples: number, base: number): number {
  const rows = Math.max(2, Math.ceil(samples / base));
  if (rows < MANY_ROWS || base > WIDEST_IN_BLOCKS) return rows;
  return BLOCKS * Math.ceil(rows / BLOCKS);
}

/** Zeros that must follow the samples in a series for base periods below `endBase`. */
export function foldPadding(endBase: number): number {
  return Math.max(endBase, BLOCKS * Math.min(endBase, WIDEST_IN_BLOCKS)) + READ_AHEAD;
}
