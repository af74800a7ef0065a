import type { CandidateResult, Periodogram } from '#transit';
import { envelope } from '../charts/binning.js';
import type { Box, Figure } from '../charts/figure.js';
import {
  drawAxes,
  drawGrid,
  emptyPanel,
  legend,
  titleLine,
  xAxisHeight,
  yAxisWidth,
  type Axis,
  type LegendEntry,
} from '../charts/panel.js';
import { accent, candidateColor, muted } from '../charts/palette.js';
import { linearScale, linearTicks, logScale, logTicks, type Scale } from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth } from '../charts/text-width.js';
import { candidateTitle, ephemerisOf, periodText } from './ephemeris.js';
import { DEFAULT_FONT_SIZE, DEFAULT_WIDTH, type PlotOptions } from './plot-options.js';

interface Marked {
  readonly periodDays: number;
  readonly label: string;
}

/** SNR over trial period, with the chosen period and the aliases it was weighed against. */
export function periodogramFigure(candidate: CandidateResult, options: PlotOptions = {}): Figure {
  const ephemeris = ephemerisOf(candidate);
  const chosen =
    ephemeris.periodDays === null
      ? null
      : { periodDays: ephemeris.periodDays, label: periodText(ephemeris) };
  return draw(candidate.periodogram, options, {
    ...candidateTitle(candidate, 'periodogram', options.target),
    chosen,
    aliases: chosen ? aliasesOf(candidate, chosen.periodDays) : [],
    color: candidateColor(candidate.rank),
  });
}

/** The periodogram of the last round, in which nothing more was found; null draws an empty one. */
export function residualPeriodogramFigure(
  periodogram: Periodogram | null,
  options: PlotOptions = {},
): Figure {
  const who = options.target ? `${options.target}: ` : '';
  return draw(periodogram, options, {
    name: `${who}periodogram of the last search`,
    details: ['no further signal'],
    chosen: null,
    aliases: [],
    color: accent,
  });
}

interface Content {
  readonly name: string;
  readonly details: readonly string[];
  readonly chosen: Marked | null;
  readonly aliases: readonly Marked[];
  readonly color: string;
}

function draw(periodogram: Periodogram | null, options: PlotOptions, content: Content): Figure {
  const { width = DEFAULT_WIDTH, height = 380, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const { chosen, aliases, color } = content;
  let top = options.bare ? 0.2 * em : titleLine(sketch, content.name, content.details);
  top = legend(sketch, top, legendOf(sketch, periodogram, content));
  if (chosen) top += 1.2 * em;
  const high = height - xAxisHeight(em) - top;
  const { periodDays, snr } = finite(periodogram);
  const title = `${content.name}. ${content.details.join(', ')}`;
  if (periodDays.length === 0) {
    const box = { x: 1.5 * em, y: top, width: width - 3 * em, height: high };
    emptyPanel(sketch, box, 'No trial period was searched.');
    return sketch.figure(title);
  }

  let highest = 0;
  for (let i = 0; i < snr.length; i++) if (snr[i] > highest) highest = snr[i];
  const yScale = linearScale([0, highest > 0 ? highest * 1.08 : 1], [top + high, top]);
  const yTicks = linearTicks(yScale.domain, Math.max(2, Math.floor(high / (2.6 * em))));
  const left = yAxisWidth(yTicks, em);
  const box: Box = { x: left, y: top, width: width - left - 0.8 * em, height: high };
  const xScale = logScale(
    [periodDays[0], periodDays[periodDays.length - 1]],
    [box.x, box.x + box.width],
  );
  const { major, minor } = logTicks(xScale.domain, Math.max(3, Math.floor(box.width / (4 * em))));
  const xAxis: Axis = { scale: xScale, ticks: major, minor, label: ['Trial period (days)'] };
  const yAxis: Axis = { scale: yScale, ticks: yTicks, label: ['SNR'] };
  drawGrid(sketch, box, xAxis, yAxis);
  drawAliases(sketch, box, aliases, xScale, chosen ? xScale.map(chosen.periodDays) : NaN);
  if (chosen) drawChosen(sketch, box, xScale.map(chosen.periodDays), color);
  const [shortest, longest] = xScale.domain;
  const columns = Math.round(box.width * (em < 10 ? 2 : 1));
  const edge = (share: number): number => shortest * (longest / shortest) ** share;
  const line = envelope(periodDays, snr, columns, edge);
  const onPaper: number[] = [];
  for (let i = 0; i < line.length; i += 2) {
    onPaper.push(xScale.map(line[i]), yScale.map(line[i + 1]));
  }
  sketch.line(onPaper, { stroke: LINE, strokeWidth: 0.07 * em, clip: box });
  drawAxes(sketch, box, xAxis, yAxis);
  return sketch.figure(title);
}

/** A light band behind the peak, an arrow and a letter above it. */
function drawChosen(sketch: Sketch, box: Box, x: number, color: string): void {
  const { em } = sketch;
  if (!(x >= box.x && x <= box.x + box.width)) return;
  const band = { x: x - 0.3 * em, y: box.y, width: 0.6 * em, height: box.height };
  sketch.rectangle(band, { fill: BAND, clip: box });
  sketch.polygon(arrow(x, box.y, em), { fill: color });
  const isAtEnd = x + 2 * em > box.x + box.width;
  sketch.text(x + (isAtEnd ? -0.55 : 0.55) * em, box.y - 0.3 * em, 'P', {
    anchor: isAtEnd ? 'end' : 'start',
    bold: true,
    color,
  });
}

const BAND = '#d6e4ef';
const LINE = '#24405c';

const arrow = (x: number, tip: number, em: number): number[] => [
  ...[x, tip],
  ...[x - 0.38 * em, tip - 0.75 * em],
  ...[x + 0.38 * em, tip - 0.75 * em],
];

/** Aliases that the search weighed, or the plain harmonics where it names none. */
function aliasesOf(candidate: CandidateResult, periodDays: number): Marked[] {
  const weighed = candidate.signal.aliases;
  if (weighed.length > 0) {
    return weighed
      .filter((alias) => alias.periodDays > 0)
      .map((alias) => ({ periodDays: alias.periodDays, label: ratioText(alias.ratio) }));
  }
  return [1 / 3, 1 / 2, 2, 3].map((ratio) => ({
    periodDays: ratio * periodDays,
    label: ratioText(ratio),
  }));
}

function ratioText(ratio: number): string {
  for (const denominator of [1, 2, 3, 4, 5, 6]) {
    const numerator = ratio * denominator;
    if (Math.abs(numerator - Math.round(numerator)) > 1e-3) continue;
    const times = Math.round(numerator) === 1 ? '' : String(Math.round(numerator));
    return denominator === 1 ? `${times}P` : `${times}P/${denominator}`;
  }
  return `${ratio.toFixed(2)}P`;
}

function drawAliases(
  sketch: Sketch,
  box: Box,
  aliases: readonly Marked[],
  scale: Scale,
  chosenX: number,
): void {
  const { em } = sketch;
  const inside = aliases
    .map((alias) => ({ ...alias, x: scale.map(alias.periodDays) }))
    .filter(({ x }) => x >= box.x && x <= box.x + box.width)
    .sort((a, b) => a.x - b.x);
  const pen = { stroke: muted, strokeWidth: 0.08 * em, dash: [0.35 * em, 0.3 * em] };
  let free = -Infinity;
  for (const { x, label } of inside) {
    sketch.line([x, box.y, x, box.y + box.height], pen);
    const half = textWidth(label, 0.92 * em) / 2;
    const hitsChosen = x + half > chosenX - 0.5 * em && x - half < chosenX + 1.4 * em;
    if (x - half < free || hitsChosen) continue;
    sketch.text(x, box.y - 0.35 * em, label, { anchor: 'middle', size: 0.92 * em, color: muted });
    free = x + half + 0.35 * em;
  }
}

function legendOf(
  sketch: Sketch,
  periodogram: Periodogram | null,
  { chosen, aliases, color }: Content,
): LegendEntry[] {
  const { em } = sketch;
  const entries: LegendEntry[] = [];
  if (periodogram) {
    const method = periodogram.method === 'bls' ? 'box least squares' : 'folding search';
    entries.push({
      text: `best SNR (${method})`,
      draw: (x, y) =>
        sketch.line([x - 0.65 * em, y, x + 0.65 * em, y], {
          stroke: LINE,
          strokeWidth: 0.1 * em,
        }),
    });
  }
  if (chosen) {
    entries.push({
      text: chosen.label,
      draw: (x, y) => {
        const band = { x: x - 0.3 * em, y: y - 0.5 * em, width: 0.6 * em, height: em };
        sketch.rectangle(band, { fill: BAND });
        sketch.polygon(arrow(x, y + 0.35 * em, em), { fill: color });
      },
    });
  }
  if (aliases.length > 0) {
    entries.push({
      text: 'alias',
      draw: (x, y) =>
        sketch.line([x, y - 0.45 * em, x, y + 0.45 * em], {
          stroke: muted,
          strokeWidth: 0.08 * em,
          dash: [0.35 * em, 0.2 * em],
        }),
    });
  }
  return entries;
}

/** Trial periods that can lie on a logarithmic axis. */
function finite(periodogram: Periodogram | null): {
  readonly periodDays: Float64Array;
  readonly snr: Float64Array;
} {
  if (!periodogram) return { periodDays: new Float64Array(), snr: new Float64Array() };
  const { periodDays, snr } = periodogram;
  const isUsable = (i: number): boolean =>
    periodDays[i] > 0 && Number.isFinite(periodDays[i]) && Number.isFinite(snr[i]);
  let unusable = 0;
  for (let i = 0; i < snr.length; i++) if (!isUsable(i)) unusable++;
  if (unusable === 0) return periodogram;
  const keep = (_: number, i: number): boolean => isUsable(i);
  return { periodDays: periodDays.filter(keep), snr: snr.filter(keep) };
}
