/** Small files for the tests of this folder, written byte by byte where our own writer would be too kind. */
import type { Segment } from '../types.js';
import { type ReadOptions, type ReadResult, readLightCurve } from './read-light-curve.js';

/** Park & Miller's generator: 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export function aSegment(changes: Partial<Segment> = {}): Segment {
  const points = changes.timeDays?.length ?? 400;
  const random = seeded(7);
  return {
    target: 'KIC 11442793',
    mission: 'Kepler',
    label: 'Q3',
    timeSystem: 'BKJD',
    timeOffsetDays: 2_454_833,
    timeDays: Float64Array.from({ length: points }, (_, i) => 260.25 + i * 0.0204336),
    // Values that 32 bits hold exactly, so that FITS gives them back unchanged.
    flux: Float64Array.from({ length: points }, () => Math.fround(9000 + 10 * random())),
    fluxError: Float64Array.from({ length: points }, () => Math.fround(4 + random())),
    flagged: new Uint8Array(points),
    exposureDays: 0.0204336,
    fluxColumn: 'PDCSAP_FLUX',
    star: {},
    ...changes,
  };
}

/** `rows` lines "time,flux" around `level`, one every half hour from `start`. */
export function csvRows(rows = 100, start = 1400, level = 1, delimiter = ','): string[] {
  return Array.from({ length: rows }, (_, i) =>
    [(start + i / 48).toFixed(6), (level * (1 + 1e-4 * (i % 7))).toFixed(6)].join(delimiter),
  );
}

export const csvFile = (header: string, rows: readonly string[] = csvRows()) =>
  `${header}\n${rows.join('\n')}\n`;

export async function* inChunks(content: Uint8Array | string, size = 65_536) {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export function read(
  content: Uint8Array | string,
  filename = 'curve',
  options: ReadOptions & { sizeBytes?: number; chunkBytes?: number } = {},
): Promise<ReadResult> {
  const { sizeBytes, chunkBytes, ...rest } = options;
  return readLightCurve({ filename, sizeBytes, stream: inChunks(content, chunkBytes) }, rest);
}

export const codesOf = (result: ReadResult) => [...new Set(result.issues.map((each) => each.code))];

type CardValue = string | number | boolean;

export const card = (keyword: string, value: CardValue) => {
  const text = typeof value === 'string' ? `'${value}'` : value === true ? 'T' : String(value);
  return `${keyword.padEnd(8)}= ${text.padStart(20)}`.padEnd(80);
};

/** A header unit of these cards, END and padding added. */
export function headerUnit(cards: readonly string[]): Buffer {
  const text = [...cards, 'END'].map((each) => each.padEnd(80)).join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880), 'latin1');
}

export const primary = (cards: readonly string[] = []) =>
  headerUnit([card('SIMPLE', true), card('BITPIX', 8), card('NAXIS', 0), ...cards]);

export interface FixtureColumn {
  readonly name: string;
  readonly form: string;
  readonly bytes: number;
  readonly write?: (buffer: Buffer, at: number, row: number) => void;
  /** TUNIT, TSCAL, TZERO, TNULL. */
  readonly cards?: Readonly<Record<string, CardValue>>;
}

export const timeColumn: FixtureColumn = {
  name: 'TIME',
  form: 'D',
  bytes: 8,
  write: (buffer, at, row) => buffer.writeDoubleBE(1400 + row / 48, at),
};

export const fluxColumn: FixtureColumn = {
  name: 'FLUX',
  form: 'E',
  bytes: 4,
  write: (buffer, at, row) => buffer.writeFloatBE(1 + 1e-3 * (row % 5), at),
};

export function binaryTable(
  columns: readonly FixtureColumn[],
  rows = 100,
  cards: readonly string[] = [card('BJDREFI', 2_457_000)],
): Buffer {
  const width = columns.reduce((sum, column) => sum + column.bytes, 0);
  const data = Buffer.alloc(Math.ceil((rows * width) / 2880) * 2880);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const column of columns) {
      column.write?.(data, at, row);
      at += column.bytes;
    }
  }
  const header = headerUnit([
    card('XTENSION', 'BINTABLE'),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', width),
    card('NAXIS2', rows),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', columns.length),
    ...columns.flatMap((column, i) => [
      card(`TTYPE${i + 1}`, column.name),
      card(`TFORM${i + 1}`, column.form),
      ...Object.entries(column.cards ?? {}).map(([key, value]) => card(`${key}${i + 1}`, value)),
    ]),
    ...cards,
  ]);
  return Buffer.concat([header, data]);
}

export const fitsFile = (columns: readonly FixtureColumn[], rows?: number, cards?: string[]) =>
  Buffer.concat([primary(), binaryTable(columns, rows, cards)]);
