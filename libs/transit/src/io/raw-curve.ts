import type { ColumnFacts } from './columns.js';
import type { Identity } from './identity.js';

export type FileFormat = 'fits' | 'csv' | 'tsv' | 'ecsv';

/** A table as it was read, nothing judged yet: what FITS and text have in common. */
export interface RawCurve {
  readonly format: FileFormat;
  readonly identity: Identity;
  /** (N,) NaN where missing. */
  readonly time: Float64Array;
  readonly flux: Float64Array;
  readonly fluxError: Float64Array | null;
  /** (N,) 1 where the flags advise against the point. */
  readonly flagged: Uint8Array | null;
  /** (N,) line of each point, or null where point i is row i + 1. */
  readonly lines: Float64Array | null;
  readonly timeColumn: ColumnFacts;
  readonly fluxColumn: ColumnFacts;
  /** BJD = time + this, as the header says; null where it says nothing. */
  readonly headerOffsetDays: number | null;
  /** null where the file says nothing. */
  readonly exposureDays: number | null;
}
