import type { TrainingReport } from '#contracts';
import type { Box, Figure } from '../charts/figure.js';
import { counted } from '../charts/number-text.js';
import {
  type Axis,
  drawAxes,
  drawGrid,
  emptyPanel,
  legend,
  titleLine,
  xAxisHeight,
  yAxisWidth,
} from '../charts/panel.js';
import { muted } from '../charts/palette.js';
import { linearScale, linearTicks } from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from '../plots/plot-options.js';
import { classPen, MOST_LINES, shownClasses } from './shown-classes.js';

type Class = TrainingReport['classes'][number];

/** One line a class in a square from 0 to 1. */
export interface SquarePlot {
  readonly name: string;
  readonly x: string;
  readonly y: string;
  /** x0, y0, x1, y1, ... of a class; empty: it has no line. */
  readonly line: (each: Class) => readonly number[];
  /** Of a class, for the legend. */
  readonly words: (each: Class) => string;
  /** The line from corner to corner, and what lies on it; null: it says nothing here. */
  readonly diagonal: string | null;
  readonly hasDots: boolean;
}

export function squareFigure(
  report: TrainingReport,
  plot: SquarePlot,
  options: PlotOptions = {},
): Figure {
  const { width = 720, height = 620, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const lines = report.classes
    .map((each) => ({ ...each, points: plot.line(each) }))
    .filter(({ points }) => points.length > 0);
  const { places, note } = shownClasses(lines, MOST_LINES);
  const shown = places.map((place) => lines[place]);
  const name = `${options.target ? `${options.target}: ` : ''}${plot.name}`;
  const details = [`${counted(report.rows.tested)} rows held out`, ...note];
  const title = `${name}. ${details.join(', ')}`;
  let top = options.bare ? 0.2 * em : titleLine(sketch, name, details);
  const bottom = height - xAxisHeight(em);
  if (shown.length === 0) {
    const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
    emptyPanel(sketch, whole, 'Not one class has rows inside and outside of it.');
    return sketch.figure(title);
  }
  const entries = shown.map((each, order) => ({
    text: plot.words(each),
    draw: (x: number, y: number) => {
      sketch.line([x - 0.75 * em, y, x + 0.75 * em, y], classPen(order, em));
      if (plot.hasDots) sketch.dots([x, y], 0.55 * em, classPen(order, em).stroke);
    },
  }));
  const straight = { stroke: muted, strokeWidth: 0.1 * em, dash: [0.35 * em, 0.35 * em] };
  if (plot.diagonal !== null) {
    const draw = (x: number, y: number) =>
      sketch.line([x - 0.75 * em, y, x + 0.75 * em, y], straight);
    entries.push({ text: plot.diagonal, draw });
  }
  top = legend(sketch, top, entries) + 0.5 * em;

  const ticks = linearTicks([0, 1], 5);
  const left = yAxisWidth(ticks, em);
  const box: Box = { x: left, y: top, width: width - left - 1.2 * em, height: bottom - top };
  const x: Axis = {
    scale: linearScale([0, 1], [box.x, box.x + box.width]),
    ticks,
    label: [plot.x],
  };
  const y: Axis = {
    scale: linearScale([0, 1], [box.y + box.height, box.y]),
    ticks,
    label: [plot.y],
  };
  const on = (points: readonly number[]) =>
    points.map((value, i) => (i % 2 === 0 ? x : y).scale.map(value));
  drawGrid(sketch, box, x, y);
  if (plot.diagonal !== null) sketch.line(on([0, 0, 1, 1]), straight);
  shown.forEach(({ points }, order) => {
    const pen = classPen(order, em);
    sketch.line(on(points), { ...pen, clip: box });
    if (plot.hasDots) sketch.dots(on(points), 0.6 * em, pen.stroke);
  });
  drawAxes(sketch, box, x, y);
  return sketch.figure(title);
}
