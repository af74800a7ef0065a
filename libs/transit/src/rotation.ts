/**
 * Whether a star's spots carry its rotation into the curve: period and amplitude.
 *
 * McQuillan, Aigrain & Mazeh 2013, MNRAS 432, 1203: the autocorrelation of the curve peaks at the
 * rotation period whatever shape the variation has and however its spots change; the first peak is
 * half of it where spots lie on both sides, and then the second one is higher. The amplitudes of the
 * period and its overtones come from least squares in stretches of two rotations each, between which
 * spots may come and go.
 *
 * It looks at a running median, in which transits of up to a fifth of a day are gone. N is points,
 * M cells of the grid on which lags are whole numbers. Times are in days.
 */
import { median } from './robust.js';
import type { LightCurve } from './types.js';

export interface Rotation {
  readonly periodDays: number;
  /** Semi-amplitude, root of the mean square over the curve, of the period and its overtones. */
  readonly harmonicsPpm: readonly number[];
  /** Height of the peak over the valleys beside it, 0 to 2. */
  readonly peakHeight: number;
}

/** Cells of the two grids: a fine one for fast stars, a coarse one for the others. */
const GRIDS = [
  { cellDays: 0.1, leastDays: 0.6, mostDays: 6 },
  { cellDays: 0.4, leastDays: 6, mostDays: 45 },
] as const;
/** A period that does not fit so often into the time observed is not one. */
const FEWEST_ROTATIONS = 2;
/** Lags go on past the longest period, so that its peak has a valley on either side. */
const PAST_PEAK = 1.6;
/**
 * A peak must be as high as LEAST_HEIGHT, and higher by CHANCE_HEIGHT / √rotations where only few of
 * them are in the curve: noise that is correlated over hours or days has peaks too. Simulated curves
 * with such noise pass in 1 of 50 (a quarter, or a sector) to none (two years); spots reach 1.6.
 */
const LEAST_HEIGHT = 0.25;
const CHANCE_HEIGHT = 1.9;
/** A second peak is the rotation's where it is higher than the first by this factor. */
const HIGHER = 1.1;
/** Spots make no more: contact binaries do. */
const LARGEST_PPM = 100_000;
/**
 * Eclipses and deep transits repeat too, and are not to be detrended away. Of their folded curve less
 * than a quarter is below the middle between top and bottom; of a spotted star's, a third or more.
 * Folded are a few cycles at a time, since a period from lags drifts away over more.
 */
const LEAST_DUTY = 0.25;
const FOLDED_CYCLES = 5;
const PHASE_BINS = 24;
/** A lag counts where this part of the cells has a partner. */
const LEAST_PAIRS = 0.3;
/** An overtone that the median takes away almost wholly is not made up from what is left. */
const LEAST_RESPONSE = 0.3;
const HARMONICS = 3;
/** Length of one least-squares fit, and the part of it that must have points. */
const FIT_ROTATIONS = 2;
const LEAST_COVERED = 0.5;

/**
 * @param level (N,) running median of the curve's flux, each file about 1.
 * @param levelDays window of that median: what it takes off an overtone is put back.
 * @returns null where there is no clear period. O(N + M · lags).
 */
export function measureRotation(
  curve: LightCurve,
  level: Float64Array,
  levelDays: number,
): Rotation | null {
  if (curve.timeDays.length === 0) return null;
  const grids = GRIDS.map(({ cellDays, mostDays }) =>
    withoutSlowChanges(onGrid(curve, level, cellDays), Math.round(mostDays / cellDays)),
  );
  const observedDays = grids[0].filled.reduce((sum, value) => sum + value, 0) * GRIDS[0].cellDays;
  const longestDays = Math.min(GRIDS[GRIDS.length - 1].mostDays, observedDays / FEWEST_ROTATIONS);
  const peaks = GRIDS.map(({ cellDays, mostDays }, g) => {
    const lags = Math.ceil((PAST_PEAK * Math.min(mostDays, longestDays)) / cellDays);
    return peaksOf(autocorrelation(grids[g], lags), cellDays);
  });
  const first = peaks
    .flatMap((each, g) => each.filter(({ periodDays }) => isOfGrid(periodDays, g)))
    .find(
      ({ periodDays, height }) =>
        periodDays <= longestDays &&
        height >= LEAST_HEIGHT + CHANCE_HEIGHT / Math.sqrt(observedDays / periodDays),
    );
  if (!first) return null;
  const chosen = higherOfTwo(peaks, first, longestDays);
  const { periodDays, height } = chosen;
  if (isEclipse(curve, periodDays)) return null;
  const g = GRIDS.findIndex((_, grid) => isOfGrid(periodDays, grid));
  const { cellDays, mostDays } = GRIDS[g];
  const smoothedDays = Math.hypot(levelDays, cellDays);
  const harmonicsPpm = harmonics(grids[g], cellDays, periodDays).map((amplitude, k) => {
    const cycles = (k + 1) / periodDays;
    const response = sinc(smoothedDays * cycles) * (1 - sinc(mostDays * cycles));
    return (1e6 * amplitude) / Math.max(LEAST_RESPONSE, response);
  });
  if (Math.hypot(...harmonicsPpm) > LARGEST_PPM) return null;
  return { periodDays, harmonicsPpm, peakHeight: height };
}

interface Peak {
  readonly periodDays: number;
  readonly height: number;
}

const isOfGrid = (periodDays: number, g: number): boolean =>
  periodDays >= GRIDS[g].leastDays && periodDays < GRIDS[g].mostDays;

/** The peak, or that at twice its period where it is higher, both seen on one grid. */
function higherOfTwo(peaks: readonly (readonly Peak[])[], first: Peak, longestDays: number): Peak {
  if (2 * first.periodDays > longestDays) return first;
  const g = GRIDS.findIndex((_, grid) => isOfGrid(2 * first.periodDays, grid));
  const near = (periodDays: number) =>
    peaks[g]?.find((peak) => Math.abs(peak.periodDays / periodDays - 1) < 0.1);
  const single = near(first.periodDays);
  const double = near(2 * first.periodDays);
  return single && double && double.height > HIGHER * single.height ? double : first;
}

/** Semi-amplitude of all overtones together. */
export function rotationAmplitudePpm(rotation: Rotation): number {
  return Math.hypot(...rotation.harmonicsPpm);
}

/** sin(πx) / πx: what the mean over x periods leaves of an oscillation. */
export function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

interface Grid {
  /** (M,) mean deviation from the file's mean; 0 where there is no point. */
  readonly value: Float64Array;
  /** (M,) 1 where there are points. */
  readonly filled: Float64Array;
}

function onGrid(curve: LightCurve, level: Float64Array, cellDays: number): Grid {
  const { timeDays, segment } = curve;
  const n = timeDays.length;
  const cells = Math.floor((timeDays[n - 1] - timeDays[0]) / cellDays) + 1;
  const value = new Float64Array(cells);
  const filled = new Float64Array(cells);
  const means: { sum: number; count: number }[] = [];
  for (let i = 0; i < n; i++) {
    const mean = (means[segment[i]] ??= { sum: 0, count: 0 });
    mean.sum += level[i];
    mean.count++;
  }
  for (let i = 0; i < n; i++) {
    const cell = Math.floor((timeDays[i] - timeDays[0]) / cellDays);
    const { sum, count } = means[segment[i]];
    value[cell] += level[i] - sum / count;
    filled[cell]++;
  }
  for (let k = 0; k < cells; k++) {
    if (filled[k] === 0) continue;
    value[k] /= filled[k];
    filled[k] = 1;
  }
  return { value, filled };
}

/** The cells less the mean of the `width` cells around: a slow trend would hide a fast star. */
function withoutSlowChanges({ value, filled }: Grid, width: number): Grid {
  const cells = value.length;
  const fast = new Float64Array(cells);
  let [from, to, sum, count] = [0, 0, 0, 0];
  for (let k = 0; k < cells; k++) {
    for (; to < cells && to <= k + width / 2; to++) {
      sum += value[to];
      count += filled[to];
    }
    for (; from < k - width / 2; from++) {
      sum -= value[from];
      count -= filled[from];
    }
    if (filled[k] > 0) fast[k] = value[k] - sum / count;
  }
  return { value: fast, filled };
}

/** (lags,) correlation of the filled cells with those `lag` cells later, 1 at lag 0. */
function autocorrelation({ value, filled }: Grid, lags: number): Float64Array {
  const correlation = new Float64Array(Math.min(lags, value.length));
  let occupied = 0;
  for (let lag = 0; lag < correlation.length; lag++) {
    const pairs = laggedProduct(filled, lag);
    if (lag === 0) occupied = pairs;
    correlation[lag] = pairs > LEAST_PAIRS * occupied ? laggedProduct(value, lag) / pairs : 0;
  }
  const variance = correlation[0] || 1;
  for (let lag = 0; lag < correlation.length; lag++) correlation[lag] /= variance;
  return correlation;
}

function laggedProduct(values: Float64Array, lag: number): number {
  // Four sums side by side: one would wait for each of its additions.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = lag;
  for (; k + 3 < values.length; k += 4) {
    a += values[k] * values[k - lag];
    b += values[k + 1] * values[k + 1 - lag];
    c += values[k + 2] * values[k + 2 - lag];
    d += values[k + 3] * values[k + 3 - lag];
  }
  for (; k < values.length; k++) a += values[k] * values[k - lag];
  return a + b + (c + d);
}

/** Maxima with their height over the mean of the minima to the left and to the right. */
function peaksOf(correlation: Float64Array, cellDays: number): Peak[] {
  const found: Peak[] = [];
  const last = correlation.length - 1;
  let valley = 0;
  for (let k = 1; k < last; k++) {
    if (correlation[k] <= correlation[k - 1] && correlation[k] < correlation[k + 1]) valley = k;
    const isPeak = correlation[k] > correlation[k - 1] && correlation[k] >= correlation[k + 1];
    if (!isPeak || valley === 0) continue;
    let next = k;
    while (next < last && correlation[next + 1] <= correlation[next]) next++;
    const height = correlation[k] - (correlation[valley] + correlation[next]) / 2;
    // Vertex of the parabola through the three.
    const curvature = correlation[k - 1] - 2 * correlation[k] + correlation[k + 1];
    const shift = curvature < 0 ? (correlation[k - 1] - correlation[k + 1]) / (2 * curvature) : 0;
    found.push({ periodDays: (k + shift) * cellDays, height });
  }
  return found;
}

/** Whether most stretches of the curve, folded, stay up and dip shortly. */
function isEclipse({ timeDays, flux }: LightCurve, periodDays: number): boolean {
  const duties: number[] = [];
  for (let from = 0; from < flux.length;) {
    const end = timeDays[from] + FOLDED_CYCLES * periodDays;
    const bins: number[][] = Array.from({ length: PHASE_BINS }, () => []);
    let to = from;
    for (; to < flux.length && timeDays[to] < end; to++) {
      const cycles = (timeDays[to] - timeDays[from]) / periodDays;
      bins[Math.min(PHASE_BINS - 1, Math.floor((cycles % 1) * PHASE_BINS))].push(flux[to]);
    }
    from = to;
    const folded = bins.filter(({ length }) => length > 0).map(median);
    if (folded.length < PHASE_BINS / 2) continue;
    const middle = (Math.max(...folded) + Math.min(...folded)) / 2;
    duties.push(folded.filter((value) => value < middle).length / folded.length);
  }
  return duties.length > 0 && median(duties) < LEAST_DUTY;
}

/** Root mean square, over stretches of the curve, of the amplitude of each overtone. */
function harmonics({ value, filled }: Grid, cellDays: number, periodDays: number): number[] {
  const stretch = Math.max(8, Math.round((FIT_ROTATIONS * periodDays) / cellDays));
  const squares = new Float64Array(HARMONICS);
  let stretches = 0;
  for (let from = 0; from + stretch <= value.length; from += stretch) {
    const cells: number[] = [];
    for (let k = from; k < from + stretch; k++) if (filled[k] > 0) cells.push(k);
    if (cells.length < LEAST_COVERED * stretch) continue;
    const mean = cells.reduce((sum, k) => sum + value[k], 0) / cells.length;
    stretches++;
    for (let h = 0; h < HARMONICS; h++) {
      // Sine and cosine over whole rotations are nearly orthogonal, gaps or not.
      let [sine, cosine] = [0, 0];
      for (const k of cells) {
        const angle = (2 * Math.PI * (h + 1) * k * cellDays) / periodDays;
        sine += (value[k] - mean) * Math.sin(angle);
        cosine += (value[k] - mean) * Math.cos(angle);
      }
      squares[h] += (4 * (sine * sine + cosine * cosine)) / (cells.length * cells.length);
    }
  }
  return Array.from(squares, (sum) => (stretches > 0 ? Math.sqrt(sum / stretches) : 0));
}
