import { crc32, inflateSync } from 'node:zlib';
import type { Box, ImageShape } from './figure.js';
import { packed } from './packed.js';
import { density, paper } from './palette.js';
import { scratch } from './scratch.js';

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
  // Whole words, most of which stay empty; more than 255 points are 255.
  const words = new Uint32Array(Math.ceil((columns * rows) / 4));
  const counts = new Uint8ClampedArray(words.buffer);
  const cells = new Uint8Array(words.buffer, 0, columns * rows);
  const [scaleX, scaleY] = [columns / box.width, rows / box.height];
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((x[i] - box.x) * scaleX);
    const row = Math.floor((y[i] - box.y) * scaleY);
    if (!(column >= 0 && column < columns && row >= 0 && row < rows)) continue;
    const first = Math.max(row - 1, 0) * columns + column;
    const last = Math.min(row + 1, rows - 1) * columns + column;
    const isInside = column > 0 && column < columns - 1;
    for (let at = first; at <= last; at += columns) {
      counts[at]++;
      if (isInside) {
        counts[at - 1]++;
        counts[at + 1]++;
      } else if (column > 0) counts[at - 1]++;
      else if (column < columns - 1) counts[at + 1]++;
    }
  }
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue;
    for (let at = 4 * i; at < 4 * i + 4; at++) cells[at] = SHADES[cells[at]];
  }
  return { columns, rows, cells };
}

/** Index of the shade for each count. */
const SHADES = Uint8Array.from({ length: 256 }, (_, count) =>
  count === 0 ? 0 : Math.min(1 + Math.floor(Math.log2(count)), density.length),
);

export const densityPalette: readonly string[] = [paper, ...density];

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
  const size = stride * raster.rows;
  const scanlines = new Uint8Array(scratch('scanlines', size), 0, size).fill(0);
  const { columns, cells } = raster;
  const whole = columns - (columns % perByte);
  for (let row = 0; row < raster.rows; row++) {
    const from = row * columns;
    let to = row * stride + 1;
    if (bits === 4) {
      for (let k = 0; k < whole; k += 2) {
        scanlines[to++] = (cells[from + k] << 4) | cells[from + k + 1];
      }
    } else {
      for (let k = 0; k < whole; k += perByte) {
        let byte = 0;
        for (let i = 0; i < perByte; i++) byte = (byte << bits) | cells[from + k + i];
        scanlines[to++] = byte;
      }
    }
    for (let k = whole; k < columns; k++) {
      scanlines[to] |= cells[from + k] << (8 - bits * (k - whole + 1));
    }
  }
  return encodePng(columns, raster.rows, bits, packed(scanlines), palette);
}

/** @param scanlines pixels, each row behind its filter, 0: a zlib stream of them. */
export function encodePng(
  columns: number,
  rows: number,
  bits: number,
  scanlines: Buffer,
  palette: readonly string[],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([bits, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.map((colour) => colour.slice(1)).join(''), 'hex');
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...chunk('IHDR', header),
    ...chunk('PLTE', colours),
    ...chunk('IDAT', scanlines),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** What the pixels of an image are, for as long as its shape lives: drawn again, it is not unpacked. */
const pixels = new WeakMap<ImageShape, { raster: Raster; palette: readonly string[] }>();

export function imageShape(box: Box, raster: Raster, palette: readonly string[]): ImageShape {
  const png = Buffer.from(palettePng(raster, palette));
  const shape: ImageShape = { kind: 'image', box, pngBase64: png.toString('base64') };
  pixels.set(shape, { raster, palette });
  return shape;
}

/** The same image elsewhere, or of another size. */
export function moveImage(shape: ImageShape, box: Box): ImageShape {
  const moved = { ...shape, box };
  const known = pixels.get(shape);
  if (known) pixels.set(moved, known);
  return moved;
}

/** Also of a shape that came as JSON. */
export const pixelsOf = (shape: ImageShape): { raster: Raster; palette: readonly string[] } =>
  pixels.get(shape) ?? readPalettePng(Buffer.from(shape.pngBase64, 'base64'));

/** What `palettePng` wrote, in its parts: no other PNG can be read. */
export function partsOf(png: Uint8Array): {
  readonly columns: number;
  readonly rows: number;
  readonly bits: number;
  /** (3 · colours) red, green, blue. */
  readonly colours: Buffer;
  /** By zlib, each row behind its filter. */
  readonly packed: Buffer;
} {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return {
    columns: bytes.readUInt32BE(16),
    rows: bytes.readUInt32BE(20),
    bits: bytes[24],
    colours: chunks.get('PLTE')!,
    packed: chunks.get('IDAT')!,
  };
}

export function readPalettePng(png: Uint8Array): { raster: Raster; palette: string[] } {
  const { columns, rows, bits, colours, packed } = partsOf(png);
  const palette = Array.from({ length: colours.length / 3 }, (_, i) => {
    return `#${colours.toString('hex', 3 * i, 3 * i + 3)}`;
  });
  const scanlines = inflateSync(packed);
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

function chunk(type: string, data: Buffer): Buffer[] {
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  tail.writeUInt32BE(crc32(data, crc32(type)), 0);
  return [head, data, tail];
}
