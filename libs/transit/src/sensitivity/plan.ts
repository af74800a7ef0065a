/**
 * Which planets to hide in a curve to learn what could have been found in it: a grid of periods and
 * radii, how many per cell, and what that costs, all known before anything runs.
 *
 * Both axes are even in the logarithm. Periods are those that were searched. Radii follow from the
 * curve: SNR = depth / scatter · √(points in transit) (Kovács, Zucker & Mazeh 2002, A&A 391, 369)
 * reaches the threshold at k² = SNR · scatter / √points, and the grid goes from well below this at
 * the shortest period to well above it at the longest.
 *
 * Pure. Times are in days.
 */
import { pointToPointScatter } from '../robust.js';
import { circularDurationDays, stellarDensity } from '../period-grid.js';
import type { Prepared } from '../prepare.js';
import { assumeStar, SUN_DENSITY_CGS } from '../star.js';
import { axisRatioFromDensity } from '../transit-model.js';
import type { DetectionParams, SearchGrid } from '../types.js';

export interface SensitivitySize {
  /** Period bins of the map. */
  readonly columns: number;
  /** Radius bins of the map. */
  readonly rows: number;
  /** Injections per cell. */
  readonly layers: number;
}

export interface SensitivityPlan extends SensitivitySize {
  /** (columns + 1,) increasing. */
  readonly periodEdgesDays: readonly number[];
  /** (rows + 1,) increasing; planet radius over star radius. */
  readonly radiusRatioEdges: readonly number[];
  /** Mean density of the star that the orbits are around, g/cm^3. */
  readonly densityCgs: number;
  /** null where the star's radius is not known: the map is then in radius ratios alone. */
  readonly starRadiusSun: number | null;
  /** All injections, in the additions that `SearchGrid.cost` counts. */
  readonly cost: number;
}

/**
 * A point costs so many additions from injection to search: measured as 0.6 µs a point and 0.12 ns an
 * addition, on curves of 18,000 and 69,000 points.
 */
const ADDITIONS_PER_POINT = 5000;
/** The map ends so far below and above the radius at which the threshold is reached in white noise. */
const BELOW_THRESHOLD = 0.5;
const ABOVE_THRESHOLD = 3;
/** A planet that is not a star: two Jupiters around the Sun. */
const LARGEST_RADIUS_RATIO = 0.2;
/** The map spans at least this factor in radius. */
const LEAST_RANGE = 3;
/** No planet lives within two stellar radii: the Roche limit (Rappaport et al. 2013, ApJ 773, L15). */
const LEAST_AXIS_RATIO = 2;

/** How much is spent unasked on a curve in which nothing was found, and how much when asked. */
const SIZES = {
  on_null: { columns: 5, rows: 5, mostLayers: 4, additions: 3e10 },
  always: { columns: 8, rows: 8, mostLayers: 10, additions: 1.2e11 },
} as const;

/** As many layers as the additions allow (3 and 14 seconds of one core), but at least one. */
export function chooseSize(
  mode: 'on_null' | 'always',
  { raw }: Pick<Prepared, 'raw'>,
  grid: SearchGrid,
): SensitivitySize {
  const { columns, rows, mostLayers, additions } = SIZES[mode];
  const perLayer = columns * rows * injectionCost(raw.timeDays.length, grid);
  const layers = Math.min(mostLayers, Math.max(1, Math.floor(additions / perLayer)));
  return { columns, rows, layers };
}

/**
 * @param grid of the search that the curve was, or would be, searched with.
 * @returns null where no orbit that was searched lies outside the star.
 * @throws {RangeError} naming the part of `size` that is not a whole number from 1.
 */
export function planSensitivity(
  { raw, detrended, star }: Prepared,
  grid: SearchGrid,
  params: Pick<DetectionParams, 'minSnr'>,
  size: SensitivitySize,
): SensitivityPlan | null {
  for (const [name, value] of Object.entries(size)) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`${name} must be a whole number from 1, not ${value}`);
    }
  }
  const density = stellarDensity(star).solar;
  const densityCgs = density * SUN_DENSITY_CGS;
  // a/R* grows as P^(2/3).
  const closest = (LEAST_AXIS_RATIO / axisRatioFromDensity(1, densityCgs)) ** 1.5;
  const shortest = Math.max(grid.minPeriodDays, closest);
  const longest = grid.maxPeriodDays;
  if (!(shortest < longest)) return null;

  const points = raw.timeDays.length;
  const threshold = (periodDays: number) => {
    const inTransit = Math.max(
      1,
      (points * circularDurationDays(periodDays, density)) / periodDays,
    );
    const depth = (params.minSnr * pointToPointScatter(detrended.flux)) / Math.sqrt(inTransit);
    return Math.min(LARGEST_RADIUS_RATIO, Math.sqrt(depth));
  };
  const largest = Math.min(LARGEST_RADIUS_RATIO, ABOVE_THRESHOLD * threshold(longest));
  const smallest = Math.min(BELOW_THRESHOLD * threshold(shortest), largest / LEAST_RANGE);
  if (!(smallest > 0)) return null;
  const assumed = assumeStar(star);
  return {
    columns: size.columns,
    rows: size.rows,
    layers: size.layers,
    periodEdgesDays: logEdges(shortest, longest, size.columns),
    radiusRatioEdges: logEdges(smallest, largest, size.rows),
    densityCgs,
    starRadiusSun: assumed.isRadiusKnown ? assumed.radiusSun : null,
    cost: size.columns * size.rows * size.layers * injectionCost(points, grid),
  };
}

const injectionCost = (points: number, grid: SearchGrid) =>
  grid.cost + ADDITIONS_PER_POINT * points;

const logEdges = (from: number, to: number, bins: number) =>
  Array.from({ length: bins + 1 }, (_, i) => from * (to / from) ** (i / bins));
