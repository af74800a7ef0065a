/** What a validation issue can be about, how bad it is, and what its owner can do. */
export interface ValidationCodeEntry {
  /** `either`: a warning up to a threshold, an error beyond it. */
  readonly severity: 'error' | 'warning' | 'either';
  readonly meaning: string;
  readonly remedy: string;
}

const entry = (
  severity: ValidationCodeEntry['severity'],
  meaning: string,
  remedy: string,
): ValidationCodeEntry => ({ severity, meaning, remedy });

/** Every code that {@link ValidationIssue.code} can take. Codes are permanent. */
export const VALIDATION_CODES = {
  empty_file: entry(
    'error',
    'The file has no bytes, or unpacks to none.',
    'Export or download the file again.',
  ),
  file_too_large: entry(
    'error',
    'The file has more bytes than the limit; reading stopped there.',
    'Leave out columns that are not needed, compress with gzip, or split by sector or quarter.',
  ),
  size_mismatch: entry(
    'error',
    'More bytes arrived than were announced.',
    'Upload the file again and announce its real size.',
  ),
  truncated_file: entry(
    'error',
    'The file ends before the length that its header, its gzip trailer or the upload announced.',
    'Download the original again, compare its size with the archive, and upload it again.',
  ),
  format_mismatch: entry(
    'error',
    'The content is not a light curve format, or not the one that the file name says.',
    'Upload FITS, CSV, TSV or ECSV, plain or gzipped, under a name that fits.',
  ),
  corrupt_gzip: entry(
    'error',
    'The gzip stream is damaged: its checksum, its length or its coding is wrong.',
    'Compress the original again; `gzip -t` shows whether it is intact.',
  ),
  decompression_bomb: entry(
    'error',
    'The file unpacks to far more than a light curve can; unpacking was stopped.',
    'Upload the file uncompressed if it is genuine.',
  ),
  trailing_bytes: entry(
    'warning',
    'Bytes follow the end of the last FITS extension or gzip member; they were not read.',
    'Nothing, if they are expected. Otherwise download the file again.',
  ),
  header_too_large: entry(
    'error',
    'The header has more cards or comment lines than the limit.',
    'Remove history and comment cards, or shorten the block of comments.',
  ),
  bad_header: entry(
    'error',
    'A header breaks the rules of its format, so that the data cannot be located.',
    'Check with `fitsverify` (FITS) or read it with astropy (ECSV), and write it again.',
  ),
  absurd_size: entry(
    'error',
    'The header announces a size that no light curve has, or that is not a number of bytes.',
    'Check NAXIS, PCOUNT and GCOUNT of the extension that the message names.',
  ),
  no_table: entry(
    'error',
    'There is no table with a time and a flux column.',
    'Upload the light curve file, not the target pixel file, image or report beside it.',
  ),
  missing_column: entry(
    'error',
    'The table has no column that is known to be time, or none that is flux.',
    'Name the columns `time` and `flux` (and `flux_err`, `quality`).',
  ),
  ambiguous_column: entry(
    'error',
    'Several columns could be time or flux, and nothing tells which one is meant.',
    'Rename the one to use to `time` or `flux`, or remove the others.',
  ),
  column_not_scalar: entry(
    'error',
    'A cell of the time or flux column holds several values, or text.',
    'Give one number per row. Pixel files hold images: upload the light curve instead.',
  ),
  magnitudes: entry(
    'error',
    'The brightness is in magnitudes, which grow as a star fades.',
    'Convert it: flux = 10^(-0.4 (magnitude - reference magnitude)).',
  ),
  non_numeric_cell: entry(
    'error',
    'A cell of a column that is needed is not a number. The first five are listed, then the total.',
    'Write numbers with a decimal point; leave missing values empty or write NaN.',
  ),
  ragged_row: entry(
    'error',
    'A row has more or fewer cells than the table has columns. The first five are listed.',
    'Check the delimiter, quotes, and whether the last line was cut off.',
  ),
  unclosed_quote: entry(
    'error',
    'A quoted cell does not end.',
    'Remove the quote character or close it.',
  ),
  line_too_long: entry(
    'error',
    'A line (text) or table row (FITS) is longer than the limit.',
    'Check the line endings and quotes; leave out columns that are not needed.',
  ),
  too_many_rows: entry(
    'error',
    'The table has more rows than the limit.',
    'Bin the curve to the cadence that the search needs, or split it by sector or quarter.',
  ),
  too_many_columns: entry(
    'error',
    'The table has more columns than the limit.',
    'Keep time, flux, its uncertainty and quality.',
  ),
  too_few_points: entry(
    'error',
    'Fewer usable points (finite time and flux, not flagged) than a search can work with.',
    'Check the quality flags and the missing values; upload a longer curve.',
  ),
  non_finite_share: entry(
    'either',
    'Many points lack time or flux: a warning above 30 %, an error above 95 %.',
    'Use a pipeline product with fewer gaps (SAP instead of PDCSAP), or check the export.',
  ),
  unsorted_times: entry(
    'error',
    'Times go backwards. Rows are not sorted for you, because a mixture of two files looks the same.',
    'Sort by time after checking that the rows belong to one curve.',
  ),
  duplicate_times: entry(
    'error',
    'The same time appears in two rows.',
    'Remove the repeated rows; if two apertures are mixed, keep one.',
  ),
  time_system_guessed: entry(
    'warning',
    'The zero point of the times was inferred from their values; the message says how.',
    'Name the column time_bjd, time_bkjd, time_btjd or time_mjd to be certain.',
  ),
  time_system_unclear: entry(
    'warning',
    'The zero point of the times is unknown: they are used as they are, without a calendar date.',
    'Name the column time_bjd, time_bkjd, time_btjd or time_mjd.',
  ),
  time_system_contradiction: entry(
    'error',
    'The times do not fit the zero point that the column name or header states.',
    'Correct the column name, the header (BJDREFI) or the values.',
  ),
  time_not_barycentric: entry(
    'warning',
    'The times are not corrected to the barycentre; transits can be off by up to 8.3 minutes.',
    'Convert to BJD_TDB (Eastman, Siverd & Gaudi 2010).',
  ),
  unit_unclear: entry(
    'error',
    'The time column is in a unit other than days.',
    'Convert times to days.',
  ),
  non_positive_flux: entry(
    'warning',
    'Some flux values are zero or negative.',
    'Check the background subtraction; for a faint star this can be noise.',
  ),
  flux_centred_on_zero: entry(
    'error',
    'The flux varies around 0, so that a depth relative to the star cannot be formed.',
    'Upload flux around the level of the star, or 1 + deviation for relative values.',
  ),
  constant_flux: entry(
    'error',
    'Every flux value is the same.',
    'Check which column was exported.',
  ),
  flux_error_unusable: entry(
    'warning',
    'Most uncertainties are missing, zero or negative; they were left out.',
    'Nothing, if the scatter may be measured from the curve itself.',
  ),
  long_gaps: entry(
    'warning',
    'The curve has a gap of more than 30 days.',
    'Nothing, if it is expected; periods whose transits fall into it are not found.',
  ),
  cadence_irregular: entry(
    'warning',
    'Many steps in time are no multiple of the typical cadence.',
    'Nothing for ground-based data. Otherwise check whether two cadences are mixed in one file.',
  ),
} as const satisfies Record<string, ValidationCodeEntry>;

export type ValidationCode = keyof typeof VALIDATION_CODES;
