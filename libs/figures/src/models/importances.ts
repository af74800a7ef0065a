import type { TrainingReport } from '#contracts';
import type { Box, Figure } from '../charts/figure.js';
import { type Axis, drawAxes, drawGrid, titleLine, xAxisHeight } from '../charts/panel.js';
import { accent, frame } from '../charts/palette.js';
import { fixed, linearScale, linearTicks } from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth, truncate } from '../charts/text-width.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from '../plots/plot-options.js';

const MOST_COLUMNS = 20;
const LABEL_ROOM = 16; // em, of the names on the left
const NUMBER_ROOM = 4.4; // em, right of the longest bar

/** What is lost where a column is shuffled, the most important ones first: one bar a column. */
export function importancesFigure(report: TrainingReport, options: PlotOptions = {}): Figure {
  const shown = report.importances.slice(0, MOST_COLUMNS);
  const { fontSize: em = DEFAULT_FONT_SIZE } = options;
  const { width = 720, height = (shown.length * 1.9 + 6.5) * em } = options;
  const sketch = new Sketch(width, height, em);
  const name = `${options.target ? `${options.target}: ` : ''}what it looks at`;
  const { length: all } = report.importances;
  const details = all > shown.length ? [`the first ${shown.length} of ${all} columns`] : [];
  const top = (options.bare ? 0.2 * em : titleLine(sketch, name, details)) + 0.4 * em;
  const bottom = height - xAxisHeight(em);

  const widest = Math.max(0, ...shown.map(({ column }) => textWidth(column, em)));
  const left = Math.min(widest, LABEL_ROOM * em) + em;
  const box: Box = { x: left, y: top, width: width - left - 1.2 * em, height: bottom - top };
  const falls = shown.map(({ permutation }) => permutation);
  const most = Math.max(1e-3, ...falls);
  const low = Math.min(0, 1.1 * Math.min(...falls));
  const share = box.width / (box.width - NUMBER_ROOM * em);
  const domain = [low, low + (most - low) * share] as const;
  const scale = linearScale(domain, [box.x, box.x + box.width]);
  const what = report.confusion ? 'accuracy' : 'R²';
  const x: Axis = {
    scale,
    ticks: linearTicks(domain, Math.max(3, Math.floor(box.width / (6 * em)))),
    label: [`Fall of ${what} where the column is shuffled`, `Fall of ${what}`],
  };
  const y: Axis = { scale: linearScale([0, 1], [bottom, top]), ticks: [], label: [] };
  drawGrid(sketch, box, x, y);
  const step = box.height / Math.max(1, shown.length);
  const zero = scale.map(0);
  shown.forEach(({ column, permutation }, i) => {
    const middle = box.y + (i + 0.5) * step;
    const end = scale.map(permutation);
    const bar = { x: Math.min(zero, end), y: middle - 0.34 * step, width: Math.abs(end - zero) };
    sketch.rectangle({ ...bar, height: 0.68 * step }, { fill: accent });
    const label = truncate(column, em, left - em);
    sketch.text(box.x - 0.5 * em, middle + 0.36 * em, label, { anchor: 'end' });
    // Right of zero also where the bar is not: on the left are the names.
    const at = Math.max(zero, end) + 0.4 * em;
    sketch.text(at, middle + 0.36 * em, fixed(permutation, 3));
  });
  sketch.line([zero, box.y, zero, box.y + box.height], { stroke: frame, strokeWidth: 0.1 * em });
  drawAxes(sketch, box, x, y);
  return sketch.figure([name, ...details].join('. '));
}
