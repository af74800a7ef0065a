import type { CandidateResult } from '#transit';
import { binMeans } from '../charts/binning.js';
import type { Box, Figure } from '../charts/figure.js';
import {
  drawAxes,
  emptyPanel,
  errorBars,
  titleLine,
  xAxisHeight,
  yAxisWidth,
} from '../charts/panel.js';
import { accent, bin as binColor, ink, model, muted } from '../charts/palette.js';
import { significant } from '../charts/number-text.js';
import { Sketch } from '../charts/sketch.js';
import { textWidth } from '../charts/text-width.js';
import { boxDepth, depthDistance, depthText } from './box-depth.js';
import { candidateTitle, ephemerisOf, fold, windowHours, type Folded } from './ephemeris.js';
import { FLUX_LABELS, fluxAxis } from './flux-axis.js';
import { hoursAxis, phaseRange } from './phase.js';
import { DEFAULT_FONT_SIZE, type PlotOptions } from './plot-options.js';
import { drawPoints } from './points.js';

const MOST_BINS = 31;
const LEAST_BINS = 11;

/** Odd and even transits side by side: a binary of twice the period has two depths. */
export function oddEvenFigure(candidate: CandidateResult, options: PlotOptions = {}): Figure {
  const { width = 720, height = 380, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const ephemeris = ephemerisOf(candidate);
  const half = windowHours(ephemeris, 2.5);
  const { name, details } = candidateTitle(candidate, 'odd and even transits', options.target);
  const title = `${name}. ${details.join(', ')}`;
  let top = options.bare ? 0.2 * em : titleLine(sketch, name, details);
  const bottom = height - xAxisHeight(em);
  const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
  if (ephemeris.periodDays === null) {
    emptyPanel(sketch, whole, 'A single transit has no odd and even ones.');
    return sketch.figure(title);
  }
  const folded = fold(candidate.curve, ephemeris, half);
  const halves = [split(folded, 0), split(folded, 1)];
  if (folded.hours.length === 0) {
    emptyPanel(sketch, whole, 'No points lie near these transits.');
    return sketch.figure(title);
  }
  const depths = halves.map(({ hours, flux }) => boxDepth(hours, flux, ephemeris.durationHours));
  const distance = depthDistance(depths[0], depths[1]);
  const comparison = Number.isFinite(distance)
    ? `depths differ by ${significant(distance, 2)} σ (white noise)`
    : 'only one of the two kinds was observed';
  sketch.text(0.4 * em, top + 0.95 * em, comparison, { color: muted });
  drawKey(sketch, top + 0.95 * em, textWidth(comparison, em) + 1.5 * em);
  top += 1.4 * em;

  const wanted = Math.round(folded.hours.length / 8); // four points to a bin of each half
  const count = Math.min(Math.max(wanted, LEAST_BINS), MOST_BINS);
  const bins = halves.map(({ hours, flux }) => binMeans(hours, flux, -half, half, count));
  const range = phaseRange(folded.flux, bins.flat(), [], ephemeris.depthPpm * 1e-6);
  const tall = { x: 0, y: top + 1.5 * em, width: 1, height: bottom - top - 1.5 * em };
  const left = yAxisWidth(fluxAxis(sketch, tall, range, ['']).axis.ticks, em);
  const each = (width - left - 0.8 * em - 0.8 * em) / 2;
  const kinds = ['odd', 'even'];
  halves.forEach((part, i) => {
    const box: Box = { ...tall, x: left + i * (each + 0.8 * em), width: each };
    const heading = `${kinds[i]}: ${depthText(depths[i])}`;
    const size = textWidth(heading, em, true) > each ? 0.85 * em : em;
    sketch.text(box.x + each / 2, box.y - 0.45 * em, heading, {
      anchor: 'middle',
      bold: true,
      size,
    });
    const xAxis = hoursAxis(half, box, em, 'mid-transit');
    const { scale, axis } = fluxAxis(sketch, box, range, i === 0 ? FLUX_LABELS : []);
    const x = xAxis.scale.mapAll(part.hours);
    drawPoints(sketch, box, x, scale.mapAll(part.flux), xAxis, axis);
    const lines = depths.map(({ depth }) => scale.map(1 - depth));
    const inTransit = ephemeris.durationHours / 2;
    const [from, to] = [xAxis.scale.map(-inTransit), xAxis.scale.map(inTransit)];
    sketch.line([box.x, lines[1 - i], box.x + each, lines[1 - i]], { ...OTHER(em), clip: box });
    const [low, high] = [lines[i], scale.map(1)];
    sketch.line([box.x, high, from, high, from, low, to, low, to, high, box.x + each, high], {
      ...OWN(em),
      clip: box,
    });
    errorBars(sketch, bins[i], xAxis.scale, scale, binColor, box);
    drawAxes(sketch, box, xAxis, axis);
    if (part.hours.length === 0) {
      sketch.text(box.x + each / 2, box.y + box.height / 2, `no ${kinds[i]} transit has data`, {
        anchor: 'middle',
        color: ink,
      });
    }
  });
  return sketch.figure(title);
}

/** What the two lines are, at the right end of the line, where there is room for it. */
function drawKey(sketch: Sketch, baseline: number, from: number): void {
  const { em } = sketch;
  const [own, other] = ['box depth', 'that of the other half'];
  const otherX = sketch.width - 0.8 * em - textWidth(other, em);
  const ownX = otherX - 2.4 * em - textWidth(own, em);
  if (ownX - 1.8 * em < from) return;
  const y = baseline - 0.33 * em;
  sketch.line([ownX - 1.6 * em, y, ownX - 0.3 * em, y], OWN(em));
  sketch.text(ownX, baseline, own);
  sketch.line([otherX - 1.7 * em, y, otherX - 0.3 * em, y], OTHER(em));
  sketch.text(otherX, baseline, other);
}

const OWN = (em: number) => ({ stroke: model, strokeWidth: 0.15 * em });
const OTHER = (em: number) => ({
  stroke: accent,
  strokeWidth: 0.1 * em,
  dash: [0.4 * em, 0.25 * em],
});

/** The first transit counts as odd, as number one. */
function split({ hours, flux, epoch }: Folded, parity: 0 | 1): Pick<Folded, 'hours' | 'flux'> {
  const [ownHours, ownFlux]: [number[], number[]] = [[], []];
  for (let i = 0; i < epoch.length; i++) {
    if (Math.abs(epoch[i]) % 2 !== parity) continue;
    ownHours.push(hours[i]);
    ownFlux.push(flux[i]);
  }
  return { hours: new Float64Array(ownHours), flux: new Float64Array(ownFlux) };
}
