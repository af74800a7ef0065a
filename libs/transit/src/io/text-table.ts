/** What a text file says about its table before the first row: comments, names, delimiter. */
import { parse } from 'csv-parse/sync';
import type { ByteReader } from './byte-reader.js';
import { type ColumnFacts, isKnownName, LONGEST_NAME } from './columns.js';
import { commentKeywords } from './comment-keywords.js';
import { isEcsv, parseEcsvHeader } from './ecsv-header.js';
import type { Keywords } from './identity.js';
import { UnreadableError } from './issues.js';
import type { ReadLimits } from './limits.js';
import { isNumeric } from './numeric-cell.js';
import type { FileFormat } from './raw-curve.js';

export interface TextTable {
  readonly format: FileFormat;
  /** null: any run of blanks and tabs. */
  readonly delimiter: ',' | '\t' | ';' | '|' | ' ' | null;
  readonly columns: readonly ColumnFacts[];
  /** Where the first row begins. */
  readonly dataByte: number;
  /** Lines before the first row. */
  readonly linesBefore: number;
  readonly keywords: Keywords;
}

const FIRST_LOOK_BYTES = 64 * 1024;
const SAMPLE_LINES = 20;
const DELIMITERS = [',', '\t', ';', '|'] as const;

interface Line {
  readonly text: string;
  /** Byte after its line end. */
  readonly next: number;
}

interface Top {
  /** Lines above the first one that is neither empty nor a comment. */
  readonly above: readonly Line[];
  /** That line and some after it. */
  readonly sample: readonly Line[];
}

/** Looks at the beginning of `reader` without consuming it. @throws {UnreadableError} */
export async function describeText(reader: ByteReader, limits: ReadLimits): Promise<TextTable> {
  const top = await readTop(reader, limits);
  const comments = top.above.map((line) => line.text.replace(/^\s*#/, ''));
  if (isEcsv(comments)) return describeEcsv(top, comments);
  const sample = top.sample.map((line) => line.text);
  const delimiter = findDelimiter(sample);
  const first = splitLine(sample[0], delimiter);
  const base = {
    format: delimiter === '\t' ? ('tsv' as const) : ('csv' as const),
    delimiter,
    keywords: commentKeywords(comments),
  };
  if (isHeader(first)) {
    return {
      ...base,
      columns: first.map(toColumn),
      dataByte: top.sample[0].next,
      linesBefore: top.above.length + 1,
    };
  }
  return {
    ...base,
    columns: namesFromComments(comments, first.length, delimiter) ?? defaultNames(first.length),
    dataByte: top.above.at(-1)?.next ?? byteOrderMark(await reader.peek(3)),
    linesBefore: top.above.length,
  };
}

async function readTop(reader: ByteReader, limits: ReadLimits): Promise<Top> {
  const most = FIRST_LOOK_BYTES + limits.maxHeaderCards * 256 + limits.maxLineLength;
  for (let look = FIRST_LOOK_BYTES; ; look *= 4) {
    const bytes = await reader.peek(Math.min(look, most));
    const isAll = bytes.length < Math.min(look, most);
    const lines = splitLines(bytes, isAll);
    const start = lines.findIndex((line) => !/^\s*(#|$)/.test(line.text));
    const above = start < 0 ? lines : lines.slice(0, start);
    if (above.length > limits.maxHeaderCards || (start < 0 && look >= most)) {
      refuseHeader(above.length, lines.length, limits);
    }
    const sample = start < 0 ? [] : lines.slice(start, start + SAMPLE_LINES);
    const long = sample.findIndex((line) => line.text.length > limits.maxLineLength);
    if (long >= 0) refuseLine(above.length + long + 1, limits);
    if (start >= 0) return { above, sample };
    if (isAll)
      throw new UnreadableError('no_table', 'The file has comments or blanks, but no rows.');
  }
}

function refuseHeader(comments: number, lines: number, limits: ReadLimits): never {
  if (lines === 0) refuseLine(1, limits);
  throw new UnreadableError(
    'header_too_large',
    `${comments} or more comment lines stand above the table; up to ${limits.maxHeaderCards} are read.`,
  );
}

function refuseLine(row: number, limits: ReadLimits): never {
  throw new UnreadableError(
    'line_too_long',
    `Line ${row} does not end within ${limits.maxLineLength} characters.`,
    { row },
  );
}

/** Whole lines only, unless the bytes are all there are. LF, CRLF and CR end a line. */
function splitLines(bytes: Uint8Array, isAll: boolean): Line[] {
  const lines: Line[] = [];
  let start = byteOrderMark(bytes);
  const push = (end: number, next: number) => {
    const text = Buffer.from(bytes.subarray(start, end)).toString('utf8');
    lines.push({ text, next });
    start = next;
  };
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === 10) push(at, at + 1);
    else if (bytes[at] === 13 && (at + 1 < bytes.length || isAll)) {
      const next = bytes[at + 1] === 10 ? at + 2 : at + 1;
      push(at, next);
      at = next - 1;
    }
  }
  if (isAll && start < bytes.length) push(bytes.length, bytes.length);
  return lines;
}

function byteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function describeEcsv(top: Top, comments: readonly string[]): TextTable {
  const header = parseEcsvHeader(comments);
  const names = splitLine(top.sample[0].text, header.delimiter);
  if (names.join('\n') !== header.columns.map((column) => column.name).join('\n')) {
    throw new UnreadableError(
      'bad_header',
      'The line of column names differs from the names in the ECSV header.',
      { row: top.above.length + 1 },
    );
  }
  return {
    format: 'ecsv',
    delimiter: header.delimiter,
    columns: header.columns,
    dataByte: top.sample[0].next,
    linesBefore: top.above.length + 1,
    keywords: header.keywords,
  };
}

/** The delimiter that splits most sample lines into the same number of cells, at least two. */
function findDelimiter(sample: readonly string[]): TextTable['delimiter'] {
  let best: TextTable['delimiter'] = null;
  let bestLines = 0;
  for (const delimiter of [...DELIMITERS, null]) {
    const cells = sample.map((line) => splitLine(line, delimiter).length);
    const common = Math.max(...cells.map((count) => cells.filter((each) => each === count).length));
    const isSplit = cells.some(
      (count) => count > 1 && cells.filter((each) => each === count).length === common,
    );
    if (isSplit && common > bestLines) {
      best = delimiter;
      bestLines = common;
    }
  }
  return best;
}

function splitLine(line: string, delimiter: TextTable['delimiter']): string[] {
  if (delimiter === null) return line.trim().split(/[ \t]+/);
  const [cells = []] = parse(line, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: 0,
    to: 1,
    on_skip: () => undefined,
    skip_records_with_error: true,
  }) as string[][];
  return cells.map((cell) => cell.trim());
}

/** Names are words. A row may have one word (a remark), but not fewer than two numbers. */
function isHeader(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => cell !== '' && isNumeric(cell)).length;
  const words = cells.filter((cell) => !isNumeric(cell)).length;
  return words > 0 && numbers <= 1;
}

/** "#time,flux,flux_err": the last comment with as many words as there are columns, one of them known. */
function namesFromComments(
  comments: readonly string[],
  count: number,
  delimiter: TextTable['delimiter'],
): ColumnFacts[] | null {
  for (const comment of comments.toReversed()) {
    for (const each of [delimiter, ',' as const, null]) {
      const names = splitLine(comment.trim(), each);
      if (names.length === count && names.some(isKnownName)) return names.map(toColumn);
    }
  }
  return null;
}

/** Without any names two or three columns can only be these. */
function defaultNames(count: number): ColumnFacts[] {
  if (count === 1) {
    throw new UnreadableError('missing_column', 'The table has one column; time and flux are two.');
  }
  if (count > 3) {
    throw new UnreadableError(
      'ambiguous_column',
      `The table has no line of names and ${count} columns; only two (time, flux) or three (time, ` +
        'flux, flux_err) can be told without names.',
    );
  }
  return ['time', 'flux', 'flux_err'].slice(0, count).map(toColumn);
}

/** "flux [e-/s]" and "Time (BJD)": the unit in brackets. */
function toColumn(cell: string): ColumnFacts {
  const name = cell.slice(0, LONGEST_NAME);
  const unit = /[([]\s*([^)\]]+?)\s*[)\]]\s*$/.exec(name)?.[1] ?? null;
  return { name: name.trim(), unit };
}
