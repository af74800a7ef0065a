/** What is neither noise nor transit, and bends a fit. */
import { median, robustScatter } from '../robust.js';
import { binWidthDays } from './result.js';
import { filterPoints, type TransitPoints } from './fold.js';
import { normalisedResiduals } from './minimise.js';
import type { ShapeContext } from './shape.js';

/** Residuals beyond it are neither noise nor transit. */
export const OUTLIER_SIGMA = 5;
/** In a deep transit a model a little off misses by many sigma; that is no outlier. */
export const OUTLIER_OF_DEPTH = 0.3;
/** Without a model only what is far beyond noise and transit is dropped. */
const WILD_SIGMA = 10;
/** With fewer neighbours in phase a median says nothing. */
const FEWEST_NEIGHBOURS = 5;

/** Drops what lies far from its neighbours in phase, before any model: one such point can bend a fit. */
export function withoutWildPoints(
  points: TransitPoints,
  durationDays: number,
  depth: number,
): TransitPoints {
  const width = binWidthDays(24 * durationDays);
  const bins = new Map<number, number[]>();
  for (let i = 0; i < points.flux.length; i++) {
    const bin = Math.floor(points.fromMidDays[i] / width);
    const members = bins.get(bin);
    if (members) members.push(i);
    else bins.set(bin, [i]);
  }
  const fromNeighbours = new Float64Array(points.flux.length);
  for (const members of bins.values()) {
    if (members.length < FEWEST_NEIGHBOURS) continue;
    const centre = median(members.map((i) => points.flux[i]));
    for (const i of members) fromNeighbours[i] = points.flux[i] - centre;
  }
  const limit = Math.max(WILD_SIGMA * robustScatter(fromNeighbours, 0), depth);
  const near = filterPoints(points, (i) => Math.abs(fromNeighbours[i]) <= limit);
  return withoutWildRises(near, limit + depth);
}

/**
 * The same where bins hold too few, among the next points in phase. These may lie at another part of
 * the transit, and one deep event is not wild: only what rises above any transit is dropped.
 */
function withoutWildRises(points: TransitPoints, limit: number): TransitPoints {
  const order = [...points.flux.keys()].sort(
    (a, b) => points.fromMidDays[a] - points.fromMidDays[b] || a - b,
  );
  const rises = new Float64Array(points.flux.length);
  for (let start = 0; start + FEWEST_NEIGHBOURS <= order.length; start += FEWEST_NEIGHBOURS) {
    const members = order.slice(start, start + FEWEST_NEIGHBOURS);
    const centre = median(members.map((i) => points.flux[i]));
    for (const i of members) rises[i] = points.flux[i] - centre;
  }
  return filterPoints(points, (i) => rises[i] <= limit);
}

/** Drops what the model does not explain. */
export function withoutOutliers(
  points: TransitPoints,
  parameters: Float64Array,
  context: ShapeContext,
  depth: number,
): TransitPoints {
  const normalised = normalisedResiduals(parameters, context, points);
  const limit = OUTLIER_SIGMA * robustScatter(normalised);
  if (!(limit > 0)) return points;
  const centre = median(normalised);
  return filterPoints(points, (i) => {
    const allowed = Math.max(limit, (OUTLIER_OF_DEPTH * depth) / points.fluxError[i]);
    return Math.abs(normalised[i] - centre) <= allowed;
  });
}
