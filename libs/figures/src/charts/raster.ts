import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Box } from './figure.js';
import { density, paper } from './palette.js';

/** Pixels that are numbers into a palette. */
export interface Raster {
  readonly columns: number;
  readonly rows: number;
  /** (rows · columns), row by row from the top. */
  readonly cells: Uint8Array;
}

/** Cells across a figure: 200 an inch on the full width of an A4 page. */
const COLUMNS = 1450;

/**
 * How densely points lie on a panel. A lone point is three cells wide and clearly visible; the
 * shade deepens with the logarithm of the count, so that neither single outliers nor the bulk of
 * 65,000 points is lost. Points outside the box are left out. O(N + cells).
 *
 * @param x paper coordinates.
 */
export function densityRaster(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  box: Box,
  fullWidth = box.width,
): Raster {
  const perUnit = COLUMNS / fullWidth;
  const columns = Math.max(1, Math.round(box.width * perUnit));
  const rows = Math.max(1, Math.round(box.height * perUnit));
  const counts = new Uint16Array(columns * rows);
  const [scaleX, scaleY] = [columns / box.width, rows / box.height];
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((x[i] - box.x) * scaleX);
    const row = Math.floor((y[i] - box.y) * scaleY);
    if (!(column >= 0 && column < columns && row >= 0 && row < rows)) continue;
    for (let dr = -1; dr <= 1; dr++) {
      if (row + dr < 0 || row + dr >= rows) continue;
      for (let dc = -1; dc <= 1; dc++) {
        if (column + dc < 0 || column + dc >= columns) continue;
        const cell = (row + dr) * columns + column + dc;
        if (counts[cell] < 65_535) counts[cell]++;
      }
    }
  }
  const cells = new Uint8Array(columns * rows);
  for (let i = 0; i < cells.length; i++) {
    if (counts[i] > 0) cells[i] = Math.min(1 + Math.floor(Math.log2(counts[i])), density.length);
  }
  return { columns, rows, cells };
}

export const densityPalette: readonly string[] = [paper, ...density];

/**
 * Runs only: pictures of lines and letters have few other repetitions. zlib's usual way makes them a
 * seventh smaller and takes two to five times as long.
 */
const PACKING = { level: 1, strategy: constants.Z_RLE, chunkSize: 1 << 18 } as const;

/**
 * A palette PNG (PNG specification, 3rd edition, colour type 3) with as few bits a pixel as the
 * palette needs: SVG and PDF both take it as it is.
 *
 * @throws {RangeError} where the palette has more than 256 colours.
 */
export function palettePng(raster: Raster, palette: readonly string[]): Uint8Array {
  if (palette.length > 256) throw new RangeError(`palette has ${palette.length} colours, not 256`);
  const bits = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : palette.length <= 16 ? 4 : 8;
  const perByte = 8 / bits;
  const stride = 1 + Math.ceil(raster.columns / perByte);
  const scanlines = new Uint8Array(stride * raster.rows);
  for (let row = 0; row < raster.rows; row++) {
    const line = raster.cells.subarray(row * raster.columns, (row + 1) * raster.columns);
    const at = row * stride + 1;
    if (bits === 8) {
      scanlines.set(line, at);
      continue;
    }
    for (let column = 0; column < line.length; column += perByte) {
      let byte = 0;
      for (let k = 0; k < perByte; k++) byte = (byte << bits) | (line[column + k] ?? 0);
      scanlines[at + column / perByte] = byte;
    }
  }
  return encodePng(raster.columns, raster.rows, bits, scanlines, palette);
}

/** @param scanlines packed pixels, each row behind its filter, 0. */
export function encodePng(
  columns: number,
  rows: number,
  bits: number,
  scanlines: Uint8Array,
  palette: readonly string[],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([bits, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.map((colour) => colour.slice(1)).join(''), 'hex');
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(scanlines, PACKING)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** What `palettePng` wrote: no other PNG can be read. */
export function readPalettePng(png: Uint8Array): { raster: Raster; palette: string[] } {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const [columns, rows, bits] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24]];
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const colours = chunks.get('PLTE')!;
  const palette = Array.from({ length: colours.length / 3 }, (_, i) => {
    return `#${colours.toString('hex', 3 * i, 3 * i + 3)}`;
  });
  const scanlines = inflateSync(chunks.get('IDAT')!);
  const perByte = 8 / bits;
  const stride = 1 + Math.ceil(columns / perByte);
  const mask = (1 << bits) - 1;
  const cells = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const from = row * stride + 1;
    const to = row * columns;
    for (let column = 0; column < columns; column++) {
      const byte = scanlines[from + ((column * bits) >> 3)];
      cells[to + column] = (byte >> (8 - bits - ((column * bits) & 7))) & mask;
    }
  }
  return { raster: { columns, rows, cells }, palette };
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
