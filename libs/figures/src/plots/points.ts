import type { Box } from '../charts/figure.js';
import { drawGrid, type Axis } from '../charts/panel.js';
import { density, grid, point } from '../charts/palette.js';
import { densityPalette, densityRaster } from '../charts/raster.js';
import type { Sketch } from '../charts/sketch.js';

/** Above it a panel shows how densely the points lie, not each by itself. */
const MOST_DOTS = 1500;

/**
 * The points of one panel with the grid: dots while they are few, else a density raster, which
 * keeps a lone outlier visible and the file small whatever the number of points.
 *
 * @param x paper coordinates, like y.
 */
export function drawPoints(
  sketch: Sketch,
  box: Box,
  x: Float64Array,
  y: Float64Array,
  xAxis: Axis,
  yAxis: Axis,
): void {
  if (x.length <= MOST_DOTS) {
    drawGrid(sketch, box, xAxis, yAxis);
    const at: number[] = [];
    for (let i = 0; i < x.length; i++) at.push(x[i], y[i]);
    const crowded = x.length > MOST_DOTS / 4;
    sketch.dots(at, (crowded ? 0.17 : 0.24) * sketch.em, crowded ? density[0] : point, box);
    return;
  }
  const raster = densityRaster(x, y, box, sketch.width);
  const { columns, rows, cells } = raster;
  const under = (cell: number): void => {
    if (cells[cell] === 0) cells[cell] = densityPalette.length;
  };
  for (const { value } of xAxis.ticks) {
    const column = Math.floor(((xAxis.scale.map(value) - box.x) / box.width) * columns);
    if (column < 0 || column >= columns) continue;
    for (let row = 0; row < rows; row++) under(row * columns + column);
  }
  for (const { value } of yAxis.ticks) {
    const row = Math.floor(((yAxis.scale.map(value) - box.y) / box.height) * rows);
    if (row < 0 || row >= rows) continue;
    for (let column = 0; column < columns; column++) under(row * columns + column);
  }
  sketch.image(box, raster, [...densityPalette, grid]);
}
