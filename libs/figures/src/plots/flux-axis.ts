import { linearScale, linearTicks, type Scale } from '../charts/scale.js';
import type { Axis } from '../charts/panel.js';
import type { Box } from '../charts/figure.js';
import { Quantiles } from '../charts/binning.js';
import { textWidth } from '../charts/text-width.js';
import { ink, muted, paper } from '../charts/palette.js';
import type { Sketch } from '../charts/sketch.js';

/** In which unit the distance of the flux from its level is told. */
export interface FluxUnit {
  readonly factor: number;
  readonly name: 'ppm' | '%';
}

const PPM_UP_TO = 0.02;

export const fluxUnit = (range: readonly [number, number]): FluxUnit =>
  Math.max(Math.abs(range[0] - 1), Math.abs(range[1] - 1)) < PPM_UP_TO
    ? { factor: 1e6, name: 'ppm' }
    : { factor: 100, name: '%' };

/** A scale from relative flux to paper, its axis in `unit` around `level`. */
export function fluxAxis(
  sketch: Sketch,
  box: Box,
  range: readonly [number, number],
  labels: readonly string[],
  level = 1,
): { readonly scale: Scale; readonly axis: Axis } {
  const unit = fluxUnit([range[0] - level + 1, range[1] - level + 1]);
  const inUnit = linearScale(
    [(range[0] - level) * unit.factor, (range[1] - level) * unit.factor],
    [box.y + box.height, box.y],
  );
  const [low, high] = inUnit.domain;
  const scale = linearScale([low / unit.factor + level, high / unit.factor + level], inUnit.range);
  const count = Math.max(2, Math.floor(box.height / (2.6 * sketch.em)));
  const axis: Axis = {
    scale: inUnit,
    ticks: linearTicks(inUnit.domain, count),
    label: labels.map((label) => label.replace('UNIT', unit.name)),
  };
  return { scale, axis };
}

export const FLUX_LABELS = ['Relative flux − 1 (UNIT)', 'Flux − 1 (UNIT)', 'UNIT'];

/**
 * What of a curve to show: everything, unless a few points lie so far out that the rest would be
 * a line. Dips of `depth` always fit.
 */
export function curveRange(flux: Float64Array, depth: number): [number, number] {
  const { count, least, most, middle, sigma, fewBelow, fewAbove } = spreadOf(flux);
  if (count === 0) return [0.999, 1.001];
  const dip = Number.isFinite(depth) ? 1.3 * depth : 0;
  const farDown = Math.max(dip, Math.min(12 * sigma, 2 * (middle - fewBelow)));
  const farUp = Math.min(8 * sigma, 2 * (fewAbove - middle));
  return padded(Math.max(least, middle - farDown), Math.min(most, middle + farUp), 0.05);
}

type Spread = ReturnType<typeof measured>;

/** Of each curve once: it is drawn in several sizes. */
const spreads = new WeakMap<Float64Array, Spread>();

function spreadOf(flux: Float64Array): Spread {
  const known = spreads.get(flux) ?? measured(flux);
  spreads.set(flux, known);
  return known;
}

function measured(flux: Float64Array) {
  const values = new Quantiles(flux);
  const { count, least, most, robustSigma } = values;
  const [fewBelow, middle, fewAbove] = [0.002, 0.5, 0.998].map((q) => values.at(q));
  return { count, least, most, middle, sigma: robustSigma || 1e-6, fewBelow, fewAbove };
}

export function padded(low: number, high: number, fraction: number): [number, number] {
  const margin = high > low ? (high - low) * fraction : 1e-6;
  return [low - margin, high + margin];
}

/** Says how many points the panel does not show, with arrows where they would be. */
export function markOutside(
  sketch: Sketch,
  box: Box,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): void {
  const { em } = sketch;
  const bottom = box.y + box.height;
  const right = box.x + box.width;
  const arrows: number[][] = [];
  const counts = { above: 0, below: 0 };
  for (let i = 0; i < x.length; i++) {
    if (!(y[i] < box.y || y[i] > bottom) || !(x[i] >= box.x && x[i] <= right)) continue;
    const [tip, back] = y[i] < box.y ? [box.y, 1] : [bottom, -1];
    counts[back === 1 ? 'above' : 'below']++;
    const base = tip + back * 0.45 * em;
    if (arrows.length < MOST_ARROWS) {
      arrows.push([x[i], tip, x[i] - 0.22 * em, base, x[i] + 0.22 * em, base]);
    }
  }
  sketch.paths(arrows, { fill: muted }, true);
  const say = (count: number, where: string, baseline: number): void => {
    if (count === 0) return;
    note(
      sketch,
      right - 0.5 * em,
      baseline,
      `${count} ${count === 1 ? 'point' : 'points'} ${where}`,
    );
  };
  say(counts.above, 'above the frame', box.y + 1.45 * em);
  say(counts.below, 'below the frame', bottom - 0.85 * em);
}

const MOST_ARROWS = 150;

/** A small sentence inside a panel, on its own paper, ending at x. */
export function note(sketch: Sketch, x: number, baseline: number, text: string, color = ink): void {
  const size = 0.92 * sketch.em;
  const width = textWidth(text, size);
  const blank = {
    x: x - width - 0.25 * sketch.em,
    y: baseline - 0.95 * size,
    width: width + 0.5 * sketch.em,
    height: 1.25 * size,
  };
  sketch.rectangle(blank, { fill: paper });
  sketch.text(x, baseline, text, { anchor: 'end', size, color });
}
