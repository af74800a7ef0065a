import type { CandidateResult } from '#transit';
import { Quantiles } from '../charts/binning.js';
import type { Box, Figure } from '../charts/figure.js';
import {
  drawAxes,
  emptyPanel,
  titleLine,
  xAxisHeight,
  yAxisWidth,
  type Axis,
} from '../charts/panel.js';
import { linearScale } from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { candidateTitle, ephemerisOf, fold, windowHours } from './ephemeris.js';
import { fluxAxis, fluxUnit } from './flux-axis.js';
import { hoursAxis } from './phase.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from './plot-options.js';

const COLUMNS = 72;
const MOST_ROWS = 240;

/**
 * One row per transit, flux as colour: a wandering stripe shows transit timing variations, a
 * missing one shows a signal that is not periodic. Above 240 transits a row is the mean of several.
 */
export function riverFigure(candidate: CandidateResult, options: PlotOptions = {}): Figure {
  const { width = 720, height = 520, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const ephemeris = ephemerisOf(candidate);
  const half = windowHours(ephemeris);
  const { name, details } = candidateTitle(candidate, 'river plot', options.target);
  const title = `${name}. ${details.join(', ')}`;
  const top = (options.bare ? 0.2 * em : titleLine(sketch, name, details)) + 0.4 * em;
  const bottom = height - xAxisHeight(em);
  const folded = fold(candidate.curve, ephemeris, half);
  if (folded.hours.length === 0) {
    const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
    emptyPanel(sketch, whole, 'No points lie near this transit.');
    return sketch.figure(title);
  }
  const { first, perRow, rowOf, labels } = rowsOf(folded.epoch);
  const rows = labels.length;
  const count = new Uint32Array(rows * COLUMNS);
  const sum = new Float64Array(rows * COLUMNS);
  folded.hours.forEach((hours, i) => {
    const column = Math.min(Math.floor(((hours + half) / (2 * half)) * COLUMNS), COLUMNS - 1);
    const row = rowOf.get(Math.floor((folded.epoch[i] - first) / perRow)) ?? 0;
    count[row * COLUMNS + column]++;
    sum[row * COLUMNS + column] += folded.flux[i] - 1;
  });
  const means = sum.map((value, i) => value / count[i]);
  const depth = ephemeris.depthPpm > 0 ? ephemeris.depthPpm * 1e-6 : 0;
  const most = Math.max(depth, 2 * new Quantiles(means).robustSigma) || 1e-6;
  const middle = (river.length - 1) / 2;
  const cells = Uint8Array.from(means, (value) => {
    if (!Number.isFinite(value)) return river.length;
    const shade = Math.round(middle + (value / most) * middle);
    return Math.min(Math.max(shade, 0), river.length - 1);
  });

  const barWidth = 1.1 * em;
  const yScale = linearScale([0, rows], [top, bottom]);
  const yTicks = labels
    .map((label, row) => ({ value: row + 0.5, label }))
    .filter(({ label }, row) => label !== '' && (rows <= 40 || isRound(label) || row === 0))
    .reverse();
  const left = yAxisWidth(yTicks, em);
  const box: Box = { x: left, y: top, width: width - left - 7.5 * em, height: bottom - top };
  const yLabel = perRow > 1 ? `Transit number (${perRow} to a row)` : 'Transit number';
  const yAxis: Axis = { scale: yScale, ticks: yTicks, label: [yLabel, 'Transit'] };
  sketch.image(box, { columns: COLUMNS, rows, cells }, [...river, MISSING]);
  drawAxes(sketch, box, hoursAxis(half, box, em, 'mid-transit'), yAxis);

  const bar: Box = {
    x: width - 1.5 * em - barWidth,
    y: top,
    width: barWidth,
    height: box.height - 2.2 * em,
  };
  const ramp = Uint8Array.from(river, (_, i) => river.length - 1 - i);
  sketch.image(bar, { columns: 1, rows: river.length, cells: ramp }, river);
  const { axis } = fluxAxis(
    sketch,
    bar,
    [1 - most, 1 + most],
    [`Flux − 1 (${fluxUnit([1 - most, 1 + most]).name})`],
  );
  const none: Axis = {
    scale: linearScale([0, 1], [bar.x, bar.x + barWidth]),
    ticks: [],
    label: [],
  };
  drawAxes(sketch, bar, none, axis);
  const missing = { x: bar.x, y: box.y + box.height - em, width: barWidth, height: em };
  sketch.rectangle(missing, { fill: MISSING });
  sketch.text(bar.x - 0.4 * em, missing.y + 0.85 * em, 'no data', { anchor: 'end' });
  return sketch.figure(title);
}

interface Rows {
  readonly first: number;
  readonly perRow: number;
  /** From group of transits to row. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Number of each row's first transit, counted from 1; empty for a row that stands for a gap. */
  readonly labels: readonly string[];
}

/** Only transits with data have a row; a longer gap becomes one empty row. */
function rowsOf(epochs: Int32Array): Rows {
  const seen = [...new Set(epochs)].sort((a, b) => a - b);
  const perRow = Math.ceil(seen.length / MOST_ROWS);
  const first = seen[0];
  const rowOf = new Map<number, number>();
  const labels: string[] = [];
  let before = 0;
  for (const epoch of seen) {
    const group = Math.floor((epoch - first) / perRow);
    if (rowOf.has(group)) continue;
    if (group > before + 1) labels.push('');
    rowOf.set(group, labels.length);
    labels.push(String(group * perRow + 1));
    before = group;
  }
  return { first, perRow, rowOf, labels };
}

const isRound = (label: string): boolean => Number(label) % 10 === 0;

const MISSING = '#d4d4d4';

/** Dark blue (fainter) over white to dark orange (brighter): told apart by any eye. */
const river = diverging('#08306b', '#3f8fc5', '#ffffff', '#ee9a3a', '#8a3a00');

function diverging(...anchors: readonly string[]): string[] {
  const steps = 25;
  const channels = anchors.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: steps }, (_, i) => {
    const at = (i / (steps - 1)) * (anchors.length - 1);
    const from = Math.min(Math.floor(at), anchors.length - 2);
    const mixed = channels[from].map((value, c) =>
      Math.round(value + (at - from) * (channels[from + 1][c] - value)),
    );
    return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  });
}
