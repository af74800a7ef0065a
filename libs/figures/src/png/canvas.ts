import type { Box } from '../charts/figure.js';
import { packed, packedBefore, packedEnd, type PackedEnd } from '../charts/packed.js';
import { encodePng, type Raster } from '../charts/raster.js';
import { type Coverage, FULL } from './coverage.js';

const MOST_COLOURS = 256;
/** Rows. */
const STEP = 32;

/**
 * Pixels that are numbers into a palette which grows as colours are mixed. A figure needs some hundred
 * mixtures, and an image of one byte a pixel packs five times as fast as one of four. When 256 are in
 * use, a new mixture becomes the nearest of them.
 */
export class Canvas {
  private readonly stride: number;
  /** 0xrrggbb of each. */
  private colours: number[] = [];
  private known = new Map<number, number>();
  /** For each colour painted with: (256 · 16) mixture with what is below, by level; -1 unknown. */
  private readonly mixtures = new Map<number, Int16Array>();
  /** Rows from `first` on, packed for the pictures that have them as they are here. */
  private end: { readonly first: number; readonly packed: PackedEnd } | undefined;

  /** @param cells (rows · (1 + columns)): scanlines as PNG has them, a zero before each. */
  constructor(
    readonly columns: number,
    readonly rows: number,
    background: string,
    private readonly cells: Uint8Array,
  ) {
    this.stride = 1 + columns;
    cells.fill(this.indexOf(background));
    for (let row = 0; row < rows; row++) cells[row * this.stride] = 0;
  }

  /** As it is now, with cells of its own. */
  copy(): Canvas {
    const copy = new Canvas(this.columns, this.rows, '#000000', new Uint8Array(this.cells.length));
    copy.restore(this);
    return copy;
  }

  /** Becomes as the other, which has as many pixels, is. */
  restore(other: Canvas): void {
    this.cells.set(other.cells);
    this.colours = [...other.colours];
    this.known = new Map(other.known);
    this.mixtures.clear();
  }

  /** Index of a colour "#rrggbb". */
  indexOf(colour: string): number {
    return this.index(parseInt(colour.slice(1), 16));
  }

  /** @param coverage with a margin of one, like the cells here. */
  paint(coverage: Coverage, colour: string): void {
    const painted = this.indexOf(colour);
    const mixture = this.mixtureWith(painted);
    const { levels, pixels } = coverage;
    const { cells } = this;
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i];
      this.mix(cells, pixel, mixture, painted, levels[pixel]);
    }
  }

  private mix(
    cells: Uint8Array,
    pixel: number,
    mixture: Int16Array,
    painted: number,
    level: number,
  ): void {
    const at = cells[pixel] * (FULL + 1) + level;
    if (mixture[at] < 0) mixture[at] = this.mixed(cells[pixel], painted, level);
    cells[pixel] = mixture[at];
  }

  /** Sets levels of a small picture, 0 to `FULL` each, with its corner at (x, y): a letter. */
  stamp(levels: Uint8Array, width: number, x: number, y: number, colour: string): void {
    const painted = this.indexOf(colour);
    const mixture = this.mixtureWith(painted);
    const left = Math.max(0, -x);
    const right = Math.min(width, this.columns - x);
    const bottom = Math.min(levels.length / width, this.rows - y);
    for (let row = Math.max(0, -y); row < bottom; row++) {
      const [from, to] = [row * width, (y + row) * this.stride + 1 + x];
      for (let k = left; k < right; k++) {
        const level = levels[from + k];
        if (level > 0) this.mix(this.cells, to + k, mixture, painted, level);
      }
    }
  }

  /** Opaque pixels in a box, each the nearest of the raster's. */
  image(box: Box, raster: Raster, palette: readonly string[]): void {
    const indices = Uint8Array.from(palette, (colour) => this.indexOf(colour));
    const [left, top] = [Math.max(0, Math.round(box.x)), Math.max(0, Math.round(box.y))];
    const right = Math.min(this.columns, Math.round(box.x + box.width));
    const bottom = Math.min(this.rows, Math.round(box.y + box.height));
    const source = new Uint32Array(Math.max(0, right - left));
    for (let k = 0; k < source.length; k++) {
      const share = (left + k + 0.5 - box.x) / box.width;
      source[k] = Math.min(raster.columns - 1, Math.max(0, Math.floor(share * raster.columns)));
    }
    const { cells } = this;
    let drawn = -1; // row of the raster that the row above shows
    for (let row = top; row < bottom; row++) {
      const share = (row + 0.5 - box.y) / box.height;
      const from =
        Math.min(raster.rows - 1, Math.max(0, Math.floor(share * raster.rows))) * raster.columns;
      const to = row * this.stride + 1 + left;
      if (from === drawn) {
        cells.copyWithin(to, to - this.stride, to - this.stride + source.length);
        continue;
      }
      for (let k = 0; k < source.length; k++)
        cells[to + k] = indices[raster.cells[from + source[k]]];
      drawn = from;
    }
  }

  /** @param under what it was before the last shapes: rows that they left alone are packed once. */
  png(under?: Canvas): Uint8Array {
    const palette = this.colours.map((colour) => `#${colour.toString(16).padStart(6, '0')}`);
    const first = under ? this.firstAlike(under) : this.rows;
    const scanlines =
      under && first < this.rows
        ? packedBefore(this.cells.subarray(0, first * this.stride), under.endFrom(first))
        : packed(this.cells);
    return encodePng(this.columns, this.rows, 8, scanlines, palette);
  }

  /** A row from which on both are the same; in steps, so that titles of about one height have one end. */
  private firstAlike(other: Canvas): number {
    let first = this.rows;
    const isAlike = (row: number): boolean => {
      const [from, to] = [row * this.stride, (row + 1) * this.stride];
      return Buffer.compare(this.cells.subarray(from, to), other.cells.subarray(from, to)) === 0;
    };
    while (first > 0 && isAlike(first - 1)) first--;
    return Math.min(this.rows, Math.ceil(first / STEP) * STEP);
  }

  private endFrom(first: number): PackedEnd {
    if (this.end?.first !== first) {
      this.end = { first, packed: packedEnd(this.cells.subarray(first * this.stride)) };
    }
    return this.end.packed;
  }

  private mixtureWith(painted: number): Int16Array {
    let mixture = this.mixtures.get(painted);
    if (!mixture) {
      mixture = new Int16Array(MOST_COLOURS * (FULL + 1)).fill(-1);
      this.mixtures.set(painted, mixture);
    }
    return mixture;
  }

  private mixed(below: number, above: number, level: number): number {
    if (level === FULL) return above;
    const from = this.colours[below];
    const to = this.colours[above];
    return this.index(
      mixedChannel(from, to, level, 16) |
        mixedChannel(from, to, level, 8) |
        mixedChannel(from, to, level, 0),
    );
  }

  private index(colour: number): number {
    const known = this.known.get(colour);
    if (known !== undefined) return known;
    const index =
      this.colours.length < MOST_COLOURS ? this.colours.push(colour) - 1 : this.nearest(colour);
    this.known.set(colour, index);
    return index;
  }

  private nearest(colour: number): number {
    const { colours } = this;
    let best = 0;
    let least = Infinity;
    for (let index = 0; index < colours.length; index++) {
      const each = colours[index];
      const red = (each >> 16) - (colour >> 16);
      const green = ((each >> 8) & 255) - ((colour >> 8) & 255);
      const blue = (each & 255) - (colour & 255);
      const distance = red * red + green * green + blue * blue;
      if (distance < least) {
        least = distance;
        best = index;
      }
    }
    return best;
  }
}

/** Red, green or blue of two colours, where it stands in them. */
function mixedChannel(from: number, to: number, level: number, shift: number): number {
  const below = (from >> shift) & 255;
  const above = (to >> shift) & 255;
  return Math.round(below + ((above - below) * level) / FULL) << shift;
}
