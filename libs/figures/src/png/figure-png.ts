import type { Box, Figure, Shape, TextShape } from '../charts/figure.js';
import { paper } from '../charts/palette.js';
import { pixelsOf } from '../charts/raster.js';
import { scratch } from '../charts/scratch.js';
import { Canvas } from './canvas.js';
import { Coverage } from './coverage.js';
import { advanceOf, letterOf, PLACES } from './letters.js';

const MOST_PIXELS_ACROSS = 8192;
/** Pixels per unit of a figure: sharp on screens of two pixels a point. */
const SHARP = 2;

/**
 * A figure as an opaque PNG. The same figure gives the same bytes on every machine: nothing of the
 * system's fonts or graphics takes part. O(pixels).
 *
 * @param width in pixels; twice the figure's where it is left out.
 * @throws {RangeError} where the width is not a whole number from 1 to 8192.
 */
export function figureToPng(figure: Figure, width = Math.round(SHARP * figure.width)): Uint8Array {
  if (!(Number.isInteger(width) && width >= 1 && width <= MOST_PIXELS_ACROSS)) {
    throw new RangeError(
      `width must be a whole number from 1 to ${MOST_PIXELS_ACROSS}, not ${width}`,
    );
  }
  const scale = width / figure.width;
  const rows = Math.max(1, Math.round(figure.height * scale));
  const size = rows * (1 + width);
  const canvas = new Canvas(width, rows, paper, new Uint8Array(scratch('cells', size), 0, size));
  const levels = new Uint8Array(scratch('levels', size), 0, size);
  const touched = new Uint32Array(scratch('touched', 4 * size), 0, size);
  const coverage = new Coverage(width, rows, levels, touched, 1);
  drawAll(canvas, coverage, figure, scale);
  return canvas.png(figure.under && painted.get(figure.under));
}

/** Of what lies under several figures, for as long as it lives. */
const painted = new WeakMap<Figure, Canvas>();

function drawAll(canvas: Canvas, coverage: Coverage, figure: Figure, scale: number): void {
  const { under, shapes } = figure;
  if (under) {
    const known = painted.get(under);
    if (known?.columns === canvas.columns && known.rows === canvas.rows) canvas.restore(known);
    else {
      drawAll(canvas, coverage, under, scale);
      painted.set(under, canvas.copy());
    }
  }
  // The figure's own colours come before any mixture of them.
  for (const shape of shapes) {
    if (shape.kind === 'path')
      for (const each of [shape.fill, shape.stroke]) if (each) canvas.indexOf(each);
    if (shape.kind === 'dots' || shape.kind === 'text') canvas.indexOf(shape.color);
  }
  for (const shape of shapes) draw(canvas, coverage, shape, scale);
}

function draw(canvas: Canvas, coverage: Coverage, shape: Shape, scale: number): void {
  const box = ({ x, y, width, height }: Box): Box => {
    return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
  };
  const paint = (colour: string) => {
    canvas.paint(coverage, colour);
    coverage.clear();
  };
  coverage.within('clip' in shape && shape.clip ? box(shape.clip) : undefined);
  switch (shape.kind) {
    case 'path': {
      const lines = shape.lines.map((line) => scaled(line, scale));
      const { fill } = shape;
      if (fill) coverage.fill(lines, () => paint(fill));
      if (!shape.stroke) return;
      const width = (shape.strokeWidth ?? 1) * scale;
      for (const line of lines) {
        for (const piece of shape.dash ? dashed(line, scaled(shape.dash, scale)) : [line]) {
          coverage.stroke(piece, width, shape.closed === true && !shape.dash);
        }
      }
      paint(shape.stroke);
      return;
    }
    case 'dots': {
      const radius = (shape.diameter * scale) / 2;
      for (let i = 0; i + 1 < shape.at.length; i += 2) {
        coverage.dot(shape.at[i] * scale, shape.at[i + 1] * scale, radius);
      }
      paint(shape.color);
      return;
    }
    case 'text': {
      write(canvas, shape, scale);
      return;
    }
    case 'image': {
      const { raster, palette } = pixelsOf(shape);
      canvas.image(box(shape.box), raster, palette);
    }
  }
}

function scaled(lengths: readonly number[], scale: number): number[] {
  const all: number[] = [];
  for (const length of lengths) all.push(length * scale);
  return all;
}

/** Pieces of a line that are drawn: dash, gap, dash, ... from its start. */
function dashed(line: readonly number[], [dash, gap]: readonly number[]): number[][] {
  const pieces: number[][] = [];
  let left = dash;
  let isDrawn = true;
  let piece = [line[0], line[1]];
  for (let i = 2; i < line.length; i += 2) {
    let [x, y] = [line[i - 2], line[i - 1]];
    let length = Math.hypot(line[i] - x, line[i + 1] - y);
    while (length > left) {
      const share = left / length;
      [x, y] = [x + (line[i] - x) * share, y + (line[i + 1] - y) * share];
      length -= left;
      piece.push(x, y);
      if (isDrawn) pieces.push(piece);
      piece = [x, y];
      isDrawn = !isDrawn;
      left = isDrawn ? dash : gap;
    }
    left -= length;
    piece.push(line[i], line[i + 1]);
  }
  if (isDrawn) pieces.push(piece);
  return pieces;
}

function write(canvas: Canvas, shape: TextShape, scale: number): void {
  const weight = shape.bold ? 'bold' : 'regular';
  const size = shape.size * scale;
  const width = advanceOf(shape.text, weight) * size;
  const back = shape.anchor === 'end' ? width : shape.anchor === 'middle' ? width / 2 : 0;
  const upwards = shape.upwards === true;
  let along = -back;
  for (const character of shape.text) {
    const x = quarter(shape.x * scale + (upwards ? 0 : along));
    const y = quarter(shape.y * scale - (upwards ? along : 0));
    const letter = letterOf(character, weight, size, upwards, x.place, y.place);
    canvas.stamp(letter.levels, letter.width, x.whole + letter.x, y.whole + letter.y, shape.color);
    along += advanceOf(character, weight) * size;
  }
}

function quarter(at: number): { whole: number; place: number } {
  const quarters = Math.round(at * PLACES);
  const whole = Math.floor(quarters / PLACES);
  return { whole, place: quarters - whole * PLACES };
}
