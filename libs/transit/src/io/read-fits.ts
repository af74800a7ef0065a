/**
 * Reads the light curve out of a FITS file, HDU by HDU: the first binary table with a time and a flux
 * column is read, everything else is passed over and only counted (FITS standard 4.0).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { chooseColumns, type ChosenColumns, type ColumnWishes } from './columns.js';
import type { ByteReader } from './byte-reader.js';
import { FITS_BLOCK_BYTES, type FitsHeader, readHeader } from './fits-header.js';
import { describeTable, type FitsColumn, type FitsTable } from './fits-table.js';
import { Growable } from './growable.js';
import { identify, type Identity, keywordsOf } from './identity.js';
import { type IssueLog, UnreadableError } from './issues.js';
import type { ReadLimits } from './limits.js';
import {
  ANY_FLAG_MASK,
  applyMask,
  KEPLER_DEFAULT_MASK,
  TESS_DEFAULT_MASK,
} from './quality-flags.js';
import type { RawCurve } from './raw-curve.js';

const READ_AHEAD_BYTES = 256 * 1024;
/** Rows for which there is room before any has come: a quarter or a sector, not what a header may claim. */
const ROOM_ROWS = 32_768;

/** @throws {UnreadableError} where the file cannot be followed to its end. */
export async function readFits(
  reader: ByteReader,
  filename: string,
  limits: ReadLimits,
  wishes: ColumnWishes,
  log: IssueLog,
): Promise<RawCurve> {
  const budget = { cards: limits.maxHeaderCards };
  const headers = [await readHeader(reader, 0, budget)];
  await skipData(reader, headers[0], limits);
  let curve: RawCurve | null = null;
  let refusal: UnreadableError | null = null;
  while (await atExtension(reader, log)) {
    const header = await readHeader(reader, headers.length, budget);
    headers.push(header);
    const isOpen: boolean = curve === null && refusal === null;
    const table: OpenTable | UnreadableError | null = isOpen
      ? openTable(header, limits, wishes)
      : null;
    if (table instanceof UnreadableError) refusal = table;
    if (table === null || table instanceof UnreadableError) {
      await skipData(reader, header, limits);
    } else {
      curve = await readTable(reader, [header, headers[0]], table, filename, limits);
    }
  }
  checkExtensions(headers);
  if (curve !== null) return curve;
  throw refusal ?? noTable(headers);
}

/** NEXTEND of Kepler and TESS files says how many extensions there were when the file was whole. */
function checkExtensions(headers: readonly FitsHeader[]): void {
  const announced = headers[0].number('NEXTEND');
  const found = headers.length - 1;
  if (announced === null || found >= announced) return;
  throw new UnreadableError(
    'truncated_file',
    `${announced} extensions are announced (NEXTEND), ${found} found.`,
  );
}

function noTable(headers: readonly FitsHeader[]): UnreadableError {
  const titles = headers.map((header) => header.title).join(', ');
  return new UnreadableError(
    'no_table',
    `No binary table has a time and a flux column. Found: ${titles}.`,
  );
}

/** False at the end of the file, and before bytes that are no extension: those get a warning. */
async function atExtension(reader: ByteReader, log: IssueLog): Promise<boolean> {
  const start = Buffer.from(await reader.peek(10)).toString('latin1');
  if (start === 'XTENSION= ') return true;
  if (start !== '') {
    log.add('trailing_bytes', `Bytes that are no FITS extension follow byte ${reader.position}.`);
    while ((await reader.skip(READ_AHEAD_BYTES)) > 0);
  }
  return false;
}

interface DataSize {
  readonly bytes: number;
  /** Up to the next block. */
  readonly padded: number;
}

/** |BITPIX| / 8 x GCOUNT x (PCOUNT + NAXIS1 x ... x NAXISm), equation 2 of the standard. */
function dataSize(header: FitsHeader, limits: ReadLimits): DataSize {
  const axes = header.integer('NAXIS');
  const bits = header.integer('BITPIX');
  if (axes < 0 || axes > 999 || ![8, 16, 32, 64, -32, -64].includes(bits)) {
    throw new UnreadableError(
      'bad_header',
      `${header.title}: NAXIS is ${axes} and BITPIX is ${bits}.`,
    );
  }
  let elements = axes === 0 ? 0 : 1;
  let negative = false;
  for (let axis = 1; axis <= axes; axis++) {
    const length = header.integer(`NAXIS${axis}`);
    negative ||= length < 0;
    elements *= length;
  }
  const groups = header.integer('GCOUNT', 1);
  const extra = axes === 0 ? 0 : header.integer('PCOUNT', 0);
  const bytes = (Math.abs(bits) / 8) * groups * (extra + elements);
  if (negative || groups < 0 || extra < 0 || !(bytes <= limits.maxDecompressedBytes)) {
    throw new UnreadableError(
      'absurd_size',
      `${header.title} announces ${bytes} bytes of data; up to ${limits.maxDecompressedBytes} are read.`,
    );
  }
  return { bytes, padded: Math.ceil(bytes / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES };
}

async function skipData(
  reader: ByteReader,
  header: FitsHeader,
  limits: ReadLimits,
  alreadyRead = 0,
): Promise<void> {
  const { padded } = dataSize(header, limits);
  const found = alreadyRead + (await reader.skip(padded - alreadyRead));
  if (found < padded) refuseTruncated(header, found, padded);
}

function refuseTruncated(header: FitsHeader, found: number, announced: number): never {
  throw new UnreadableError(
    'truncated_file',
    `${header.title}: ${announced} bytes of data are announced (padding included), ${found} found.`,
  );
}

interface OpenTable extends FitsTable {
  readonly chosen: ChosenColumns;
}

/** null where it is no light curve; an error where it should be one but cannot be used. */
function openTable(
  header: FitsHeader,
  limits: ReadLimits,
  wishes: ColumnWishes,
): OpenTable | UnreadableError | null {
  const kind = header.string('XTENSION');
  if (kind !== 'BINTABLE' && kind !== 'A3DTABLE') return null;
  try {
    const table = describeTable(header, limits.maxColumns);
    const chosen = chooseColumns(table.columns, wishes);
    checkTable(header, table, chosen, limits);
    return { ...table, chosen };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return error.issue.code === 'missing_column' ? null : error;
  }
}

function checkTable(
  header: FitsHeader,
  table: FitsTable,
  chosen: ChosenColumns,
  limits: ReadLimits,
): void {
  if (dataSize(header, limits).bytes < table.rows * table.rowBytes) {
    throw new UnreadableError(
      'bad_header',
      `${header.title}: NAXIS, PCOUNT and GCOUNT do not describe a table of NAXIS2 rows.`,
    );
  }
  if (table.rows > limits.maxRows) {
    throw new UnreadableError(
      'too_many_rows',
      `${header.title}: ${table.rows} rows are announced; up to ${limits.maxRows} are read.`,
    );
  }
  if (table.rowBytes > limits.maxLineLength) {
    throw new UnreadableError(
      'line_too_long',
      `${header.title}: a row has ${table.rowBytes} bytes; up to ${limits.maxLineLength} are read.`,
    );
  }
  for (const index of [chosen.time, chosen.flux]) {
    const column = table.columns[index];
    if (column.read !== null) continue;
    throw new UnreadableError(
      'column_not_scalar',
      `${header.title}: a cell of column "${column.name}" is "${column.form}", not one number.`,
      { column: column.name },
    );
  }
}

async function readTable(
  reader: ByteReader,
  headers: readonly [table: FitsHeader, primary: FitsHeader],
  table: OpenTable,
  filename: string,
  limits: ReadLimits,
): Promise<RawCurve> {
  const [header] = headers;
  const { time, flux, fluxError, quality } = table.chosen;
  const wanted = [time, flux, fluxError, quality].map((index) =>
    index === null ? null : table.columns[index],
  );
  const values = await readColumns(reader, header, table, wanted, limits);
  const keywords = keywordsOf(headers);
  const identity = identify(keywordsOf([headers[1], headers[0]]), filename);
  const qualityValues = values[3];
  return {
    format: 'fits',
    identity,
    time: values[0] as Float64Array,
    flux: values[1] as Float64Array,
    fluxError: values[2],
    flagged: qualityValues && applyMask(qualityValues, maskFor(wanted[3], identity)),
    lines: null,
    timeColumn: { name: table.columns[time].name, unit: unitOfTime(header, table.columns[time]) },
    fluxColumn: table.columns[flux],
    headerOffsetDays: referenceOf(headers),
    exposureDays: exposureOf(keywords),
  };
}

/** The wanted columns of every row, null where one is not wanted or is no single number. */
async function readColumns(
  reader: ByteReader,
  header: FitsHeader,
  table: FitsTable,
  wanted: readonly (FitsColumn | null)[],
  limits: ReadLimits,
): Promise<(Float64Array | null)[]> {
  const room = Math.min(table.rows, ROOM_ROWS);
  const columns = wanted.map((column) => (column?.read ? new Growable(room) : null));
  const step = Math.max(1, Math.floor(READ_AHEAD_BYTES / Math.max(1, table.rowBytes)));
  let done = 0;
  while (done < table.rows) {
    const rows = Math.min(step, table.rows - done);
    const bytes = await reader.read(rows * table.rowBytes);
    if (bytes.length < rows * table.rowBytes) {
      refuseTruncated(
        header,
        done * table.rowBytes + bytes.length,
        dataSize(header, limits).padded,
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const [index, column] of columns.entries()) {
      const read = wanted[index]?.read;
      if (!column || !read) continue;
      for (let row = 0; row < rows; row++) column.push(read(view, row * table.rowBytes));
    }
    done += rows;
    await nextTurn(); // a buffered source would otherwise hold up the event loop to the end
  }
  await skipData(reader, header, limits, table.rows * table.rowBytes);
  return columns.map((column) => column && column.toArray());
}

/** A mission's bits are known where the column has the mission's name for them. */
function maskFor(column: FitsColumn | null, identity: Identity): number {
  const name = column?.name.toUpperCase();
  if (name === 'SAP_QUALITY') return KEPLER_DEFAULT_MASK;
  if (name === 'QUALITY' && identity.mission === 'TESS') return TESS_DEFAULT_MASK;
  return ANY_FLAG_MASK;
}

/** TUNIT says "BJD - 2454833" in mission files; TIMEUNIT holds where it says nothing. */
function unitOfTime(header: FitsHeader, column: FitsColumn): string | null {
  return column.unit ?? header.string('TIMEUNIT');
}

/** The reference value of the times, in days: BJDREF of the missions, else FITS 4.0 section 9.2.2. */
function referenceOf(headers: readonly FitsHeader[]): number | null {
  for (const header of headers) {
    for (const [keyword, offset] of [
      ['BJDREF', 0],
      ['JDREF', 0],
      ['MJDREF', 2_400_000.5],
    ] as const) {
      const whole = header.number(`${keyword}I`) ?? header.number(keyword);
      if (whole !== null) return whole + (header.number(`${keyword}F`) ?? 0) + offset;
    }
  }
  return null;
}

/**
 * From the start of the first frame to the end of the last: what smears a transit. Kepler adds up 9 or
 * 270 frames of FRAMETIM seconds. EXPOSURE is the sum over the whole file and no help.
 */
function exposureOf(keywords: { number(keyword: string): number | null }): number | null {
  const frames = keywords.number('NUM_FRM');
  const frameSeconds = keywords.number('FRAMETIM') ?? keywords.number('INT_TIME');
  if (frames !== null && frameSeconds !== null) return (frames * frameSeconds) / 86_400;
  return keywords.number('TIMEDEL');
}
