import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  aSegment,
  binaryTable,
  card,
  codesOf,
  csvFile,
  csvRows,
  fitsFile,
  fluxColumn,
  headerUnit,
  primary,
  read,
  timeColumn,
} from './curve.fixture.js';
import type { ReadOptions } from './read-light-curve.js';
import { VALIDATION_CODES, type ValidationCode } from './validation-codes.js';
import { writeFits } from './write-fits.js';

interface Provocation {
  readonly content: Uint8Array | string;
  readonly filename?: string;
  readonly options?: ReadOptions & { sizeBytes?: number };
  /** Part of the message. */
  readonly says: RegExp;
  readonly row?: number;
  readonly column?: string;
  readonly severity?: 'error' | 'warning';
}

const fits = Buffer.from(writeFits(aSegment()));
const backwards = aSegment();
backwards.timeDays[399] = 260.25;
const withRow = (index: number, row: string) => csvRows().with(index, row);
const csv = (rows: string[], header = 'time_btjd,flux') => csvFile(header, rows);
const mapRows = (change: (row: string, i: number) => string) => csv(csvRows().map(change));

/** One file per code, with as little else wrong with it as can be. */
const PROVOCATIONS: Readonly<Record<ValidationCode, readonly Provocation[]>> = {
  empty_file: [
    { content: '', says: /empty/ },
    { content: gzipSync(''), says: /empty/ },
  ],
  file_too_large: [
    {
      content: csv(csvRows()),
      options: { limits: { maxBytes: 500 } },
      says: /more than 500 bytes/,
    },
  ],
  size_mismatch: [{ content: csv(csvRows()), options: { sizeBytes: 9 }, says: /^9 bytes were/ }],
  truncated_file: [
    { content: fits.subarray(0, 10_000), says: /HDU 1 \(LIGHTCURVE\): \d+ bytes .*, \d+ found/ },
    { content: fits.subarray(0, 3_000), says: /within the header: 120 bytes .* 2880 announced/ },
    { content: fits.subarray(0, 2_880), says: /1 extensions are announced \(NEXTEND\), 0 found/ },
    { content: fits.subarray(0, fits.length - 1), says: /padding included/ },
    { content: gzipSync(fits).subarray(0, 4_000), says: /gzip stream ends after 4000 bytes/ },
    {
      content: csv(csvRows()),
      options: { sizeBytes: 99_999 },
      says: /^99999 bytes were announced/,
    },
  ],
  format_mismatch: [
    { content: '<!DOCTYPE html><html></html>', filename: 'a.fits', says: /HTML page/ },
    { content: 'PK\x03\x04.....', filename: 'a.csv', says: /ZIP archive/ },
    { content: '%PDF-1.7\n', says: /PDF/ },
    { content: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), filename: 'a.csv', says: /PNG/ },
    { content: Buffer.from('\xff\xfet\0i\0m\0e\0', 'latin1'), says: /UTF-16/ },
    { content: Buffer.from([1, 2, 0, 4, 5]), says: /binary/ },
    { content: '{"time": [1, 2]}', says: /JSON/ },
    { content: gzipSync(gzipSync('time,flux')), says: /gzip file inside/ },
    { content: fits, filename: 'a.csv', says: /"a.csv" says text, the content is FITS/ },
    { content: csv(csvRows()), filename: 'a.fits.gz', says: /says FITS, the content is text/ },
  ],
  corrupt_gzip: [
    { content: gzipSync(fits).fill(0xa5, 200, 300), says: /damaged/ },
    { content: Buffer.concat([gzipSync(fits), Buffer.alloc(100, 'x')]), says: /damaged/ },
  ],
  decompression_bomb: [
    { content: gzipSync(Buffer.alloc(8_000_000, '1')), says: /100 times as many/ },
    {
      content: gzipSync(fits),
      options: { limits: { maxDecompressedBytes: 5_000 } },
      says: /more than 5000 bytes/,
    },
  ],
  trailing_bytes: [
    { content: Buffer.concat([fits, Buffer.alloc(100, 'x')]), says: /follow byte 23040/ },
    { content: Buffer.concat([gzipSync(fits), Buffer.alloc(100)]), says: /^100 bytes follow/ },
  ],
  header_too_large: [
    { content: fits, options: { limits: { maxHeaderCards: 20 } }, says: /more cards/ },
    {
      content: '# remark\n'.repeat(40) + csv(csvRows()),
      options: { limits: { maxHeaderCards: 20 } },
      says: /up to 20 are read/,
    },
  ],
  bad_header: [
    { content: fitsFile([{ ...timeColumn, form: '!' }, fluxColumn]), says: /TFORM1 is "!"/ },
    { content: fitsFile([{ ...timeColumn, form: '9D' }, fluxColumn]), says: /need 76 bytes a row/ },
    { content: headerUnit([card('SIMPLE', true)]), says: /NAXIS is missing/ },
    { content: '# %ECSV 1.0\n# ---\ntime flux\n1 2\n', says: /lists no column/ },
  ],
  absurd_size: [
    {
      content: Buffer.concat([
        primary(),
        headerUnit([
          card('XTENSION', 'BINTABLE'),
          card('BITPIX', 8),
          card('NAXIS', 2),
          card('NAXIS1', 12),
          card('NAXIS2', 9e15),
        ]),
      ]),
      says: /HDU 1 announces 108000000000000000 bytes/,
    },
  ],
  no_table: [
    { content: primary(), says: /Found: HDU 0/ },
    { content: fitsFile([{ ...timeColumn, name: 'WAVELENGTH' }, fluxColumn]), says: /HDU 1/ },
    { content: '# nothing\n\n# else\n', says: /no rows/ },
  ],
  missing_column: [
    { content: csvFile('wavelength,flux'), says: /known to be time. Columns: "wavelength"/ },
    { content: csvFile('time,temperature'), says: /known to be flux/ },
    { content: csvFile('phase,flux'), says: /folded/ },
    { content: 'just\nsome\nwords\n', says: /known to be time/ },
    { content: csv(csvRows()), options: { fluxColumn: 'mine' }, says: /no column "mine"/ },
  ],
  ambiguous_column: [
    {
      content: csvFile(
        'time,flux,flux',
        csvRows().map((r) => `${r},1`),
      ),
      says: /"flux", "flux"/,
    },
    {
      content: csvFile(
        'time,flux_a,flux_b',
        csvRows().map((r) => `${r},1`),
      ),
      says: /"flux_a"/,
    },
    {
      content: csvRows()
        .map((r) => `${r},1,2`)
        .join('\n'),
      says: /no line of names and 4 columns/,
    },
  ],
  column_not_scalar: [
    {
      content: fitsFile([timeColumn, { name: 'FLUX', form: '25E', bytes: 100 }]),
      says: /is "25E"/,
      column: 'FLUX',
    },
    {
      content: fitsFile([timeColumn, { name: 'FLUX', form: '8A', bytes: 8 }]),
      says: /is "8A"/,
      column: 'FLUX',
    },
  ],
  magnitudes: [
    { content: csvFile('time,mag'), says: /holds magnitudes/, column: 'mag' },
    { content: csvFile('time,flux [mag]'), says: /holds magnitudes/, column: 'flux [mag]' },
  ],
  non_numeric_cell: [
    { content: csv(withRow(9, '1400.1875,bad')), says: /"bad" is not/, row: 11, column: 'flux' },
    { content: csv(withRow(9, '"1400,5",1')), says: /decimals with a point/, row: 11 },
    { content: csv(withRow(0, '2018-07-25T19:00:00,1')), says: /Julian dates/, row: 2 },
    {
      content: csvRows()
        .map((row) => `${row},good`)
        .join('\n'),
      says: /"good" is not/,
      row: 1,
    },
    { content: mapRows((row, i) => (i % 2 ? row : `${row}e`)), says: /^50 in all; the first 5/ },
  ],
  ragged_row: [
    { content: csv(withRow(4, '1400.0833')), says: /has 1 cells, the table 2 columns/, row: 6 },
    { content: csv(withRow(4, '1400.0833,1,1')), says: /has 3 cells/, row: 6 },
    { content: csv(csvRows(3000).map((row) => `${row},1`)), says: /^1000 rows up to here/ },
  ],
  unclosed_quote: [{ content: csv(withRow(90, '"1401.875,1')), says: /still open/ }],
  line_too_long: [
    {
      content: csv(withRow(4, `1400.0833,${'1'.repeat(300)}`)),
      options: { limits: { maxLineLength: 200 } },
      says: /Line 6 does not end within 200/,
      row: 6,
    },
    {
      content: csv(withRow(60, `1401.25,${'1'.repeat(300)}`)),
      options: { limits: { maxLineLength: 200 } },
      says: /Line 62 has more than 200 characters/,
      row: 62,
    },
    { content: 'x'.repeat(6_000_000), says: /does not end within 65536/, row: 1 },
    {
      content: fitsFile([timeColumn, fluxColumn, { name: 'PAD', form: '99A', bytes: 99 }]),
      options: { limits: { maxLineLength: 100 } },
      says: /a row has 111 bytes/,
    },
  ],
  too_many_rows: [
    {
      content: csv(csvRows()),
      options: { limits: { maxRows: 99 } },
      says: /than 99 rows/,
      row: 101,
    },
    { content: fits, options: { limits: { maxRows: 99 } }, says: /400 rows are announced/ },
  ],
  too_many_columns: [
    { content: csv(csvRows()), options: { limits: { maxColumns: 1 } }, says: /has 2 columns/ },
    { content: fits, options: { limits: { maxColumns: 1 } }, says: /8 columns announced/ },
  ],
  too_few_points: [
    { content: csv(csvRows(49)), says: /^49 usable points of 49 rows/ },
    {
      content: csvFile(
        'time_btjd,flux,quality',
        csvRows().map((r, i) => `${r},${i > 9 ? 8 : 0}`),
      ),
      says: /^10 usable points of 100 rows \(0 not finite, 90 flagged\)/,
    },
  ],
  non_finite_share: [
    {
      content: mapRows((row, i) => (i < 31 ? row.replace(/,.*/, ',') : row)),
      says: /^31.0 % of the 100 rows/,
      severity: 'warning',
    },
    {
      content: csv(csvRows(2000).map((row, i) => (i < 1901 ? row.replace(/,.*/, ',nan') : row))),
      says: /^95.0 % of the 2000 rows/, // 95.05
      severity: 'error',
    },
  ],
  unsorted_times: [
    { content: csv(withRow(50, '1400.5,1')), says: /1400.5 comes after 1401.0208/, row: 52 },
    { content: writeFits(backwards), says: /260.25 comes after 268/, row: 400, column: 'TIME' },
  ],
  duplicate_times: [
    { content: csv(csvRows().toSpliced(50, 0, csvRows()[49])), says: /also in row 51/, row: 52 },
  ],
  time_system_guessed: [
    { content: csvFile('time,flux', csvRows(100, 2_458_325)), says: /^BJD is assumed/ },
    { content: csvFile('time,flux', csvRows(100, 8_468)), says: /^JD-2450000 is assumed/ },
  ],
  time_system_unclear: [
    { content: csvFile('time,flux', csvRows(100, 0)), says: /fits no mission alone/ },
  ],
  time_system_contradiction: [
    {
      content: csvFile('time_bkjd,flux', csvRows(100, 2_458_325)),
      says: /2454833 that is no date/,
    },
  ],
  time_not_barycentric: [
    { content: csvFile('hjd,flux', csvRows(100, 2_458_325)), says: /8.3 minutes/ },
  ],
  unit_unclear: [
    { content: csvFile('time [s],flux'), says: /is in "s"; days/ },
    { content: csvFile('time_hours,flux'), says: /is in "hours"/ },
  ],
  non_positive_flux: [{ content: csv(withRow(3, '1400.0625,-1')), says: /1.0 % of the values/ }],
  flux_centred_on_zero: [
    {
      content: mapRows((row, i) => row.replace(/,.*/, `,${Math.sin(i) * 1e-3}`)),
      says: /deviations, not flux/,
    },
  ],
  constant_flux: [
    { content: mapRows((row) => row.replace(/,.*/, ',7')), says: /All 100 .* are 7/ },
  ],
  flux_error_unusable: [
    {
      content: csvFile(
        'time_btjd,flux,flux_err',
        csvRows().map((r) => `${r},0`),
      ),
      says: /^100 of/,
    },
  ],
  long_gaps: [
    { content: csv([...csvRows(), ...csvRows(100, 1450)]), says: /longest of 1 gaps is 47.9 days/ },
  ],
  cadence_irregular: [
    {
      content: csv(
        Array.from({ length: 100 }, (_, i) => `${1400 + 0.02 * i ** 1.3},${1 + (i % 3)}`),
      ),
      says: /no multiple of the median step/,
    },
  ],
};

describe('validation codes', () => {
  for (const [code, provocations] of Object.entries(PROVOCATIONS)) {
    it.each(provocations)(`C.12 reports ${code}: $says`, async (provocation) => {
      const { content, filename, options, says, row, column, severity } = provocation;
      const result = await read(content, filename, options);
      const found = result.issues.filter((each) => each.code === code);
      expect(found.map((each) => each.message).join('\n')).toMatch(
        new RegExp(says.source, `${says.flags}m`),
      );
      if (row !== undefined) expect(found[0].row).toBe(row);
      if (column !== undefined) expect(found[0].column).toBe(column);
      const listed = VALIDATION_CODES[code as ValidationCode].severity;
      expect(found[0].severity).toBe(listed === 'either' ? severity : listed);
      const isBad = result.issues.some((each) => each.severity === 'error');
      expect(result.segment === null).toBe(isBad);
    });
  }

  it('lists what each one means and what to do about it', () => {
    for (const { meaning, remedy } of Object.values(VALIDATION_CODES)) {
      expect(meaning).toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
    }
  });

  it('finds nothing wrong with a good file', async () => {
    expect((await read(csv(csvRows()))).issues).toEqual([]);
    expect((await read(writeFits(aSegment()))).issues).toEqual([]);
    expect(
      codesOf(await read(Buffer.concat([primary(), binaryTable([timeColumn, fluxColumn])]))),
    ).toEqual([]);
  });

  it('lists the first five bad cells with their places, then the total', async () => {
    const { issues } = await read(mapRows((row, i) => (i < 8 ? `${row}x` : row)));
    const cells = issues.filter((each) => each.code === 'non_numeric_cell');
    expect(cells.map((each) => each.row)).toEqual([2, 3, 4, 5, 6, undefined]);
    expect(cells.slice(0, 5).every((each) => each.column === 'flux')).toBe(true);
    expect(cells[5].message).toBe('8 in all; the first 5 are listed.');
  });
});
