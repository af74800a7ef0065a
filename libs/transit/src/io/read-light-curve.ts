/** The front door: one file in, its curve and everything that is wrong with it out. */
import type { Segment } from '../types.js';
import { assess, type FileSummary } from './assess.js';
import { ByteReader } from './byte-reader.js';
import type { ColumnWishes } from './columns.js';
import { isGzip, recognise, SNIFF_BYTES } from './file-kind.js';
import { gunzip, type GunzipCounts } from './gunzip.js';
import { IssueLog, UnreadableError, type ValidationIssue } from './issues.js';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.js';
import { MeteredSource } from './metered-source.js';
import { readFits } from './read-fits.js';
import { readText } from './read-text.js';

export interface LightCurveSource {
  /** Only for messages, for a name where the content has none, and to notice a wrong extension. */
  readonly filename: string;
  /** What was announced; compared with what arrives. */
  readonly sizeBytes?: number;
  /** The raw bytes; read once, closed early only where the size limit is exceeded. */
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface ReadOptions extends ColumnWishes {
  readonly limits?: Partial<ReadLimits>;
}

export interface ReadResult {
  /** Hex, of all raw bytes, whatever the content; null where the size limit was exceeded. */
  readonly sha256: string | null;
  /** Raw bytes that arrived. */
  readonly sizeBytes: number;
  /** null exactly where an issue is an error. */
  readonly segment: Segment | null;
  /** null where no table could be read to its end. */
  readonly summary: FileSummary | null;
  /** In the order found. A row is a line of a text file or a row of a FITS table, from 1. */
  readonly issues: readonly ValidationIssue[];
}

/**
 * Reads and validates a light curve: FITS, CSV, TSV or ECSV, plain or gzipped, told apart by content.
 * Streams: holds the numbers of the needed columns, about 100 bytes per row at the most. Bad content becomes
 * issues.
 *
 * @throws what `source.stream` throws, unchanged; nothing else.
 */
export async function readLightCurve(
  source: LightCurveSource,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const limits = { ...DEFAULT_READ_LIMITS, ...options.limits };
  const metered = new MeteredSource(source.stream, limits.maxBytes);
  const log = new IssueLog();
  let content: { segment: Segment; summary: FileSummary } | null = null;
  let isWhole = false;
  try {
    content = await readContent(metered, source.filename, limits, options, log);
  } catch (error) {
    note(error, metered, log);
  }
  try {
    await metered.drain();
    isWhole = metered.bytes <= limits.maxBytes;
    if (isWhole) checkSize(source.sizeBytes, metered.bytes, log);
  } catch (error) {
    note(error, metered, log);
  }
  if (!isWhole) await metered.close();
  return {
    sha256: isWhole ? metered.digest() : null,
    sizeBytes: metered.bytes,
    segment: log.hasError() ? null : (content?.segment ?? null),
    summary: content?.summary ?? null,
    issues: log.list(),
  };
}

/** A failing stream is the caller's to handle; unreadable content is an issue; the rest is a bug. */
function note(error: unknown, metered: MeteredSource, log: IssueLog): void {
  if (metered.failure !== null) throw metered.failure.cause;
  if (!(error instanceof UnreadableError)) throw error;
  log.addUnreadable(error);
}

async function readContent(
  metered: MeteredSource,
  filename: string,
  limits: ReadLimits,
  wishes: ColumnWishes,
  log: IssueLog,
): Promise<{ segment: Segment; summary: FileSummary }> {
  const raw = new ByteReader(metered);
  const gzip = isGzip(await raw.peek(2));
  const counts: GunzipCounts = { bytesIn: 0, bytesOut: 0, consumed: 0 };
  const unpacked = gzip ? gunzip(raw.chunks(SNIFF_BYTES * 16), limits, counts) : null;
  const reader = unpacked ? new ByteReader(unpacked) : raw;
  try {
    const kind = recognise(await reader.peek(SNIFF_BYTES), filename);
    const read = kind === 'fits' ? readFits : readText;
    const curve = await read(reader, filename, limits, wishes, log);
    while ((await reader.skip(SNIFF_BYTES)) > 0); // a gzip trailer is checked at its end
    if (unpacked) await noteTrailing(metered, counts, log);
    return assess(curve, filename, gzip, log);
  } finally {
    await unpacked?.return();
  }
}

async function noteTrailing(
  metered: MeteredSource,
  counts: GunzipCounts,
  log: IssueLog,
): Promise<void> {
  await metered.drain();
  const trailing = metered.bytes - counts.consumed;
  if (trailing > 0) log.add('trailing_bytes', `${trailing} bytes follow the gzip stream.`);
}

function checkSize(announced: number | undefined, found: number, log: IssueLog): void {
  if (announced === undefined || announced === found) return;
  log.add(
    found < announced ? 'truncated_file' : 'size_mismatch',
    `${announced} bytes were announced, ${found} arrived.`,
  );
}
