/**
 * How much of each pixel a shape covers, in sixteenths: what smooth edges are made of.
 *
 * Fills: every edge adds the area to its right, with the sign of its direction, to the pixels that it
 * crosses; a running sum along the rows then is the covered area (the accumulation buffer of analytic
 * font rasterisers). Strokes and dots: the distance from the line, over one pixel around its rim.
 */

import type { Box } from '../charts/figure.js';
import { scratch } from '../charts/scratch.js';

/** Fully covered. */
export const FULL = 15;

/** Rows of a fill that are worked on at once: memory of a band, whatever the shape. */
const BAND = 64;

/** Coverage of one shape; to be cleared after use, which costs only what was touched. */
export class Coverage {
  private readonly stride: number;
  private clip: { left: number; top: number; right: number; bottom: number };
  private count = 0;

  /**
   * @param levels zeros: (rows · (margin + columns)) 0 to `FULL`, each row behind a margin.
   * @param touched as many, of any value.
   */
  constructor(
    readonly columns: number,
    readonly rows: number,
    readonly levels: Uint8Array,
    private readonly touched = new Uint32Array(levels.length),
    private readonly margin = 0,
  ) {
    this.stride = margin + columns;
    this.clip = { left: 0, top: 0, right: columns, bottom: rows };
  }

  /** What is drawn from now on stays within this box; undefined: the canvas. */
  within(box: Box | undefined): void {
    const { columns, rows } = this;
    this.clip = {
      left: box ? Math.max(0, Math.round(box.x)) : 0,
      top: box ? Math.max(0, Math.round(box.y)) : 0,
      right: box ? Math.min(columns, Math.round(box.x + box.width)) : columns,
      bottom: box ? Math.min(rows, Math.round(box.y + box.height)) : rows,
    };
  }

  /** Indices into `levels` of the pixels with a level above 0, each once, in the order in which they got it. */
  get pixels(): Uint32Array {
    return this.touched.subarray(0, this.count);
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.levels[this.touched[i]] = 0;
    this.count = 0;
  }

  /** Parts of one shape may overlap: the larger level counts. */
  private cover(index: number, share: number): void {
    const level = Math.round(share * FULL);
    const before = this.levels[index];
    if (level <= before) return;
    if (before === 0) this.touched[this.count++] = index;
    this.levels[index] = level;
  }

  dot(x: number, y: number, radius: number): void {
    const { clip, stride, margin } = this;
    const reach = radius + 0.5;
    const most = Math.min(1, 2 * radius);
    const left = Math.max(clip.left, Math.floor(x - reach));
    const right = Math.min(clip.right, Math.ceil(x + reach));
    const bottom = Math.min(clip.bottom, Math.ceil(y + reach));
    for (let row = Math.max(clip.top, Math.floor(y - reach)); row < bottom; row++) {
      const dy = row + 0.5 - y;
      for (let column = left; column < right; column++) {
        const dx = column + 0.5 - x;
        const distance = Math.sqrt(dx * dx + dy * dy);
        this.cover(row * stride + margin + column, Math.min(most, reach - distance));
      }
    }
  }

  /** @param points x0, y0, x1, y1, ... Round where it turns, cut straight where it ends. */
  stroke(points: readonly number[], width: number, closed: boolean): void {
    const last = points.length - 2;
    for (let i = 0; i < last; i += 2) {
      const isFirst = !closed && i === 0;
      const isLast = !closed && i === last - 2;
      this.segment(points, i, i + 2, width / 2, isFirst, isLast);
    }
    if (closed && last >= 2) this.segment(points, last, 0, width / 2, false, false);
  }

  private segment(
    points: readonly number[],
    a: number,
    b: number,
    half: number,
    cutsStart: boolean,
    cutsEnd: boolean,
  ): void {
    const { clip, stride, margin, levels, touched } = this;
    const x0 = points[a];
    const y0 = points[a + 1];
    const x1 = points[b];
    const y1 = points[b + 1];
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (!(length > 0)) return;
    let { count } = this;
    const ux = dx / length;
    const uy = dy / length;
    const reach = half + 0.5;
    const most = Math.min(1, 2 * half);
    const low = Math.max(clip.left, Math.min(x0, x1) - reach);
    const high = Math.min(clip.right, Math.max(x0, x1) + reach);
    const bottom = Math.min(clip.bottom, Math.ceil(Math.max(y0, y1) + reach));
    const isLevel = Math.abs(uy) < 1e-9;
    const across = isLevel ? 0 : reach / Math.abs(uy);
    // Between them the ends of the segment change nothing.
    const [bodyStart, bodyEnd] = [cutsStart ? 0.5 : 0, length - (cutsEnd ? 0.5 : 0)];
    for (let row = Math.max(clip.top, Math.floor(Math.min(y0, y1) - reach)); row < bottom; row++) {
      const fromStartY = row + 0.5 - y0;
      const middle = isLevel ? 0 : x0 + (fromStartY * ux) / uy;
      const left = Math.floor(isLevel ? low : Math.max(low, middle - across));
      const right = Math.ceil(isLevel ? high : Math.min(high, middle + across));
      const at = row * stride + margin;
      const first = (left + 0.5 - x0) * ux + fromStartY * uy;
      const last = first + (right - 1 - left) * ux;
      const isBody = Math.min(first, last) >= bodyStart && Math.max(first, last) <= bodyEnd;
      for (let column = left; column < right; column++) {
        const fromStartX = column + 0.5 - x0;
        const aside = fromStartX * uy - fromStartY * ux;
        let distance = aside < 0 ? -aside : aside;
        let share = 1;
        if (!isBody) {
          const along = fromStartX * ux + fromStartY * uy;
          const inside = Math.min(along, length - along); // from the nearer end
          if (along < length - along ? cutsStart : cutsEnd) {
            share = Math.min(1, Math.max(0, inside + 0.5));
          } else if (inside < 0) {
            distance = Math.sqrt(distance * distance + inside * inside);
          }
        }
        const covered = reach - distance;
        const level = (share * (covered < most ? covered : most) * FULL + 0.5) | 0;
        const before = levels[at + column];
        if (level <= before) continue;
        if (before === 0) touched[count++] = at + column;
        levels[at + column] = level;
      }
    }
    this.count = count;
  }

  /**
   * Covers a band of rows after the other.
   *
   * @param outlines closed polygons; one that runs the other way cuts a hole.
   * @param done called after each band; what it clears takes no memory in the next.
   */
  fill(outlines: readonly (readonly number[])[], done: () => void = () => undefined): void {
    let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const outline of outlines) {
      for (let i = 0; i < outline.length; i += 2) {
        lowX = Math.min(lowX, outline[i]);
        highX = Math.max(highX, outline[i]);
        lowY = Math.min(lowY, outline[i + 1]);
        highY = Math.max(highY, outline[i + 1]);
      }
    }
    const { clip } = this;
    const left = Math.max(clip.left, Math.floor(lowX));
    const right = Math.min(clip.right, Math.ceil(highX));
    const top = Math.max(clip.top, Math.floor(lowY));
    const bottom = Math.min(clip.bottom, Math.ceil(highY));
    if (right <= left || bottom <= top) return;
    const height = bottom - top;
    for (let first = 0; first < height; first += BAND) {
      const area = new SignedArea(left, top, right - left, first, Math.min(first + BAND, height));
      for (const outline of outlines) {
        const n = outline.length;
        for (let i = 0; i < n; i += 2) {
          const j = (i + 2) % n;
          area.edge(outline[i], outline[i + 1], outline[j], outline[j + 1]);
        }
      }
      area.forEach((column, row, share) =>
        this.cover(row * this.stride + this.margin + column, share),
      );
      done();
    }
  }
}

/** Of the rows from `first` to `end` below `top`. */
class SignedArea {
  private readonly stride: number;
  private readonly sums: Float32Array;

  constructor(
    private readonly left: number,
    private readonly top: number,
    private readonly width: number,
    private readonly first: number,
    private readonly end: number,
  ) {
    this.stride = width + 2;
    const size = this.stride * (end - first);
    this.sums = new Float32Array(scratch('area', 4 * size), 0, size).fill(0);
  }

  edge(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 === y1) return;
    const sign = y0 < y1 ? 1 : -1;
    const [xa, ya, xb, yb] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
    const slope = (xb - xa) / (yb - ya);
    const first = Math.max(ya - this.top, this.first);
    const last = Math.min(yb - this.top, this.end);
    for (let row = Math.floor(first); row < last; row++) {
      const from = Math.max(row, first);
      const to = Math.min(row + 1, last);
      const x = (y: number) => {
        const at = xa + (y + this.top - ya) * slope - this.left;
        return Math.min(Math.max(at, 0), this.width);
      };
      this.span(row, x(from), x(to), sign * (to - from));
    }
  }

  /** An edge within one row, `height` high, from x0 to x1: all to its right gains its height. */
  private span(row: number, x0: number, x1: number, height: number): void {
    const { sums } = this;
    const at = (row - this.first) * this.stride;
    const [low, high] = x0 < x1 ? [x0, x1] : [x1, x0];
    const first = Math.floor(low);
    const last = Math.ceil(high);
    if (last <= first + 1) {
      const inside = height * (1 - ((low + high) / 2 - first));
      sums[at + first] += inside;
      sums[at + first + 1] += height - inside;
      return;
    }
    // Over several pixels: the covered area is a trapezium in each.
    const perPixel = height / (high - low);
    let before = 0; // height gained up to this pixel's left edge
    let total = 0;
    for (let column = first; column < last; column++) {
      const gained = (Math.min(column + 1, high) - low) * perPixel;
      const rise = gained - before;
      const left = Math.max(low, column);
      const inside = before + rise * (column + 1 - (left + Math.min(column + 1, high)) / 2);
      sums[at + column] += inside - total;
      total = inside;
      before = gained;
    }
    sums[at + last] += height - total;
  }

  forEach(visit: (column: number, row: number, share: number) => void): void {
    for (let row = this.first; row < this.end; row++) {
      const at = (row - this.first) * this.stride;
      let sum = 0;
      for (let column = 0; column < this.width; column++) {
        sum += this.sums[at + column];
        const share = Math.min(1, Math.abs(sum));
        if (share > 0.02) visit(this.left + column, this.top + row, share);
      }
    }
  }
}
