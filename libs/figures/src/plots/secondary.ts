import type { CandidateResult } from '#transit';
import { binMeans, type Bin } from '../charts/binning.js';
import type { Box, Figure } from '../charts/figure.js';
import {
  drawAxes,
  drawGrid,
  emptyPanel,
  errorBars,
  titleLine,
  xAxisHeight,
  yAxisWidth,
  type Axis,
} from '../charts/panel.js';
import { accent, bin as binColor, density, muted, wash } from '../charts/palette.js';
import { linearScale, linearTicks, type Scale } from '../charts/scale.js';
import { significant } from '../charts/number-text.js';
import { Sketch } from '../charts/sketch.js';
import { boxDepth, depthText } from './box-depth.js';
import { candidateTitle, ephemerisOf, fold } from './ephemeris.js';
import { fluxAxis } from './flux-axis.js';
import { barRange, hoursAxis, phaseRange } from './phase.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from './plot-options.js';
import { drawPoints } from './points.js';

const MOST_STRIP_BINS = 160;
const ZOOM_BINS = 41;

/** The whole orbit in a strip; below it phase 0.5, where a circular orbit has its eclipse. */
export function secondaryFigure(candidate: CandidateResult, options: PlotOptions = {}): Figure {
  const { width = 720, height = 420, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const ephemeris = ephemerisOf(candidate);
  const { name, details } = candidateTitle(candidate, 'secondary eclipse', options.target);
  const title = `${name}. ${details.join(', ')}`;
  let top = options.bare ? 0.2 * em : titleLine(sketch, name, details);
  const bottom = height - xAxisHeight(em);
  const { periodDays, durationHours } = ephemeris;
  const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
  if (periodDays === null) {
    emptyPanel(sketch, whole, 'A single transit has no known phase 0.5.');
    return sketch.figure(title);
  }
  const { timeDays, flux } = candidate.curve;
  if (timeDays.length === 0) {
    emptyPanel(sketch, whole, 'No points are left in this curve.');
    return sketch.figure(title);
  }
  const half = Math.min(3 * durationHours, periodDays * 6);
  const zoom = fold(candidate.curve, ephemeris, half, 0.5);
  const found = boxDepth(zoom.hours, zoom.flux, durationHours);
  const snr =
    found.error > 0 ? `, ${significant(found.depth / found.error, 2)} σ (white noise)` : '';
  const sentence = Number.isFinite(found.depth)
    ? `depth at phase 0.5: ${depthText(found)}${snr}`
    : 'no data around phase 0.5';
  sketch.text(0.4 * em, top + 0.95 * em, sentence, { color: muted });
  if (height < 18 * em) {
    const words = 'upper panel: orbital phase';
    sketch.text(width - 0.8 * em, top + 0.95 * em, words, { anchor: 'end', color: muted });
  }
  top += 1.6 * em;

  const phases = new Float64Array(timeDays.length);
  for (let i = 0; i < phases.length; i++) {
    const turns = (timeDays[i] - ephemeris.t0Days) / periodDays;
    phases[i] = turns - Math.round(turns - 0.25); // -0.25 ... 0.75
  }
  const stripBins = binMeans(phases, flux, -0.25, 0.75, stripBinCount(durationHours, periodDays));
  const zoomBins = binMeans(zoom.hours, zoom.flux, -half, half, ZOOM_BINS);
  const isLow = height < 18 * em;
  const gap = xAxisHeight(em) + (isLow ? -1.2 : 0.3) * em;
  const stripHeight = (bottom - top - gap) * 0.42;
  const stripRange = barRange(stripBins, 0.08);
  const zoomRange =
    zoomBins.length > 0 ? phaseRange(zoom.flux, zoomBins, [], 0) : ([0.999, 1.001] as const);
  const boxAt = (left: number, y: number, tall: number): Box => ({
    x: left,
    y,
    width: width - left - 0.8 * em,
    height: tall,
  });
  const zoomTop = top + stripHeight + gap;
  const left = Math.max(
    yAxisWidth(fluxAxis(sketch, boxAt(0, top, stripHeight), stripRange, ['']).axis.ticks, em),
    yAxisWidth(
      fluxAxis(sketch, boxAt(0, zoomTop, bottom - zoomTop), zoomRange, ['']).axis.ticks,
      em,
    ),
  );
  drawStrip(
    sketch,
    boxAt(left, top, stripHeight),
    stripBins,
    stripRange,
    half / 24 / periodDays,
    isLow ? [''] : ['Orbital phase (shaded: enlarged below)', 'Orbital phase'],
  );

  const box = boxAt(left, zoomTop, bottom - zoomTop);
  const xAxis = hoursAxis(half, box, em, 'phase 0.5');
  const { scale, axis } = fluxAxis(sketch, box, zoomRange, ['Flux − 1 (UNIT)', 'UNIT']);
  const x = xAxis.scale.mapAll(zoom.hours);
  drawPoints(sketch, box, x, scale.mapAll(zoom.flux), xAxis, axis);
  drawExpected(sketch, box, xAxis.scale, durationHours);
  errorBars(sketch, zoomBins, xAxis.scale, scale, binColor, box);
  drawAxes(sketch, box, xAxis, axis);
  return sketch.figure(title);
}

/** Narrow enough for three bins in a transit, wide enough to be told apart. */
const stripBinCount = (durationHours: number, periodDays: number): number =>
  Math.min(Math.max(Math.round((3 * periodDays * 24) / durationHours), 60), MOST_STRIP_BINS);

function drawStrip(
  sketch: Sketch,
  box: Box,
  bins: readonly Bin[],
  range: readonly [number, number],
  zoomPhase: number,
  label: readonly string[],
): void {
  const { em } = sketch;
  const scale = linearScale([-0.25, 0.75], [box.x, box.x + box.width]);
  const ticks = linearTicks(scale.domain, 5, 0.25);
  const xAxis: Axis = { scale, ticks, label };
  const y = fluxAxis(sketch, box, range, ['Flux − 1 (UNIT)', 'UNIT']);
  const from = scale.map(0.5 - zoomPhase);
  const shade = { x: from, y: box.y, width: scale.map(0.5 + zoomPhase) - from, height: box.height };
  sketch.rectangle(shade, { fill: wash });
  drawGrid(sketch, box, xAxis, y.axis);
  for (const phase of [0.5 - zoomPhase, 0.5 + zoomPhase]) {
    const at = scale.map(phase);
    sketch.line([at, box.y, at, box.y + box.height], {
      stroke: density[0],
      strokeWidth: 0.06 * em,
    });
  }
  errorBars(sketch, bins, scale, y.scale, binColor, box, 0.3);
  drawAxes(sketch, box, xAxis, y.axis);
}

/** Where an eclipse as long as the transit would begin and end. */
function drawExpected(sketch: Sketch, box: Box, x: Scale, durationHours: number): void {
  const { em } = sketch;
  for (const hours of [-durationHours / 2, durationHours / 2]) {
    const at = x.map(hours);
    sketch.line([at, box.y, at, box.y + box.height], {
      stroke: accent,
      strokeWidth: 0.1 * em,
      dash: [0.5 * em, 0.4 * em],
    });
  }
}
