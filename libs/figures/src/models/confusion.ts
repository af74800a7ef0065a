import type { TrainingReport } from '#contracts';
import type { Box, Figure } from '../charts/figure.js';
import { counted } from '../charts/number-text.js';
import { emptyPanel, titleLine } from '../charts/panel.js';
import { frame, muted, paper } from '../charts/palette.js';
import { onShare, shareColor } from '../charts/share-color.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth, truncate } from '../charts/text-width.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from '../plots/plot-options.js';
import { shownClasses } from './shown-classes.js';

/** More do not fit with their numbers. */
const MOST_CLASSES = 12;
const LABEL_ROOM = 11; // em, of the names on the left

/** What rows are, and what they are called: counts, and shares of each row as colour. */
export function confusionFigure(report: TrainingReport, options: PlotOptions = {}): Figure {
  const { width = 720, height = 560, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const { confusion, classes } = report;
  const { places, note } = shownClasses(classes, MOST_CLASSES);
  const name = `${options.target ? `${options.target}: ` : ''}confusion matrix`;
  const details = [`${counted(report.rows.tested)} rows held out`, ...note];
  const title = `${name}. ${details.join(', ')}`;
  const top = (options.bare ? 0.2 * em : titleLine(sketch, name, details)) + 0.4 * em;
  const bottom = height - 3 * em;
  if (!confusion) {
    const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
    emptyPanel(sketch, whole, 'A regression has no classes.');
    return sketch.figure(title);
  }
  const labels = places.map((place) => classes[place].label);
  const widest = Math.max(...labels.map((label) => textWidth(label, em)));
  const names = Math.min(widest, LABEL_ROOM * em);
  const left = names + 2.9 * em;
  const box: Box = { x: left, y: top, width: width - left - em, height: bottom - top };
  const cell = { width: box.width / places.length, height: box.height / places.length };

  places.forEach((truth, row) => {
    const { rows } = classes[truth];
    const y = box.y + row * cell.height;
    places.forEach((said, column) => {
      const count = confusion[truth][said];
      const share = rows > 0 ? count / rows : 0;
      const at = { x: box.x + column * cell.width, y, ...cell };
      sketch.rectangle(at, { fill: shareColor(share), stroke: paper, strokeWidth: 0.12 * em });
      writeCell(sketch, at, count, share);
    });
    const label = truncate(labels[row], em, names);
    sketch.text(box.x - 0.5 * em, y + cell.height / 2 + 0.36 * em, label, { anchor: 'end' });
  });
  labels.forEach((label, column) => {
    const x = box.x + (column + 0.5) * cell.width;
    const text = truncate(label, em, cell.width - 0.5 * em);
    sketch.text(x, box.y + box.height + 1.2 * em, text, { anchor: 'middle' });
  });
  sketch.rectangle(box, { stroke: frame, strokeWidth: 0.075 * em });
  const middle = box.x + box.width / 2;
  sketch.text(middle, box.y + box.height + 2.6 * em, 'What was said', {
    anchor: 'middle',
    color: muted,
  });
  sketch.text(1.2 * em, box.y + box.height / 2, 'What it is', {
    anchor: 'middle',
    upwards: true,
    color: muted,
  });
  return sketch.figure(title);
}

/** The count, and below it the share of its row where there is room for both. */
function writeCell(sketch: Sketch, cell: Box, count: number, share: number): void {
  const { em } = sketch;
  const color = onShare(share);
  const x = cell.x + cell.width / 2;
  const middle = cell.y + cell.height / 2;
  const percent = `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const hasRoom = cell.height > 3 * em && cell.width > textWidth(percent, em) + 0.4 * em;
  const y = hasRoom ? middle - 0.15 * em : middle + 0.36 * em;
  const text = counted(count);
  const size = Math.min(em, (em * (cell.width - 0.3 * em)) / textWidth(text, em));
  sketch.text(x, y, text, { anchor: 'middle', color, size, bold: size === em });
  if (hasRoom) sketch.text(x, middle + 1.15 * em, percent, { anchor: 'middle', color });
}
