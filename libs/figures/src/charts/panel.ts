import type { Box } from './figure.js';
import { candidateColor, frame, grid, ink, muted, paper } from './palette.js';
import type { BrokenScale, Scale, Tick } from './scale.js';
import type { Sketch } from './sketch.js';
import { textWidth, truncate } from './text-width.js';

export interface Axis {
  readonly scale: Scale | BrokenScale;
  readonly ticks: readonly Tick[];
  /** Values that get a mark without a label. */
  readonly minor?: readonly number[];
  /** Long to short: the first that fits is written. None: the tick labels are left out as well. */
  readonly label: readonly string[];
}

const TICK = 0.35;

/** Paper that the labels of a y axis need on its left. */
export const yAxisWidth = (ticks: readonly Tick[], em: number): number =>
  Math.max(0, ...ticks.map((tick) => textWidth(tick.label, em))) + (TICK + 0.35 + 1.5) * em;

/** Paper that the labels of an x axis need below. */
export const xAxisHeight = (em: number): number => (TICK + 0.25 + 1 + 1.35) * em;

/** Grid lines: to be drawn before the data. */
export function drawGrid(sketch: Sketch, box: Box, x: Axis, y: Axis): void {
  const pen = { stroke: grid, strokeWidth: 0.06 * sketch.em };
  const verticals = x.ticks.map(({ value }) => {
    const at = x.scale.map(value);
    return [at, box.y, at, box.y + box.height];
  });
  const horizontals = y.ticks.map(({ value }) => {
    const at = y.scale.map(value);
    return [box.x, at, box.x + box.width, at];
  });
  sketch.paths([...verticals, ...horizontals], pen);
}

/** Frame, ticks, labels: to be drawn after the data. */
export function drawAxes(sketch: Sketch, box: Box, x: Axis, y: Axis): void {
  const { em } = sketch;
  const pen = { stroke: frame, strokeWidth: 0.075 * em };
  const [bottom, right] = [box.y + box.height, box.x + box.width];
  const stretches = 'stretches' in x.scale ? x.scale.stretches : [];
  if (stretches.length > 1) drawBreaks(sketch, box, stretches, pen);
  else sketch.rectangle(box, pen);

  const marks: number[][] = [];
  const mark = (at: number, length: number): void => {
    marks.push([at, bottom, at, bottom - length * em], [at, box.y, at, box.y + length * em]);
  };
  for (const { value } of x.ticks) mark(x.scale.map(value), TICK);
  for (const value of x.minor ?? []) mark(x.scale.map(value), TICK * 0.55);
  for (const { value } of y.ticks) {
    const at = y.scale.map(value);
    marks.push([box.x, at, box.x + TICK * em, at], [right, at, right - TICK * em, at]);
  }
  sketch.paths(marks, pen);
  if (x.label.length > 0) labelX(sketch, box, x);
  if (y.label.length > 0) labelY(sketch, box, y);
}

function labelX(sketch: Sketch, box: Box, x: Axis): void {
  const { em } = sketch;
  const baseline = box.y + box.height + 1.2 * em;
  let free = -Infinity;
  for (const { value, label } of x.ticks) {
    const half = textWidth(label, em) / 2;
    const at = x.scale.map(value);
    if (at - half < free || at + half > sketch.width) continue;
    sketch.text(at, baseline, label, { anchor: 'middle' });
    free = at + half + 0.6 * em;
  }
  const label = fitting(x.label, box.width + 3 * em, em);
  sketch.text(box.x + box.width / 2, baseline + 1.4 * em, label, { anchor: 'middle' });
}

function labelY(sketch: Sketch, box: Box, y: Axis): void {
  const { em } = sketch;
  const height = 0.36 * em; // half a digit
  const inset = 0.16 * em; // so that the labels of stacked panels stay apart
  let free = Infinity;
  for (const { value, label } of y.ticks) {
    const at = Math.min(Math.max(y.scale.map(value), box.y + inset), box.y + box.height - inset);
    if (at + height > free) continue;
    sketch.text(box.x - 0.35 * em, at + height, label, { anchor: 'end' });
    free = at - height - 0.2 * em;
  }
  const middle = box.y + box.height / 2;
  const widest = Math.max(0, ...y.ticks.map((tick) => textWidth(tick.label, em)));
  sketch.text(box.x - widest - 0.85 * em, middle, fitting(y.label, box.height + 0.2 * em, em), {
    anchor: 'middle',
    upwards: true,
  });
}

const fitting = (labels: readonly string[], width: number, em: number): string =>
  labels.find((label) => textWidth(label, em) <= width) ??
  truncate(labels[labels.length - 1], em, width);

function drawBreaks(
  sketch: Sketch,
  box: Box,
  stretches: BrokenScale['stretches'],
  pen: { readonly stroke: string; readonly strokeWidth: number },
): void {
  const { em } = sketch;
  const [top, bottom] = [box.y, box.y + box.height];
  const right = box.x + box.width;
  const lines: number[][] = [
    [box.x, top, box.x, bottom],
    [right, top, right, bottom],
  ];
  for (const { range } of stretches) {
    lines.push([range[0], top, range[1], top], [range[0], bottom, range[1], bottom]);
  }
  for (let i = 0; i + 1 < stretches.length; i++) {
    const [from, to] = [stretches[i].range[1], stretches[i + 1].range[0]];
    const blank = { x: from, y: top - 0.1 * em, width: to - from, height: box.height + 0.2 * em };
    sketch.rectangle(blank, { fill: paper });
    for (const at of [from, to]) {
      for (const y of [top, bottom]) {
        lines.push([at - 0.22 * em, y + 0.4 * em, at + 0.22 * em, y - 0.4 * em]);
      }
    }
  }
  sketch.paths(lines, pen);
}

/** What a panel says when it has nothing to show. */
export function emptyPanel(sketch: Sketch, box: Box, sentence: string): void {
  sketch.rectangle(box, { stroke: frame, strokeWidth: 0.075 * sketch.em });
  const text = truncate(sentence, sketch.em, box.width - sketch.em);
  sketch.text(box.x + box.width / 2, box.y + box.height / 2, text, {
    anchor: 'middle',
    color: muted,
  });
}

/** Bold name, then details as far as they fit. Returns where the next thing may begin. */
export function titleLine(sketch: Sketch, name: string, details: readonly string[]): number {
  const { em } = sketch;
  const size = 1.12 * em;
  const width = sketch.width - 0.8 * em;
  const bold = truncate(name, size, width, true);
  sketch.text(0.4 * em, 1.3 * em, bold, { bold: true, size });
  let x = 0.4 * em + textWidth(bold, size, true) + 0.9 * em;
  for (const detail of details) {
    const wide = textWidth(detail, em);
    if (x + wide > width) break;
    sketch.text(x, 1.3 * em, detail, { color: muted });
    x += wide + 0.9 * em;
  }
  return 1.9 * em;
}

export interface LegendEntry {
  readonly text: string;
  readonly draw: (x: number, y: number) => void;
}

/** Entries from the left, in as many rows as they need. Returns where the next thing may begin. */
export function legend(sketch: Sketch, y: number, entries: readonly LegendEntry[]): number {
  const { em } = sketch;
  const left = 0.4 * em;
  let [x, baseline] = [left, y + 0.95 * em];
  for (const entry of entries) {
    const text = truncate(entry.text, em, sketch.width - left - 2.4 * em);
    const wide = 1.7 * em + textWidth(text, em);
    if (x > left && x + wide > sketch.width - left) {
      x = left;
      baseline += 1.35 * em;
    }
    entry.draw(x + 0.65 * em, baseline - 0.33 * em);
    sketch.text(x + 1.6 * em, baseline, text, { color: ink });
    x += wide + 1.1 * em;
  }
  return entries.length > 0 ? baseline + 0.55 * em : y;
}

/** Vertical error bars with dots on them; a bin without an error is a dot alone. */
export function errorBars(
  sketch: Sketch,
  bins: readonly { readonly x: number; readonly y: number; readonly error: number }[],
  x: Scale,
  y: Scale,
  color: string,
  clip: Box,
  diameter = 0.42,
): void {
  const { em } = sketch;
  const bars = bins
    .filter(({ error }) => error > 0)
    .map((bin) => {
      const at = x.map(bin.x);
      return [at, y.map(bin.y - bin.error), at, y.map(bin.y + bin.error)];
    });
  sketch.paths(bars, { stroke: color, strokeWidth: 0.08 * em, clip });
  const dots = bins.flatMap((bin) => [x.map(bin.x), y.map(bin.y)]);
  sketch.dots(dots, diameter * em, color, clip);
}

/** Each candidate's own symbol, about `size` wide, centred on (x, y). */
export function candidateSymbol(
  sketch: Sketch,
  rank: number,
  x: number,
  y: number,
  size: number,
  hollow = false,
): void {
  const color = candidateColor(rank);
  const points = symbolShapes[(Math.max(rank, 1) - 1) % symbolShapes.length];
  sketch.polygon(
    points.map((value, i) => (i % 2 === 0 ? x : y) + (value * size) / 2),
    { fill: hollow ? paper : color, stroke: color, strokeWidth: size * 0.12 },
  );
}

const disc = Array.from({ length: 12 }, (_, i) => [
  0.9 * Math.cos((i * Math.PI) / 6),
  0.9 * Math.sin((i * Math.PI) / 6),
]).flat();

/** Triangle down, square, diamond, triangle up, disc, bar. */
const symbolShapes: readonly (readonly number[])[] = [
  [-0.95, -0.8, 0.95, -0.8, 0, 0.95],
  [-0.78, -0.78, 0.78, -0.78, 0.78, 0.78, -0.78, 0.78],
  [0, -1.05, 1.05, 0, 0, 1.05, -1.05, 0],
  [-0.95, 0.8, 0, -0.95, 0.95, 0.8],
  disc,
  [-0.4, -1, 0.4, -1, 0.4, 1, -0.4, 1],
];
