/** Reads the light curve out of delimited text; `csv-parse` splits it, row by row as it arrives. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Options, parse, type Parser } from 'csv-parse';
import { BlankCollapser } from './blank-collapser.js';
import type { ByteReader } from './byte-reader.js';
import { type ChosenColumns, chooseColumns, type ColumnWishes } from './columns.js';
import { Growable } from './growable.js';
import { identify, type Keywords } from './identity.js';
import { type IssueLog, UnreadableError } from './issues.js';
import type { ReadLimits } from './limits.js';
import { parseCell } from './numeric-cell.js';
import { ANY_FLAG_MASK, applyMask, KEPLER_DEFAULT_MASK } from './quality-flags.js';
import type { RawCurve } from './raw-curve.js';
import { describeText, type TextTable } from './text-table.js';

/** The parser works through one chunk without a break, about 3 ms; then the event loop has its turn. */
const CHUNK_BYTES = 64 * 1024;

/** Each costs the parser an error with its stack; after so many the file is hopeless. */
const MOST_RAGGED_ROWS = 1000;

/** @throws {UnreadableError} where the table cannot be followed to its end. */
export async function readText(
  reader: ByteReader,
  filename: string,
  limits: ReadLimits,
  wishes: ColumnWishes,
  log: IssueLog,
): Promise<RawCurve> {
  const table = await describeText(reader, limits);
  if (table.columns.length > limits.maxColumns) {
    throw new UnreadableError(
      'too_many_columns',
      `The table has ${table.columns.length} columns; up to ${limits.maxColumns} are read.`,
    );
  }
  const chosen = chooseColumns(table.columns, wishes);
  await reader.skip(table.dataByte);
  const rows = new RowCollector(table, chosen, limits, log);
  await parseRows(reader, table, limits, rows);
  return rows.toCurve(filename);
}

async function parseRows(
  reader: ByteReader,
  table: TextTable,
  limits: ReadLimits,
  rows: RowCollector,
): Promise<void> {
  const options: Options = {
    delimiter: table.delimiter ?? ' ',
    record_delimiter: ['\r\n', '\n', '\r'],
    comment: '#',
    comment_no_infix: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.maxLineLength,
    // Returning null keeps the rows out of the stream: numbers are collected, text is dropped.
    on_record: (cells: string[]) => {
      if (parser.info.records > 1) rows.add(cells, line());
      return null;
    },
  };
  const parser = parse(options);
  const line = () => table.linesBefore + parser.info.lines - 1; // less the line of our own
  const failed = new Promise<never>((_, reject) => parser.once('error', reject));
  failed.catch(() => undefined); // also seen by whoever waits for a write
  parser.resume();
  const blanks = table.delimiter === null ? new BlankCollapser() : null;
  try {
    // The parser measures every row by the first one and is slow for those that differ: give it ours.
    const measure = table.columns.map(() => '0').join(table.delimiter ?? ' ');
    await write(parser, Buffer.from(`${measure}\n`));
    for await (const chunk of reader.chunks(CHUNK_BYTES)) {
      await Promise.race([failed, write(parser, blanks ? blanks.push(chunk) : chunk)]);
      await nextTurn();
    }
    await Promise.race([failed, end(parser)]);
  } catch (error) {
    throw translate(error, line(), limits);
  } finally {
    parser.destroy();
  }
}

function write(parser: Parser, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function end(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    parser.once('end', resolve);
    parser.end();
  });
}

function translate(error: unknown, row: number, limits: ReadLimits): unknown {
  switch ((error as { code?: unknown }).code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new UnreadableError(
        'line_too_long',
        `Line ${row} has more than ${limits.maxLineLength} characters, or a quote in it does not end.`,
        { row },
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new UnreadableError('unclosed_quote', `A quote is still open at line ${row}.`, {
        row,
      });
    default:
      return error;
  }
}

/** Turns rows of cells into columns of numbers. */
class RowCollector {
  private readonly time = new Growable();
  private readonly flux = new Growable();
  private readonly fluxError: Growable | null;
  private readonly quality: Growable | null;
  private readonly lines = new Growable();
  private raggedRows = 0;

  constructor(
    private readonly table: TextTable,
    private readonly chosen: ChosenColumns,
    private readonly limits: ReadLimits,
    private readonly log: IssueLog,
  ) {
    this.fluxError = chosen.fluxError === null ? null : new Growable();
    this.quality = chosen.quality === null ? null : new Growable();
  }

  add(cells: readonly string[], line: number): void {
    const expected = this.table.columns.length;
    if (cells.length !== expected) {
      this.refuseRow(
        `Line ${line} has ${cells.length} cells, the table ${expected} columns.`,
        line,
      );
      return;
    }
    if (this.time.length >= this.limits.maxRows) {
      throw new UnreadableError(
        'too_many_rows',
        `The table has more than ${this.limits.maxRows} rows, the most that is read.`,
        { row: line },
      );
    }
    const { time, flux, fluxError, quality } = this.chosen;
    this.lines.push(line);
    this.time.push(this.number(cells, time, line));
    this.flux.push(this.number(cells, flux, line));
    if (fluxError !== null) this.fluxError?.push(this.number(cells, fluxError, line));
    if (quality !== null) this.quality?.push(this.number(cells, quality, line));
  }

  toCurve(filename: string): RawCurve {
    const { table, chosen } = this;
    const quality = this.quality?.toArray() ?? null;
    const qualityName = chosen.quality === null ? '' : table.columns[chosen.quality].name;
    const mask = /^sap_quality$/i.test(qualityName) ? KEPLER_DEFAULT_MASK : ANY_FLAG_MASK;
    return {
      format: table.format,
      identity: identify(table.keywords, filename),
      time: this.time.toArray(),
      flux: this.flux.toArray(),
      fluxError: this.fluxError?.toArray() ?? null,
      flagged: quality && applyMask(quality, mask),
      lines: this.lines.toArray(),
      timeColumn: table.columns[chosen.time],
      fluxColumn: table.columns[chosen.flux],
      headerOffsetDays: null,
      exposureDays: exposureOf(table.keywords),
    };
  }

  private refuseRow(message: string, line: number): void {
    this.log.addRepeating('ragged_row', () => message, { row: line });
    if (++this.raggedRows < MOST_RAGGED_ROWS) return;
    throw new UnreadableError(
      'ragged_row',
      `${MOST_RAGGED_ROWS} rows up to here do not fit the table; the rest was not read.`,
      { row: line },
    );
  }

  private number(cells: readonly string[], index: number, line: number): number {
    const value = parseCell(cells[index]);
    if (value !== null) return value;
    const column = this.table.columns[index].name;
    const message = () => `"${cells[index].slice(0, 40)}" is not a number${hint(cells[index])}.`;
    this.log.addRepeating('non_numeric_cell', message, { row: line, column });
    return NaN;
  }
}

function hint(cell: string): string {
  if (/^\s*[+-]?\d+,\d+\s*$/.test(cell)) return '; write decimals with a point';
  if (/^\s*\d{4}-\d{2}-\d{2}/.test(cell)) return '; give Julian dates instead of calendar dates';
  return '';
}

function exposureOf(keywords: Keywords): number | null {
  const seconds = keywords.number('EXPOSURE_SECONDS');
  return keywords.number('EXPOSURE_DAYS') ?? (seconds === null ? null : seconds / 86_400);
}
