/** A4 in points, and the few things that all pages are made of. */
import { frame, grid, ink, muted } from '../charts/palette.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth, truncate, wrap } from '../charts/text-width.js';
import { CONTENT_WIDTH } from './report-model.js';

export const PAGE_WIDTH = 595.28;
export const PAGE_HEIGHT = 841.89;
export const MARGIN = (PAGE_WIDTH - CONTENT_WIDTH) / 2;
export const RIGHT = MARGIN + CONTENT_WIDTH;

export const newPage = (em: number): Sketch => new Sketch(PAGE_WIDTH, PAGE_HEIGHT, em);

export interface Column {
  readonly heading: string;
  readonly width: number;
  readonly align?: 'start' | 'end';
  /** Long cells go on in further lines instead of being cut. */
  readonly wraps?: boolean;
}

export interface Cell {
  readonly text: string;
  readonly color?: string;
  readonly bold?: boolean;
}

export type Row = readonly (string | Cell)[];

const LEADING = 1.32;

/** Height of a table with its heading. */
export const tableHeight = (
  columns: readonly Column[],
  rows: readonly Row[],
  size: number,
): number => rows.reduce((sum, row) => sum + rowHeight(columns, row, size), headingHeight(size));

const headingHeight = (size: number): number => size * LEADING * 1.25;

const rowHeight = (columns: readonly Column[], row: Row, size: number): number =>
  (Math.max(1, ...linesOf(columns, row, size).map((lines) => lines.length)) * LEADING + 0.2) * size;

function linesOf(columns: readonly Column[], row: Row, size: number): string[][] {
  return columns.map((column, i) => {
    const { text, bold = false } = cellOf(row[i]);
    const width = column.width - PADDING;
    return column.wraps ? wrap(text, size, width, bold) : [truncate(text, size, width, bold)];
  });
}

const PADDING = 5;

const cellOf = (cell: string | Cell): Cell => (typeof cell === 'string' ? { text: cell } : cell);

/** Draws as many rows as end above `bottom`. Returns where it ended and how many are drawn. */
export function drawTable(
  page: Sketch,
  top: number,
  columns: readonly Column[],
  rows: readonly Row[],
  size: number,
  bottom = Infinity,
): { readonly y: number; readonly drawn: number } {
  let x = MARGIN;
  const at = (column: Column, left: number): number =>
    column.align === 'end' ? left + column.width - PADDING : left;
  for (const column of columns) {
    const heading = truncate(column.heading, size, column.width - PADDING / 2, true);
    page.text(at(column, x), top + size, heading, {
      size,
      bold: true,
      color: muted,
      anchor: column.align ?? 'start',
    });
    x += column.width;
  }
  let y = top + headingHeight(size);
  rule(page, y - 0.15 * size, frame, 0.5);
  let drawn = 0;
  for (const row of rows) {
    const height = rowHeight(columns, row, size);
    if (y + height > bottom) break;
    const lines = linesOf(columns, row, size);
    x = MARGIN;
    columns.forEach((column, i) => {
      const { color = ink, bold = false } = cellOf(row[i]);
      const anchor = column.align ?? 'start';
      lines[i].forEach((line, k) => {
        const baseline = y + (1 + k * LEADING) * size + 0.1 * size;
        page.text(at(column, x), baseline, line, { size, color, bold, anchor });
      });
      x += column.width;
    });
    y += height;
    rule(page, y, grid, 0.35);
    drawn++;
  }
  return { y, drawn };
}

export function rule(page: Sketch, y: number, color: string, strokeWidth: number): void {
  page.line([MARGIN, y, RIGHT, y], { stroke: color, strokeWidth });
}

/** Wrapped over the whole width; returns where it ended. */
export function paragraph(
  page: Sketch,
  top: number,
  text: string,
  size: number,
  color = ink,
  mostLines = Infinity,
): number {
  const lines = wrap(text, size, CONTENT_WIDTH);
  const shown = lines.slice(0, mostLines);
  if (shown.length < lines.length) {
    shown[shown.length - 1] = truncate(
      `${shown[shown.length - 1]} ${lines[shown.length]}`,
      size,
      CONTENT_WIDTH,
    );
  }
  shown.forEach((line, i) => {
    page.text(MARGIN, top + size + i * size * LEADING, line, { size, color });
  });
  return top + shown.length * size * LEADING;
}

export const paragraphHeight = (text: string, size: number, mostLines = Infinity): number =>
  Math.min(wrap(text, size, CONTENT_WIDTH).length, mostLines) * size * LEADING;

/** A bold line above a part of the page; returns where the part begins. */
export function heading(page: Sketch, top: number, text: string, size = 7.6, x = MARGIN): number {
  page.text(x, top + size, text, { size, bold: true });
  return top + size * 1.45;
}

/** "Name value   Name value", over as many lines as needed; returns where it ended. */
export function facts(
  page: Sketch,
  top: number,
  pairs: readonly (readonly [string, string])[],
  size: number,
): number {
  let [x, baseline] = [MARGIN, top + size];
  for (const [name, value] of pairs) {
    const text = truncate(value, size, CONTENT_WIDTH - textWidth(name, size, true) - 4);
    const nameWidth = textWidth(name, size, true) + 4;
    const width = nameWidth + textWidth(text, size);
    if (x > MARGIN && x + width > RIGHT) {
      x = MARGIN;
      baseline += size * LEADING;
    }
    page.text(x, baseline, name, { size, bold: true, color: muted });
    page.text(x + nameWidth, baseline, text, { size });
    x += width + 14;
  }
  return baseline + size * 0.45;
}
