import { EARTH_RADII_PER_SUN, type SensitivityMap } from '#transit';
import type { Box, Figure } from '../charts/figure.js';
import { significant } from '../charts/number-text.js';
import { drawAxes, emptyPanel, titleLine, xAxisHeight, yAxisWidth } from '../charts/panel.js';
import type { Axis } from '../charts/panel.js';
import { model as marked, paper } from '../charts/palette.js';
import { linearScale, logScale, logTicks, type Scale, type Tick } from '../charts/scale.js';
import { onShare, shareColor } from '../charts/share-color.js';
import { Sketch } from '../charts/sketch.js';
import { DEFAULT_FONT_SIZE, DEFAULT_WIDTH, type PlotOptions } from './plot-options.js';

/**
 * Share of injected planets that the search recovered, by period and radius: one cell a bin, its
 * share as colour and as words, and a line where half are found.
 */
export function sensitivityFigure(map: SensitivityMap, options: PlotOptions = {}): Figure {
  const { width = DEFAULT_WIDTH, height = 520, fontSize: em = DEFAULT_FONT_SIZE } = options;
  const sketch = new Sketch(width, height, em);
  const name = `${options.target ? `${options.target}: ` : ''}planets that could have been found`;
  const details = [countText(map), `SNR ≥ ${significant(map.minSnr, 3)}`];
  const title = `${name}. ${details.join(', ')}`;
  const top = (options.bare ? 0.2 * em : titleLine(sketch, name, details)) + 0.4 * em;
  const bottom = height - xAxisHeight(em);
  if (map.injected === 0) {
    const whole = { x: 1.5 * em, y: top, width: width - 3 * em, height: bottom - top };
    emptyPanel(sketch, whole, 'No planet was injected.');
    return sketch.figure(title);
  }

  const { radii, half, label } = inUnits(map);
  const periods = map.periodEdgesDays;
  const yScale = logScale([radii[0], radii[radii.length - 1]], [bottom, top]);
  const yTicks = logTicks(yScale.domain, Math.max(3, Math.floor((bottom - top) / (2.4 * em))));
  const left = yAxisWidth(yTicks.major, em);
  const box: Box = { x: left, y: top, width: width - left - BAR_ROOM * em, height: bottom - top };
  const xScale = logScale([periods[0], periods[periods.length - 1]], [box.x, box.x + box.width]);
  const xTicks = logTicks(xScale.domain, Math.max(3, Math.floor(box.width / (4 * em))));

  const cells = { periods, radii, xScale, yScale };
  drawCells(sketch, map, cells);
  drawHalf(sketch, { periods, half, xScale, yScale, box });
  drawCounts(sketch, map, cells);
  const y: Axis = { scale: yScale, ticks: yTicks.major, label: [label, 'Radius'] };
  const x: Axis = {
    scale: xScale,
    ticks: xTicks.major,
    minor: xTicks.minor,
    label: ['Orbital period (days)'],
  };
  drawAxes(sketch, box, x, y);
  drawBar(sketch, box);
  return sketch.figure(title);
}

/** Paper right of the map, for the bar of colours with its labels. */
const BAR_ROOM = 7.6;

const countText = ({ injected, interrupted }: SensitivityMap): string =>
  `${injected} planets injected${interrupted ? ', then interrupted' : ''}`;

/** Earth radii where the star's radius is known, else per cent of it. */
function inUnits({ radiusRatioEdges, halfRadiusRatio, starRadiusSun }: SensitivityMap) {
  const unit = starRadiusSun === null ? 100 : starRadiusSun * EARTH_RADII_PER_SUN;
  return {
    radii: radiusRatioEdges.map((ratio) => ratio * unit),
    half: halfRadiusRatio.map((ratio) => (ratio === null ? null : ratio * unit)),
    label: starRadiusSun === null ? 'Planet radius (% of the star’s)' : 'Planet radius (R⊕)',
  };
}

interface Cells {
  readonly periods: readonly number[];
  readonly radii: readonly number[];
  readonly xScale: Scale;
  readonly yScale: Scale;
}

/** Each in the colour of its share. A cell without an injection stays white. */
function drawCells(sketch: Sketch, map: SensitivityMap, { periods, radii, ...scales }: Cells) {
  const { em } = sketch;
  const { xScale, yScale } = scales;
  for (const { periodBin, radiusBin, injected, recovered } of map.cells) {
    if (injected === 0) continue;
    const share = recovered / injected;
    const x = xScale.map(periods[periodBin]);
    const y = yScale.map(radii[radiusBin + 1]);
    const box = {
      x,
      y,
      width: xScale.map(periods[periodBin + 1]) - x,
      height: yScale.map(radii[radiusBin]) - y,
    };
    sketch.rectangle(box, { fill: shareColor(share), stroke: paper, strokeWidth: 0.12 * em });
  }
}

/** "3/4" in the corner of each cell, over the line of half wherever that runs. */
function drawCounts(sketch: Sketch, map: SensitivityMap, { periods, radii, ...scales }: Cells) {
  const { em } = sketch;
  for (const { periodBin, radiusBin, injected, recovered } of map.cells) {
    if (injected === 0) continue;
    const x = scales.xScale.map(periods[periodBin]) + 0.45 * em;
    const y = scales.yScale.map(radii[radiusBin + 1]) + 1.15 * em;
    const color = onShare(recovered / injected);
    sketch.text(x, y, `${recovered}/${injected}`, { color });
  }
}

/** A dot at the middle of each period bin in which it is known, neighbours joined. */
function drawHalf(
  sketch: Sketch,
  {
    periods,
    half,
    xScale,
    yScale,
    box,
  }: Pick<Cells, 'periods' | 'xScale' | 'yScale'> & {
    readonly half: readonly (number | null)[];
    readonly box: Box;
  },
): void {
  const { em } = sketch;
  const line = half.flatMap((radius, bin) => [
    xScale.map(Math.sqrt(periods[bin] * periods[bin + 1])),
    radius === null ? NaN : yScale.map(radius),
  ]);
  sketch.line(line, { stroke: paper, strokeWidth: 0.42 * em, clip: box });
  sketch.line(line, { stroke: marked, strokeWidth: 0.2 * em, clip: box });
  sketch.dots(line, 0.9 * em, paper, box);
  sketch.dots(line, 0.66 * em, marked, box);
}

function drawBar(sketch: Sketch, box: Box): void {
  const { em } = sketch;
  const x = box.x + box.width + 1.6 * em;
  const width = 1.1 * em;
  const height = box.height - 2.6 * em;
  const steps = 20;
  for (let i = 0; i < steps; i++) {
    const y = box.y + (height * (steps - 1 - i)) / steps;
    // A little taller, so that no seam shows between two.
    const step = { x, y, width, height: height / steps + (i > 0 ? 0.1 : 0) };
    sketch.rectangle(step, { fill: shareColor((i + 0.5) / steps) });
  }
  const scale = linearScale([0, 1], [box.y + height, box.y]);
  const ticks: Tick[] = [0, 0.5, 1].map((value) => ({ value, label: `${100 * value} %` }));
  for (const { value, label } of ticks) {
    const at = Math.min(Math.max(scale.map(value) + 0.36 * em, box.y + 0.8 * em), box.y + height);
    sketch.text(x + width + 0.4 * em, at, label);
  }
  const middle = box.y + box.height - 0.4 * em;
  sketch.line([x - 0.3 * em, middle, x + 1.4 * em, middle], {
    stroke: marked,
    strokeWidth: 0.2 * em,
  });
  sketch.dots([x + width / 2, middle], 0.66 * em, marked);
  sketch.text(x + 1.9 * em, middle + 0.36 * em, 'half');
}
