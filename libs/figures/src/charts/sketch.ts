import { shapesOf, type Anchor, type Box, type Figure, type Shape } from './figure.js';
import { ink } from './palette.js';
import { imageShape, moveImage, type Raster } from './raster.js';

type Pen = {
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly dash?: readonly number[];
  readonly fill?: string;
  readonly clip?: Box;
};

type Letters = {
  readonly size?: number;
  readonly color?: string;
  readonly bold?: boolean;
  readonly anchor?: Anchor;
  readonly upwards?: boolean;
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** Collects shapes. Non-finite coordinates never get in: a line breaks there, a dot is left out. */
export class Sketch {
  private readonly shapes: Shape[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
    /** Font size of the tick labels: every distance is a multiple of it. */
    readonly em: number,
  ) {}

  line(points: readonly number[], pen: Pen): void {
    this.paths([points], pen, false);
  }

  polygon(points: readonly number[], pen: Pen): void {
    this.paths([points], pen, true);
  }

  rectangle(box: Box, pen: Pen): void {
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    this.polygon([box.x, box.y, right, box.y, right, bottom, box.x, bottom], pen);
  }

  paths(lines: readonly (readonly number[])[], pen: Pen, closed = false): void {
    const kept = lines.flatMap((line) => finiteRuns(line)).filter((line) => line.length >= 4);
    if (kept.length === 0) return;
    this.shapes.push({
      kind: 'path',
      lines: kept,
      ...(closed && { closed }),
      ...pen,
    });
  }

  dots(at: readonly number[], diameter: number, color: string, clip?: Box): void {
    const kept: number[] = [];
    for (let i = 0; i + 1 < at.length; i += 2) {
      if (Number.isFinite(at[i]) && Number.isFinite(at[i + 1])) {
        kept.push(round(at[i]), round(at[i + 1]));
      }
    }
    if (kept.length > 0) {
      this.shapes.push({ kind: 'dots', at: kept, diameter, color, ...(clip && { clip }) });
    }
  }

  text(x: number, y: number, text: string, letters: Letters = {}): void {
    if (text === '') return;
    const { size = this.em, color = ink, ...rest } = letters;
    this.shapes.push({ kind: 'text', x: round(x), y: round(y), text, size, color, ...rest });
  }

  image(box: Box, raster: Raster, palette: readonly string[]): void {
    this.shapes.push(imageShape(box, raster, palette));
  }

  /** Another figure with its upper left corner at (x, y). */
  place(figure: Figure, x: number, y: number, scale = 1): void {
    for (const shape of shapesOf(figure)) this.shapes.push(moved(shape, x, y, scale));
  }

  figure(title: string, under?: Figure): Figure {
    const { width, height, shapes } = this;
    return { width, height, title, shapes, ...(under && { under }) };
  }
}

function finiteRuns(line: readonly number[]): number[][] {
  const runs: number[][] = [[]];
  for (let i = 0; i + 1 < line.length; i += 2) {
    if (Number.isFinite(line[i]) && Number.isFinite(line[i + 1])) {
      runs[runs.length - 1].push(round(line[i]), round(line[i + 1]));
    } else if (runs[runs.length - 1].length > 0) {
      runs.push([]);
    }
  }
  return runs;
}

function movedLine(points: readonly number[], dx: number, dy: number, scale: number): number[] {
  const line: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    line.push(round(points[i] * scale + dx), round(points[i + 1] * scale + dy));
  }
  return line;
}

function moved(shape: Shape, dx: number, dy: number, scale: number): Shape {
  const line = (points: readonly number[]): number[] => movedLine(points, dx, dy, scale);
  const box = (b: Box): Box => ({
    x: round(b.x * scale + dx),
    y: round(b.y * scale + dy),
    width: round(b.width * scale),
    height: round(b.height * scale),
  });
  const clip = 'clip' in shape && shape.clip ? { clip: box(shape.clip) } : {};
  switch (shape.kind) {
    case 'path':
      return {
        ...shape,
        lines: shape.lines.map(line),
        ...(shape.strokeWidth !== undefined && { strokeWidth: shape.strokeWidth * scale }),
        ...(shape.dash && { dash: shape.dash.map((length) => length * scale) }),
        ...clip,
      };
    case 'dots':
      return { ...shape, at: line(shape.at), diameter: shape.diameter * scale, ...clip };
    case 'text': {
      const [x, y] = line([shape.x, shape.y]);
      return { ...shape, x, y, size: shape.size * scale };
    }
    case 'image':
      return moveImage(shape, box(shape.box));
  }
}
