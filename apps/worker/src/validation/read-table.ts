/**
 * Reads a table for learning: CSV with a header, plain or gzipped. Structure only: every row has
 * the header's columns, names are there once, the bytes are UTF-8. Streams and is bounded.
 */
import { parse } from 'csv-parse';
import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ValidationCode } from '#transit/io';
import type { UploadCode } from './upload-codes.js';

export interface TableSource {
  readonly filename: string;
  /** As announced. */
  readonly sizeBytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface TableLimits {
  readonly maxBytes: number;
  readonly maxDecompressedBytes: number;
  readonly maxRows: number;
}

export interface TableIssue {
  readonly severity: 'error' | 'warning';
  readonly code: ValidationCode | UploadCode;
  readonly message: string;
  /** Line of the file, from 1. */
  readonly row?: number;
  readonly column?: string;
}

export interface TableRead {
  readonly sha256: string | null;
  readonly summary: {
    readonly format: 'csv';
    readonly gzip: boolean;
    readonly mission: 'unknown';
    readonly target: null;
    readonly label: string;
    /** Rows below the header. */
    readonly points: number;
    /** Rows without an empty cell. */
    readonly usablePoints: number;
    readonly timeSystem: 'none';
    readonly timeStartBjd: null;
    readonly timeEndBjd: null;
    readonly cadenceMinutes: null;
    readonly fluxColumn: '';
    /** Share of empty cells, 0 to 1. */
    readonly nonFiniteShare: number;
    readonly gaps: { readonly count: 0; readonly longestDays: 0 };
    readonly columns: readonly string[];
  } | null;
  readonly issues: readonly TableIssue[];
}

const MAX_COLUMNS = 10_000;
const MAX_CELL_CHARACTERS = 1_000_000;
const LISTED_ROWS = 5;

/** The content goes against a limit or breaks its format: reading stops here. */
class TableError extends Error {
  constructor(readonly issue: TableIssue) {
    super(issue.message);
  }
}

/**
 * @param onRow takes the cells of each row below the header, in their order
 * @throws what `source.stream` throws, unchanged; bad content becomes issues.
 */
export async function readTable(
  source: TableSource,
  { limits, onRow }: { limits: TableLimits; onRow?: (cells: readonly string[]) => void },
): Promise<TableRead> {
  const meter = new Meter(source.stream, limits.maxBytes);
  const issues: TableIssue[] = [];
  let summary: TableRead['summary'] = null;
  const gzip = /\.gz$/i.test(source.filename);
  try {
    summary = await readRows(meter, source.filename, gzip, new Table(limits, issues, onRow));
  } catch (error) {
    if (meter.failure) throw meter.failure;
    issues.push(issueOf(error));
  }
  const isWhole = await meter.drain();
  if (isWhole && meter.bytes !== source.sizeBytes) {
    issues.push({
      severity: 'error',
      code: meter.bytes < source.sizeBytes ? 'truncated_file' : 'size_mismatch',
      message: `${source.sizeBytes} bytes were announced, ${meter.bytes} arrived.`,
    });
  }
  return { sha256: isWhole ? meter.digest() : null, summary, issues };
}

async function readRows(
  meter: Meter,
  filename: string,
  gzip: boolean,
  table: Table,
): Promise<NonNullable<TableRead['summary']>> {
  const parser = parse({
    bom: true,
    // Archives write what their columns mean in lines that begin so.
    comment: '#',
    comment_no_infix: true,
    relaxColumnCount: true,
    skipEmptyLines: true,
    maxRecordSize: MAX_CELL_CHARACTERS,
    info: true,
  });
  const rows = async (records: AsyncIterable<{ record: string[]; info: { lines: number } }>) => {
    for await (const { record, info } of records) table.add(record, info.lines);
  };
  const unpacked = [
    ...(gzip ? [createGunzip()] : []),
    new Bounded(table.limits.maxDecompressedBytes),
    new Utf8(),
  ];
  // The chain is built of parts that TypeScript's overloads for `pipeline` do not count.
  await pipeline([Readable.from(meter.chunks()), ...unpacked, parser, rows] as never);
  return table.summary(filename, gzip);
}

/** Counts and hashes the bytes as they come, and remembers when the source itself failed. */
class Meter {
  bytes = 0;
  failure: unknown;
  private readonly hash = createHash('sha256');
  private readonly iterator: AsyncIterator<Uint8Array>;
  private isAtEnd = false;

  constructor(
    stream: AsyncIterable<Uint8Array>,
    private readonly maxBytes: number,
  ) {
    this.iterator = stream[Symbol.asyncIterator]();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = await this.next();
      if (!chunk) return;
      yield chunk;
    }
  }

  /** Reads what is left, for the checksum; answers whether that was all within the limit. */
  async drain(): Promise<boolean> {
    try {
      while (await this.next());
      return true;
    } catch (error) {
      if (this.failure) throw this.failure;
      if (!(error instanceof TableError)) throw error;
      await this.iterator.return?.();
      return false;
    }
  }

  digest(): string {
    return this.hash.digest('hex');
  }

  private async next(): Promise<Uint8Array | null> {
    if (this.isAtEnd) return null;
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.iterator.next();
    } catch (error) {
      this.failure = error;
      throw error;
    }
    if (result.done) {
      this.isAtEnd = true;
      return null;
    }
    this.bytes += result.value.length;
    if (this.bytes > this.maxBytes) {
      throw new TableError({
        severity: 'error',
        code: 'file_too_large',
        message: `The file has more than the ${this.maxBytes} bytes that are read.`,
      });
    }
    this.hash.update(result.value);
    return result.value;
  }
}

class Bounded extends Transform {
  private bytes = 0;

  constructor(maxBytes: number) {
    super({
      transform: (chunk: Buffer, _, done) => {
        this.bytes += chunk.length;
        if (this.bytes <= maxBytes) done(null, chunk);
        else {
          done(
            new TableError({
              severity: 'error',
              code: 'decompressed_too_large',
              message: `The file unpacks to more than the ${maxBytes} bytes that are read.`,
            }),
          );
        }
      },
    });
  }
}

class Utf8 extends Transform {
  constructor() {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const decode = (done: (error: Error | null, text?: string) => void, bytes?: Buffer) => {
      let text: string;
      try {
        text = decoder.decode(bytes, { stream: bytes !== undefined });
      } catch {
        done(
          new TableError({
            severity: 'error',
            code: 'not_utf8',
            message: 'The file is not text in UTF-8.',
          }),
        );
        return;
      }
      done(null, text);
    };
    super({
      readableObjectMode: false,
      transform: (chunk: Buffer, _, done) => decode(done, chunk),
      flush: (done) => decode(done),
    });
  }
}

class Table {
  private columns: string[] | undefined;
  private rows = 0;
  private fullRows = 0;
  private emptyCells = 0;
  private wrongRows = 0;

  constructor(
    readonly limits: TableLimits,
    private readonly issues: TableIssue[],
    private readonly onRow: (cells: readonly string[]) => void = () => undefined,
  ) {}

  add(record: readonly string[], line: number): void {
    if (!this.columns) {
      this.columns = this.header(record);
      return;
    }
    this.rows += 1;
    if (this.rows > this.limits.maxRows) {
      throw new TableError({
        severity: 'error',
        code: 'too_many_rows',
        message: `The table has more than the ${this.limits.maxRows} rows that are read.`,
        row: line,
      });
    }
    if (record.length !== this.columns.length) {
      this.wrongRows += 1;
      if (this.wrongRows <= LISTED_ROWS) {
        this.issues.push({
          severity: 'error',
          code: 'wrong_column_count',
          message: `${record.length} cells where the header names ${this.columns.length} columns.`,
          row: line,
        });
      }
    }
    this.onRow(record);
    const empty = record.reduce((count, cell) => count + (cell.trim() === '' ? 1 : 0), 0);
    this.emptyCells += empty;
    if (empty === 0) this.fullRows += 1;
  }

  summary(filename: string, gzip: boolean): NonNullable<TableRead['summary']> {
    const columns = this.columns ?? [];
    if (columns.length === 0 || this.rows === 0) {
      throw new TableError({
        severity: 'error',
        code: 'no_rows',
        message: 'The table has no rows below its header.',
      });
    }
    if (this.wrongRows > LISTED_ROWS) {
      this.issues.push({
        severity: 'error',
        code: 'wrong_column_count',
        message: `${this.wrongRows} in all; the first ${LISTED_ROWS} are listed.`,
      });
    }
    return {
      format: 'csv',
      gzip,
      mission: 'unknown',
      target: null,
      label: filename,
      points: this.rows,
      usablePoints: this.fullRows,
      timeSystem: 'none',
      timeStartBjd: null,
      timeEndBjd: null,
      cadenceMinutes: null,
      fluxColumn: '',
      nonFiniteShare: this.emptyCells / (this.rows * columns.length),
      gaps: { count: 0, longestDays: 0 },
      columns,
    };
  }

  private header(record: readonly string[]): string[] {
    const names = record.map((name) => name.trim());
    if (names.length > MAX_COLUMNS) {
      throw new TableError({
        severity: 'error',
        code: 'too_many_columns',
        message: `The header names ${names.length} columns; at most ${MAX_COLUMNS} are read.`,
      });
    }
    const seen = new Set<string>();
    for (const [i, name] of names.entries()) {
      if (name === '') {
        this.issues.push({
          severity: 'error',
          code: 'unnamed_column',
          message: `Column ${i + 1} has no name in the header.`,
        });
      } else if (seen.has(name)) {
        this.issues.push({
          severity: 'error',
          code: 'duplicate_column',
          message: `The header names the column "${name}" twice.`,
          column: name,
        });
      }
      seen.add(name);
    }
    return names;
  }
}

function issueOf(error: unknown): TableIssue {
  if (error instanceof TableError) return error.issue;
  const { code, message, lines } = error as { code?: string; message: string; lines?: number };
  if (code?.startsWith('CSV_')) {
    return { severity: 'error', code: 'malformed_csv', message, row: lines };
  }
  if (code?.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return {
      severity: 'error',
      code: 'corrupt_gzip',
      message: 'The gzip stream is damaged or cut off.',
    };
  }
  throw error;
}
