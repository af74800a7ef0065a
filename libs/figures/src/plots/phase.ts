import type { CandidateResult } from '#transit';
import { binMeans, joinBins, Quantiles, type Bin } from '../charts/binning.js';
import type { Box, Figure } from '../charts/figure.js';
import {
  drawAxes,
  drawGrid,
  emptyPanel,
  errorBars,
  legend,
  titleLine,
  xAxisHeight,
  yAxisWidth,
  type Axis,
  type LegendEntry,
} from '../charts/panel.js';
import { bin as binColor, density, model as modelColor, muted } from '../charts/palette.js';
import { linearScale, linearTicks } from '../charts/scale.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth } from '../charts/text-width.js';
import { candidateTitle, ephemerisOf, fold, windowHours } from './ephemeris.js';
import { FLUX_LABELS, fluxAxis, markOutside, note, padded } from './flux-axis.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from './plot-options.js';
import { drawPoints } from './points.js';

export interface PhaseOptions extends PlotOptions {
  /** Without legend and residuals: for small multiples. @default false */
  readonly small?: boolean;
}

const MOST_BINS = 61;

/** All transits on each other: points, bins with errors, the fitted model, what it leaves. */
export function phaseFigure(candidate: CandidateResult, options: PhaseOptions = {}): Figure {
  const { width = 720, height = 520, fontSize: em = DEFAULT_FONT_SIZE, small = false } = options;
  const sketch = new Sketch(width, height, em);
  const ephemeris = ephemerisOf(candidate);
  const half = windowHours(ephemeris);
  const folded = fold(candidate.curve, ephemeris, half);
  const line = modelLine(candidate, half);
  const bins =
    fittedBins(candidate, half, small ? 25 : MOST_BINS) ??
    binMeans(folded.hours, folded.flux, -half, half, 45);
  const { name, details } = candidateTitle(candidate, 'phase fold', options.target);
  const title = `${name}. ${details.join(', ')}`;

  let top = options.bare ? 0.2 * em : titleLine(sketch, name, details);
  const hasResiduals = !small && line !== null && bins.length > 0;
  if (!small) top = legend(sketch, top, legendOf(sketch, line !== null));
  const bottom = height - xAxisHeight(em);
  const high = (bottom - top) * (hasResiduals ? 0.7 : 1);
  if (folded.hours.length === 0 && bins.length === 0) {
    const box = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
    emptyPanel(sketch, box, 'No points lie near this transit.');
    return sketch.figure(title);
  }

  const range = phaseRange(folded.flux, bins, line?.flux ?? [], ephemeris.depthPpm * 1e-6);
  const boxAt = (left: number, y: number, tall: number): Box => ({
    x: left,
    y,
    width: width - left - 0.8 * em,
    height: tall,
  });
  const residuals = line ? bins.map((each) => ({ ...each, y: each.y - line.at(each.x) + 1 })) : [];
  const residualRange = barRange(residuals);
  const residualTop = top + high + 0.5 * em;
  const left = Math.max(
    yAxisWidth(fluxAxis(sketch, boxAt(0, top, high), range, ['']).axis.ticks, em),
    hasResiduals
      ? yAxisWidth(
          fluxAxis(sketch, boxAt(0, residualTop, bottom - residualTop), residualRange, ['']).axis
            .ticks,
          em,
        )
      : 0,
  );
  const box = boxAt(left, top, high);
  const xAxis = hoursAxis(half, box, em, 'mid-transit');
  const { scale, axis } = fluxAxis(sketch, box, range, FLUX_LABELS);
  const x = xAxis.scale.mapAll(folded.hours);
  const y = scale.mapAll(folded.flux);
  drawPoints(sketch, box, x, y, xAxis, axis);
  if (line) {
    const onPaper: number[] = [];
    line.hours.forEach((hours, i) => onPaper.push(xAxis.scale.map(hours), scale.map(line.flux[i])));
    sketch.line(onPaper, { stroke: '#ffffff', strokeWidth: 0.4 * em, clip: box });
    sketch.line(onPaper, { stroke: modelColor, strokeWidth: 0.19 * em, clip: box });
  }
  errorBars(sketch, bins, xAxis.scale, scale, binColor, box, small ? 0.5 : 0.42);
  drawAxes(sketch, box, hasResiduals ? { ...xAxis, label: [] } : xAxis, axis);
  if (!small) markOutside(sketch, box, x, y);
  if (!candidate.fit.success && !small) {
    note(
      sketch,
      box.x + box.width - 0.5 * em,
      box.y + 3 * em,
      'no model: the fit did not converge',
      muted,
    );
  }
  if (hasResiduals) {
    const under = boxAt(left, residualTop, bottom - residualTop);
    const labels = ['Residual (UNIT)', 'O − C (UNIT)', 'O−C (UNIT)', 'UNIT'];
    const rest = fluxAxis(sketch, under, residualRange, labels);
    drawGrid(sketch, under, xAxis, rest.axis);
    const zero = rest.scale.map(1);
    sketch.line([under.x, zero, under.x + under.width, zero], {
      stroke: modelColor,
      strokeWidth: 0.13 * em,
    });
    errorBars(sketch, residuals, xAxis.scale, rest.scale, binColor, under);
    drawAxes(sketch, under, xAxis, rest.axis);
  }
  return sketch.figure(title);
}

/** Hours around a phase, as an axis over the whole width of a box. */
export function hoursAxis(half: number, box: Box, em: number, from: string): Axis {
  const scale = linearScale([-half, half], [box.x, box.x + box.width]);
  const ticks = linearTicks(scale.domain, Math.max(2, Math.floor(box.width / (4 * em)))).filter(
    ({ value, label }) => {
      const half = textWidth(label, em) / 2 - 0.3 * em; // labels of neighbouring panels stay apart
      const at = scale.map(value);
      return at - half >= box.x && at + half <= box.x + box.width;
    },
  );
  return { scale, ticks, label: [`Hours from ${from}`, 'Hours'] };
}

interface ModelLine {
  readonly hours: readonly number[];
  readonly flux: readonly number[];
  /** Linear between the points of the model. */
  readonly at: (hours: number) => number;
}

function modelLine({ fit }: CandidateResult, half: number): ModelLine | null {
  if (!fit.success) return null;
  const order = [...fit.folded.hours.keys()]
    .filter(
      (i) => Number.isFinite(fit.folded.model[i]) && Math.abs(fit.folded.hours[i]) <= half * 1.1,
    )
    .sort((a, b) => fit.folded.hours[a] - fit.folded.hours[b]);
  if (order.length < 2) return null;
  const hours = order.map((i) => fit.folded.hours[i]);
  const flux = order.map((i) => fit.folded.model[i]);
  const at = (value: number): number => {
    let i = 1;
    while (i < hours.length - 1 && hours[i] < value) i++;
    const part = (value - hours[i - 1]) / (hours[i] - hours[i - 1] || 1);
    return flux[i - 1] + Math.min(Math.max(part, 0), 1) * (flux[i] - flux[i - 1]);
  };
  return { hours, flux, at };
}

/** The bins that the fit saw, joined where they are too many to tell apart; null without any. */
function fittedBins({ fit }: CandidateResult, half: number, most: number): Bin[] | null {
  const { hours, flux, fluxError } = fit.folded;
  if (hours.length < 5) return null;
  const order = [...hours.keys()].sort((a, b) => hours[a] - hours[b]);
  const bins = order.map((i) => ({ x: hours[i], y: flux[i], error: fluxError[i], points: 1 }));
  const joined = joinBins(bins, -half, half, most);
  return joined.length > 0 ? joined : null;
}

/** Shows every bin and the model whole; of the points, no more than leaves the dip readable. */
export function phaseRange(
  flux: Float64Array,
  bins: readonly Bin[],
  model: readonly number[],
  depth: number,
): [number, number] {
  const values = new Quantiles(flux);
  const [binLow, binHigh] = barRange(bins, 0);
  let [low, high] = bins.length > 0 ? [binLow, binHigh] : [values.at(0.01), values.at(0.99)];
  for (const value of model) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = Math.max(high - low, depth || 0);
  if (values.count > 0) {
    low = Math.min(low, Math.max(values.at(0.005), low - 1.2 * span));
    high = Math.max(high, Math.min(values.at(0.995), high + 1.2 * span));
  }
  return padded(low, high, 0.07);
}

/** Whole error bars, except of those few bins whose error is far above that of the others. */
export function barRange(bins: readonly Bin[], margin = 0.1): [number, number] {
  const usual = new Quantiles(Float64Array.from(bins, ({ error }) => error)).at(0.5) || 0;
  let [low, high] = [Infinity, -Infinity];
  for (const { y, error } of bins) {
    const bar = Math.min(error > 0 ? error : 0, 3 * usual);
    low = Math.min(low, y - bar);
    high = Math.max(high, y + bar);
  }
  return Number.isFinite(low) ? padded(low, high, margin) : [0.999, 1.001];
}

function legendOf(sketch: Sketch, hasModel: boolean): LegendEntry[] {
  const { em } = sketch;
  const entries: LegendEntry[] = [
    {
      text: 'flux',
      draw: (x, y) => sketch.dots([x - 0.3 * em, y, x + 0.3 * em, y], 0.25 * em, density[1]),
    },
    {
      text: 'bins',
      draw: (x, y) => {
        sketch.line([x, y - 0.45 * em, x, y + 0.45 * em], {
          stroke: binColor,
          strokeWidth: 0.08 * em,
        });
        sketch.dots([x, y], 0.42 * em, binColor);
      },
    },
  ];
  if (hasModel) {
    entries.push({
      text: 'fitted model',
      draw: (x, y) =>
        sketch.line([x - 0.65 * em, y, x + 0.65 * em, y], {
          stroke: modelColor,
          strokeWidth: 0.19 * em,
        }),
    });
  }
  return entries;
}
