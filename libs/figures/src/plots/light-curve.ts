import { lowerBound, type CandidateResult, type LightCurve, type TargetResult } from '#transit';
import type { Box, Figure } from '../charts/figure.js';
import {
  candidateSymbol,
  drawAxes,
  emptyPanel,
  legend,
  titleLine,
  xAxisHeight,
  yAxisWidth,
  type Axis,
  type LegendEntry,
} from '../charts/panel.js';
import { candidateColor, density, grid, trend } from '../charts/palette.js';
import { counted, significant } from '../charts/number-text.js';
import {
  brokenScale,
  coveredStretches,
  linearTicks,
  niceStep,
  type BrokenScale,
  type Scale,
  type Tick,
} from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth } from '../charts/text-width.js';
import { ephemerisOf, periodText } from './ephemeris.js';
import { curveRange, fluxAxis, markOutside } from './flux-axis.js';
import { DEFAULT_FONT_SIZE, DEFAULT_WIDTH, type PlotOptions } from './plot-options.js';
import { drawPoints } from './points.js';

export interface LightCurveOptions extends PlotOptions {
  /** Rank of the candidate in the title; all are marked in any case. */
  readonly candidate?: number;
  /** Without the raw curve: for small pictures. @default false */
  readonly detrendedOnly?: boolean;
}

/** The whole curve: raw with its trend, detrended below, every candidate's transits between. */
export function lightCurveFigure(result: TargetResult, options: LightCurveOptions = {}): Figure {
  const { width = DEFAULT_WIDTH, height = 520, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sized = { ...options, width, height, fontSize: em };
  if (options.bare) return panelsOf(result, sized, 0.2 * em);
  const sketch = new Sketch(width, height, em);
  const title = titleOf(result, options.candidate);
  const top = titleLine(sketch, title.name, title.details);
  return sketch.figure('', panelsOf(result, sized, top));
}

/** What is below the title is the same for all candidates of a result: drawn once. */
const drawn = new WeakMap<TargetResult, Map<string, Figure>>();

function panelsOf(result: TargetResult, options: Drawing, top: number): Figure {
  const known = drawn.get(result) ?? new Map<string, Figure>();
  drawn.set(result, known);
  const key = JSON.stringify([{ ...options, candidate: undefined, target: undefined }, top]);
  const figure = known.get(key) ?? drawPanels(result, options, top);
  known.set(key, figure);
  return figure;
}

type Drawing = LightCurveOptions & Required<Pick<PlotOptions, 'width' | 'height' | 'fontSize'>>;

function drawPanels(result: TargetResult, options: Drawing, titleEnd: number): Figure {
  const { width, height, fontSize: em } = options;
  const target = { ...result, candidates: result.candidates.slice(0, MOST_ROWS) };
  const sketch = new Sketch(width, height, em);
  const top = legend(sketch, titleEnd, legendOf(sketch, target, options)) + 0.1 * em;

  const bottom = height - xAxisHeight(em);
  const strip =
    target.candidates.length * STRIP_ROW * em + (target.candidates.length > 0 ? 0.8 * em : 0);
  const free = bottom - top - strip - (target.candidates.length > 0 ? 0 : 0.6 * em);
  const rawHeight = options.detrendedOnly ? 0 : free * 0.44;
  const depth = Math.max(0, ...target.candidates.map((c) => ephemerisOf(c).depthPpm || 0)) * 1e-6;

  const boxAt = (left: number, y: number, high: number): Box => ({
    x: left,
    y,
    width: width - left - 0.8 * em,
    height: high,
  });
  const ranges = [
    curveRange(target.raw.flux, depth),
    curveRange(target.detrended.flux, depth),
  ] as const;
  const draft = ranges.map((range, i) =>
    fluxAxis(sketch, boxAt(0, 0, i === 0 ? rawHeight : free - rawHeight), range, ['']),
  );
  const left = Math.max(...draft.map(({ axis }) => yAxisWidth(axis.ticks, em)));
  const detrendedY =
    top + rawHeight + (options.detrendedOnly && strip === 0 ? 0 : strip || 0.6 * em);
  const rawBox = boxAt(left, top, rawHeight);
  const box = boxAt(left, detrendedY, bottom - detrendedY);

  const time = timeAxis(
    target.detrended.timeDays.length > 0 ? target.detrended : target.raw,
    box,
    em,
  );
  if (!options.detrendedOnly) {
    drawRaw(sketch, rawBox, target, ranges[0], time);
  }
  drawCurve(sketch, box, target.detrended, ranges[1], time, [
    'Detrended flux − 1 (UNIT)',
    'Detrended (UNIT)',
    'UNIT',
  ]);
  target.candidates.forEach((candidate, i) => {
    const y = detrendedY - strip + (0.75 + i * STRIP_ROW) * em;
    drawTransits(sketch, box, y, candidate, time);
  });
  return sketch.figure('');
}

const STRIP_ROW = 0.95;

/** Rows of transit marks; later candidates are in no picture of the whole curve. */
const MOST_ROWS = 8;

interface TimeAxis extends Axis {
  readonly scale: BrokenScale;
}

function titleOf(
  target: TargetResult,
  rank?: number,
): { readonly name: string; readonly details: readonly string[] } {
  const candidate = target.candidates.find((each) => each.rank === rank);
  const name = candidate ? `${target.target}, candidate ${candidate.rank}` : target.target;
  const facts = [
    ...(target.mission === 'unknown' ? [] : [target.mission]),
    `${counted(target.points)} points in ${significant(target.baselineDays, 4)} d`,
    `rms ${significant(target.rmsPpm, 3)} ppm`,
  ];
  if (!candidate) return { name: `${name}: light curve`, details: facts };
  const ephemeris = periodText(ephemerisOf(candidate));
  const snr = `SNR ${significant(candidate.signal.snr, 3)}`;
  return { name: `${name}: light curve`, details: [ephemeris, snr, ...facts] };
}

function legendOf(sketch: Sketch, target: TargetResult, options: LightCurveOptions): LegendEntry[] {
  const { em } = sketch;
  const entries: LegendEntry[] = [
    {
      text: 'flux',
      draw: (x, y) => sketch.dots([x - 0.3 * em, y, x + 0.3 * em, y], 0.3 * em, density[3]),
    },
  ];
  if (!options.detrendedOnly && target.detrending.method !== 'none') {
    entries.push({
      text: `trend (${target.detrending.method}, ${significant(target.detrending.windowDays, 3)} d)`,
      draw: (x, y) =>
        sketch.line([x - 0.65 * em, y, x + 0.65 * em, y], {
          stroke: trend,
          strokeWidth: 0.16 * em,
        }),
    });
  }
  for (const candidate of options.bare ? [] : target.candidates) {
    entries.push({
      text: `${candidate.rank}: ${periodText(ephemerisOf(candidate))}`,
      draw: (x, y) => candidateSymbol(sketch, candidate.rank, x, y, 0.75 * em),
    });
  }
  if (
    target.candidates.some(
      (candidate) => candidate.signal.transitsObserved < candidate.signal.transitsExpected,
    )
  ) {
    entries.push({
      text: 'hollow: no data',
      draw: (x, y) => candidateSymbol(sketch, target.candidates[0].rank, x, y, 0.75 * em, true),
    });
  }
  return entries;
}

function timeAxis(curve: LightCurve, box: Box, em: number): TimeAxis {
  const stretches = coveredStretches(curve.timeDays);
  const gap = Math.min(1.3 * em, (box.width * 0.3) / Math.max(stretches.length, 1));
  const scale = brokenScale(stretches, [box.x, box.x + box.width], gap);
  const widest = textWidth(scale.domain[1].toFixed(0), em) + 1.6 * em;
  const days = scale.stretches.reduce((sum, { domain }) => sum + domain[1] - domain[0], 0);
  const step = niceStep(days / Math.max(box.width / widest, 1));
  const ticks: Tick[] = scale.stretches.flatMap(({ domain }) => {
    const inside = linearTicks(domain, 1, step);
    return inside.length > 0 ? inside : linearTicks(domain, 1).slice(0, 1);
  });
  return { scale, ticks, label: timeLabels(curve.timeOffsetDays, scale) };
}

function timeLabels(offsetDays: number, { stretches }: BrokenScale): string[] {
  const cut = stretches.length - 1;
  const breaks = cut > 0 ? ` · ${cut} ${cut === 1 ? 'gap' : 'gaps'} cut out (//)` : '';
  if (!Number.isFinite(offsetDays))
    return [`Time (days, zero point unknown)${breaks}`, 'Time (days)'];
  const zero = offsetDays === 0 ? '' : ` − ${offsetDays}`;
  return [`Time (BJD${zero}, days)${breaks}`, `BJD${zero} (days)`];
}

function drawCurve(
  sketch: Sketch,
  box: Box,
  curve: LightCurve,
  range: readonly [number, number],
  time: Axis,
  labels: readonly string[],
  over?: (x: Float64Array, y: Scale) => void,
): void {
  if (curve.timeDays.length === 0) {
    emptyPanel(sketch, box, 'No points are left in this curve.');
    return;
  }
  const { scale, axis } = fluxAxis(sketch, box, range, labels);
  const x = time.scale.mapAll(curve.timeDays);
  const y = scale.mapAll(curve.flux);
  drawPoints(sketch, box, x, y, time, axis);
  over?.(x, scale);
  drawAxes(sketch, box, time, axis);
  markOutside(sketch, box, x, y);
}

function drawRaw(
  sketch: Sketch,
  box: Box,
  target: TargetResult,
  range: readonly [number, number],
  time: TimeAxis,
): void {
  const { raw, detrended, detrending } = target;
  const labels = ['Raw flux − 1 (UNIT)', 'Raw (UNIT)', 'UNIT'];
  drawCurve(sketch, box, raw, range, { ...time, label: [] }, labels, (rawX, y) => {
    const { method, trend: values } = detrending;
    if (method === 'none') return;
    const x = values.length === rawX.length ? rawX : time.scale.mapAll(detrended.timeDays);
    if (x.length !== values.length) return;
    const lines = trendLines(x, values, y, time.scale.range, box.width * 2);
    sketch.paths(lines, { stroke: trend, strokeWidth: 0.09 * sketch.em, clip: box });
  });
}

/** One mean of the trend per column of paper; broken where a column or more has no point. */
function trendLines(
  x: Float64Array,
  values: Float64Array,
  y: Scale,
  [from, to]: readonly [number, number],
  columns: number,
): number[][] {
  const lines: number[][] = [];
  const columnWidth = (to - from) / columns;
  const gapWidth = Math.max(4 * columnWidth, (3 * (to - from)) / Math.max(x.length, 1));
  let lastX = -Infinity;
  let i = 0;
  while (i < x.length) {
    const column = Math.floor((x[i] - from) / columnWidth);
    let [sumX, sum, count] = [0, 0, 0];
    for (; i < x.length && Math.floor((x[i] - from) / columnWidth) === column; i++) {
      sumX += x[i];
      sum += values[i];
      count++;
    }
    const mean = sumX / count;
    if (mean - lastX > gapWidth) lines.push([]);
    lines[lines.length - 1].push(mean, y.map(sum / count));
    lastX = mean;
  }
  return lines;
}

/** A row of symbols, one per transit; a bar where they would lie on each other. */
function drawTransits(
  sketch: Sketch,
  box: Box,
  y: number,
  candidate: CandidateResult,
  time: TimeAxis,
): void {
  const { em } = sketch;
  const color = candidateColor(candidate.rank);
  const ephemeris = ephemerisOf(candidate);
  const { timeDays } = candidate.curve;
  sketch.text(box.x - 0.35 * em, y + 0.33 * em, String(candidate.rank), {
    anchor: 'end',
    bold: true,
    color,
  });
  const size = 0.7 * em;
  const perDay =
    box.width / time.scale.stretches.reduce((s, { domain }) => s + domain[1] - domain[0], 0);
  if (ephemeris.periodDays !== null && ephemeris.periodDays * perDay < 0.55 * size) {
    for (const { range } of time.scale.stretches) {
      const bar = { x: range[0], y: y - 0.16 * em, width: range[1] - range[0], height: 0.32 * em };
      sketch.rectangle(bar, { fill: color });
    }
    return;
  }
  for (const domain of coveredStretches(timeDays, 0)) {
    for (const at of transitTimes(ephemeris, domain)) {
      const near = nearest(timeDays, at);
      const hollow = !(Math.abs(near - at) * 24 <= ephemeris.durationHours / 2);
      candidateSymbol(sketch, candidate.rank, time.scale.map(at), y, size, hollow);
    }
  }
  sketch.line([box.x, y + 0.47 * em, box.x + box.width, y + 0.47 * em], {
    stroke: grid,
    strokeWidth: 0.05 * em,
  });
}

function transitTimes(
  { t0Days, periodDays }: { readonly t0Days: number; readonly periodDays: number | null },
  [from, to]: readonly [number, number],
): number[] {
  if (!Number.isFinite(t0Days)) return [];
  if (periodDays === null) return t0Days >= from && t0Days <= to ? [t0Days] : [];
  const times: number[] = [];
  for (let k = Math.ceil((from - t0Days) / periodDays); t0Days + k * periodDays <= to; k++) {
    times.push(t0Days + k * periodDays);
  }
  return times;
}

/** NaN of nothing. */
function nearest(increasing: Float64Array, value: number): number {
  const index = lowerBound(increasing, value);
  const after = increasing[index] ?? NaN;
  const before = increasing[index - 1] ?? NaN;
  return Math.abs(value - before) < Math.abs(after - value) || Number.isNaN(after) ? before : after;
}
