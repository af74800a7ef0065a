/**
 * The YAML header of an ECSV file (astropy APE 6): column names and units, the delimiter, and the few
 * entries of `meta` that name the star. Only what the format's own writers produce is understood.
 */
import type { ColumnFacts } from './columns.js';
import { UnreadableError } from './issues.js';
import { commentKeywords } from './comment-keywords.js';
import type { Keywords } from './identity.js';

export interface EcsvHeader {
  readonly delimiter: ',' | ' ';
  readonly columns: readonly ColumnFacts[];
  readonly keywords: Keywords;
}

export function isEcsv(comments: readonly string[]): boolean {
  return /^%ECSV \d/.test(comments[0]?.trim() ?? '');
}

/**
 * @param comments the lines above the table without their "#".
 * @throws {UnreadableError} bad_header.
 */
export function parseEcsvHeader(comments: readonly string[]): EcsvHeader {
  const lines = comments.map((line) => line.replace(/^ /, ''));
  const text = lines.join('\n');
  const columns = parseColumns(lines);
  if (columns.length === 0) {
    throw new UnreadableError('bad_header', 'The ECSV header lists no column under "datatype:".');
  }
  const delimiter = /^delimiter:\s*(['"]?)(.)\1\s*$/m.exec(text)?.[2] ?? ' ';
  if (delimiter !== ',' && delimiter !== ' ') {
    throw new UnreadableError(
      'bad_header',
      `The ECSV delimiter is "${delimiter}"; blank and comma are allowed.`,
    );
  }
  const timeFormat = /\bformat:\s*['"]?(btjd|bkjd|mjd|jd)\b/i.exec(text)?.[1] ?? null;
  return {
    delimiter,
    columns: columns.map((column) =>
      timeFormat && /^time$/i.test(column.name) && (column.unit === null || column.unit === 'd')
        ? { ...column, unit: timeFormat.toUpperCase() }
        : column,
    ),
    keywords: parseMeta(lines),
  };
}

/** `- {OBJECT: TIC 307210830}` or `OBJECT: TIC 307210830`, below "meta:". */
function parseMeta(lines: readonly string[]): Keywords {
  const start = lines.findIndex((line) => line.startsWith('meta:'));
  const entries = start < 0 ? [] : lines.slice(start + 1);
  return commentKeywords(
    entries.map((line) => line.replace(/^\s*-\s*\{?/, '').replace(/\}\s*$/, '')),
  );
}

/** Both `- {name: flux, unit: electron / s, datatype: float64}` and one entry per line. */
function parseColumns(lines: readonly string[]): ColumnFacts[] {
  const start = lines.findIndex((line) => /^datatype:\s*$/.test(line));
  if (start < 0) return [];
  const entries: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\s*-(\s|$)/.test(line)) entries.push(line.replace(/^\s*-\s*/, ''));
    else if (/^\s+\S/.test(line) && entries.length > 0) entries[entries.length - 1] += `, ${line}`;
    else break;
  }
  return entries.flatMap((entry) => {
    const name = field(entry, 'name');
    return name === null ? [] : [{ name, unit: field(entry, 'unit') }];
  });
}

function field(entry: string, key: string): string | null {
  const match = new RegExp(`(?:^|[{,])\\s*${key}:\\s*(?:'([^']*)'|"([^"]*)"|([^,}]*))`).exec(entry);
  const value = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim();
  return value ? value : null;
}
