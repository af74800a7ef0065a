import type { ValidationCodeEntry } from '#transit/io';

/** What an upload's issue can be about beside the reader's own codes. Codes are permanent. */
export const UPLOAD_CODES = {
  checksum_mismatch: {
    severity: 'error',
    meaning: 'The bytes that arrived have another SHA-256 than was announced.',
    remedy: 'Upload the file again; compare its SHA-256 with `sha256sum` first.',
  },
  decompressed_too_large: {
    severity: 'error',
    meaning: 'The table unpacks to more bytes than the limit.',
    remedy: 'Leave out columns that are not needed, or split the table.',
  },
  duplicate_column: {
    severity: 'error',
    meaning: 'The header of the table names a column twice.',
    remedy: 'Give each column a name of its own.',
  },
  malformed_csv: {
    severity: 'error',
    meaning: 'The table breaks the rules of CSV (RFC 4180), mostly by a quote that does not fit.',
    remedy: 'Write the table again with quotes around cells that hold commas or quotes.',
  },
  no_rows: {
    severity: 'error',
    meaning: 'The table has no rows below its header.',
    remedy: 'Export the table again, with its rows.',
  },
  not_utf8: {
    severity: 'error',
    meaning: 'The table is not text in UTF-8.',
    remedy: 'Save it as CSV in UTF-8.',
  },
  unnamed_column: {
    severity: 'error',
    meaning: 'A column of the table has no name in the header.',
    remedy: 'Name the column, or remove it.',
  },
  wrong_column_count: {
    severity: 'error',
    meaning: 'A row of the table has more or fewer cells than the header has names.',
    remedy: 'Check the delimiter, quotes, and whether the last line was cut off.',
  },
} as const satisfies Record<string, ValidationCodeEntry>;

export type UploadCode = keyof typeof UPLOAD_CODES;
