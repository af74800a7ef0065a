import { selectInPlace } from '#transit';

/** Many points into few: means with errors, extremes, quantiles, what lies on which pixel. */

export interface Bin {
  readonly x: number;
  readonly y: number;
  /** Standard error of the mean, white noise; NaN where no bin has two points. */
  readonly error: number;
  readonly points: number;
}

/**
 * Mean in equal bins over [from, to); empty bins are left out. O(N).
 *
 * x is the mean position of the points, so that a half-filled bin is not shifted. The error comes
 * from the scatter in the bin, or, below eight points, from that within all bins together: two
 * points that happen to agree are no precise bin.
 */
export function binMeans(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  from: number,
  to: number,
  bins: number,
): Bin[] {
  const count = new Uint32Array(bins);
  const sumX = new Float64Array(bins);
  const mean = new Float64Array(bins);
  const squares = new Float64Array(bins);
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] >= from && x[i] < to) || !Number.isFinite(y[i])) continue;
    const b = Math.min(Math.floor(((x[i] - from) / (to - from)) * bins), bins - 1);
    count[b]++;
    sumX[b] += x[i];
    const delta = y[i] - mean[b]; // Welford 1962: no cancellation where flux is 1 and scatter 1e-5
    mean[b] += delta / count[b];
    squares[b] += delta * (y[i] - mean[b]);
  }
  let [allSquares, freedom] = [0, 0];
  for (let b = 0; b < bins; b++) {
    allSquares += squares[b];
    freedom += Math.max(count[b] - 1, 0);
  }
  const result: Bin[] = [];
  for (let b = 0; b < bins; b++) {
    if (count[b] === 0) continue;
    const variance =
      count[b] >= TRUSTED_POINTS
        ? squares[b] / (count[b] - 1)
        : freedom > 0
          ? allSquares / freedom
          : NaN;
    result.push({
      x: sumX[b] / count[b],
      y: mean[b],
      error: Math.sqrt(variance / count[b]),
      points: count[b],
    });
  }
  return result;
}

/** From so many on a bin's own scatter is known to a quarter. */
const TRUSTED_POINTS = 8;

/** Joins neighbouring measured bins by inverse variance until at most `most` of them are left. */
export function joinBins(bins: readonly Bin[], from: number, to: number, most: number): Bin[] {
  const inside = bins.filter((bin) => bin.x >= from && bin.x <= to && Number.isFinite(bin.y));
  if (inside.length <= most) return inside;
  const result: Bin[] = [];
  const group = Math.ceil(inside.length / most);
  for (let i = 0; i < inside.length; i += group) {
    let [weights, x, y, points] = [0, 0, 0, 0];
    for (const bin of inside.slice(i, i + group)) {
      const weight = bin.error > 0 ? 1 / bin.error ** 2 : 1;
      weights += weight;
      x += weight * bin.x;
      y += weight * bin.y;
      points += bin.points;
    }
    const error = inside[i].error > 0 ? 1 / Math.sqrt(weights) : NaN;
    result.push({ x: x / weights, y: y / weights, error, points });
  }
  return result;
}

/**
 * A polyline over at most `columns` columns that keeps every extreme: first, lowest, highest and
 * last point of each, in their order. Short inputs come back as they are.
 *
 * @param edge where the columns end, by the share of them to its left. Default: all as wide.
 */
export function envelope(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  columns: number,
  edge = (share: number): number => x[0] + share * (x[x.length - 1] - x[0]),
): number[] {
  const line: number[] = [];
  const points = x.length;
  if (points <= columns * 4) {
    for (let i = 0; i < points; i++) line.push(x[i], y[i]);
    return line;
  }
  let i = 0;
  for (let column = 0; column < columns && i < points; column++) {
    const end = column === columns - 1 ? Infinity : edge((column + 1) / columns);
    const first = i;
    let [low, high] = [first, first];
    for (; i < points && x[i] < end; i++) {
      if (y[i] < y[low]) low = i;
      if (y[i] > y[high]) high = i;
    }
    if (i === first) continue;
    const [earlier, later] = low < high ? [low, high] : [high, low];
    line.push(x[first], y[first]);
    if (earlier !== first) line.push(x[earlier], y[earlier]);
    if (later !== earlier) line.push(x[later], y[later]);
    if (i - 1 !== later) line.push(x[i - 1], y[i - 1]);
  }
  return line;
}

/** Quantiles of many values of which only a few are asked for: nothing is sorted. */
export class Quantiles {
  private readonly values: Float64Array;
  /** Finite values. */
  readonly count: number;
  readonly least: number;
  readonly most: number;

  constructor(values: Float64Array) {
    const finite = new Float64Array(values.length);
    let count = 0;
    let [least, most] = [Infinity, -Infinity];
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isFinite(value)) continue;
      finite[count++] = value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    this.values = finite.subarray(0, count);
    [this.count, this.least, this.most] = [count, least, most];
  }

  /** Between two of the sorted values the line through them; NaN of nothing. O(N). */
  at(q: number): number {
    if (this.count === 0) return NaN;
    const at = q * (this.count - 1);
    const low = Math.floor(at);
    const lower = selectInPlace(this.values, low);
    if (low + 1 >= this.count) return lower;
    let upper = Infinity; // the least of those behind
    for (let i = low + 1; i < this.count; i++) if (this.values[i] < upper) upper = this.values[i];
    return lower + (at - low) * (upper - lower);
  }

  /** One sigma of a normal distribution with the same interquartile range. */
  get robustSigma(): number {
    return (this.at(0.75) - this.at(0.25)) / GAUSSIAN_QUARTILES;
  }
}

/** Distance of the quartiles of a normal distribution, in sigma. */
const GAUSSIAN_QUARTILES = 1.349;
