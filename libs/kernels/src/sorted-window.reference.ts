/**
 * The values of a window that slides over a curve, kept in order, with their robust location: the plain
 * twin of what ../assembly/sliding-location.ts does with them, operation by operation.
 *
 * Median and MAD are looked up in the ordered values, not sorted for. Tukey's biweight (Mosteller &
 * Tukey 1977) needs Σ w·d and Σ w with w = (1 - d²/r²)² over the values nearer than r, d being the
 * distance from the location: polynomials of d, so that five power sums of the values about a fixed
 * point give them for every location in a few operations. The sums follow the window value by value;
 * an evaluation costs O(log W) for a window of W values, not O(W).
 *
 * Rounding: a sum keeps what values that have left it rounded off. The values in it are never
 * further than r from the location, and it is added up afresh before as many have come and gone as
 * are in it, or when the location has moved or the MAD has shrunk: what remains is below
 * 1e-9 MAD.
 */

/** Points beyond this many MADs have no weight (Hippke et al. 2019, section 3: c = 5). */
const BIWEIGHT_CUTOFF_MADS = 5;
/**
 * Newton's iteration, which takes two steps where weighted means take eight; the weighted mean where
 * Σ w·d falls by less than this part of Σ w, as it may where the values are in two groups.
 */
const LEAST_SLOPE = 0.25;
/** Newton's iteration ends when the location moves less: what is left is about the square of it. */
const NEWTON_CONVERGED_MADS = 1e-3;
/** That of weighted means; σ of the location itself is ~0.2 MAD. */
const CONVERGED_MADS = 1e-5;
/** A location of the window before that is further from the median may belong to another group of values. */
const NEAR_MEDIAN_MADS = 0.5;
const MOST_ITERATIONS = 30;
/** Sums are made anew when the reach has shrunk to this part, or the location moved by that of it. */
const SMALLEST_REACH = 0.25;
const FARTHEST_CENTRE = 0.5;

export class SortedWindow {
  private values = new Float64Array(256);
  private count = 0;
  /** The values of the power sums: those from `low` up to, not including, `high`. */
  private low = 0;
  private high = 0;
  /** Σ (x - origin)^k for k = 1 ... 5. */
  private readonly sums = new Float64Array(5);
  private origin = 0;
  /** Reach when the sums were made; infinite where they have to be. */
  private summedReach = Infinity;
  private updatesLeft = 0;
  /** Where the search for the MAD began last: it moves little. */
  private leftOfMad = 0;
  /** The last biweight. */
  private location = NaN;

  clear(): void {
    this.count = 0;
    this.low = 0;
    this.high = 0;
    this.sums.fill(0);
    this.summedReach = Infinity;
    this.leftOfMad = 0;
    this.location = NaN;
  }

  insert(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(2 * this.count);
      grown.set(this.values);
      this.values = grown;
    }
    const at = this.rank(value);
    shift(this.values, at, at + 1, this.count - at);
    this.values[at] = value;
    this.count++;
    this.noteInserted(at, value);
  }

  /** @param value one that is in the window. */
  remove(value: number): void {
    const at = this.rank(value);
    shift(this.values, at + 1, at, this.count - at - 1);
    this.count--;
    this.noteRemoved(at, value);
  }

  /** `remove` and `insert` at once, with one shift of what lies between the two. */
  replace(value: number, by: number): void {
    const { values } = this;
    const from = this.rank(value);
    const rank = this.rank(by);
    this.noteRemoved(from, value);
    if (rank > from) {
      shift(values, from + 1, from, rank - from - 1);
      values[rank - 1] = by;
      this.noteInserted(rank - 1, by);
    } else {
      shift(values, rank, rank + 1, from - rank);
      values[rank] = by;
      this.noteInserted(rank, by);
    }
  }

  /** NaN where the window is empty. */
  median(): number {
    const middle = this.count >> 1;
    if (this.count === 0) return NaN;
    if (this.count % 2) return this.values[middle];
    return (this.values[middle - 1] + this.values[middle]) / 2;
  }

  /**
   * Tukey's biweight location: the zero of Σ w·d that is next to the median, with the MAD about the
   * median as scale. The iteration begins where the last window's ended, if that is near the median.
   */
  biweight(): number {
    const { count, sums } = this;
    const median = this.median();
    const mad = this.deviation(median);
    if (!(mad > 0)) return median;
    let centre = Math.abs(this.location - median) < NEAR_MEDIAN_MADS * mad ? this.location : median;
    const reach = BIWEIGHT_CUTOFF_MADS * mad;
    const perReach2 = 1 / (reach * reach);
    if (
      this.updatesLeft <= 0 ||
      !(reach > SMALLEST_REACH * this.summedReach) ||
      Math.abs(centre - this.origin) > FARTHEST_CENTRE * reach
    ) {
      this.sumAfresh(centre, reach);
    }
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      this.cover(centre - reach, centre + reach);
      // Moments about the centre from those about the origin.
      const n = this.high - this.low;
      const s = centre - this.origin;
      const [p1, p2, p3, p4, p5] = [sums[0], sums[1], sums[2], sums[3], sums[4]];
      const m1 = p1 - n * s;
      const m2 = p2 - s * (2 * p1 - n * s);
      const m3 = p3 - s * (3 * p2 - s * (3 * p1 - n * s));
      const m4 = p4 - s * (4 * p3 - s * (6 * p2 - s * (4 * p1 - n * s)));
      const m5 = p5 - s * (5 * p4 - s * (10 * p3 - s * (10 * p2 - s * (5 * p1 - n * s))));
      const sum = m1 - perReach2 * (2 * m3 - perReach2 * m5);
      const weights = n - perReach2 * (2 * m2 - perReach2 * m4);
      const slope = n - perReach2 * (6 * m2 - 5 * perReach2 * m4);
      const isSteep = slope > LEAST_SLOPE * weights;
      const step = sum / (isSteep ? slope : weights);
      centre += step;
      const converged = isSteep ? NEWTON_CONVERGED_MADS : CONVERGED_MADS;
      if (Math.abs(step) < converged * mad || count < 3) break;
    }
    this.location = centre;
    return centre;
  }

  /**
   * Median absolute deviation from the window's median: the deviations to the left and to the right
   * of it are two ordered lists, of whose union the middle is sought, from where it was last.
   */
  private deviation(centre: number): number {
    const { values, count } = this;
    const middle = count >> 1; // values on the left, and the rank of the wanted deviation
    const least = Math.max(0, 2 * middle - count);
    // How many of the smaller deviations lie on the left.
    let left = Math.min(middle, Math.max(least, this.leftOfMad));
    const isLeftSmaller = (k: number) =>
      centre - values[middle - 1 - k] < values[2 * middle - k - 1] - centre;
    while (left < middle && isLeftSmaller(left)) left++;
    while (left > least && !isLeftSmaller(left - 1)) left--;
    this.leftOfMad = left;
    const leftAt = (k: number) =>
      k < 0 ? -Infinity : k < middle ? centre - values[middle - 1 - k] : Infinity;
    const rightAt = (k: number) =>
      k < 0 ? -Infinity : k < count - middle ? values[middle + k] - centre : Infinity;
    const upper = Math.min(leftAt(left), rightAt(middle - left));
    if (count % 2) return upper;
    return (Math.max(leftAt(left - 1), rightAt(middle - left - 1)) + upper) / 2;
  }

  /** Makes the sums those of the values between `from` and `to`, both excluded. */
  private cover(from: number, to: number): void {
    const { values, count } = this;
    while (this.low < this.high && values[this.low] <= from) this.add(values[this.low++], -1);
    while (this.high > this.low && values[this.high - 1] >= to) this.add(values[--this.high], -1);
    while (this.low > 0 && values[this.low - 1] > from) this.add(values[--this.low], 1);
    while (this.high < count && values[this.high] < to) this.add(values[this.high++], 1);
  }

  private add(value: number, sign: 1 | -1): void {
    const { sums } = this;
    const x = value - this.origin;
    const x2 = x * x;
    sums[0] += sign * x;
    sums[1] += sign * x2;
    sums[2] += sign * x2 * x;
    sums[3] += sign * x2 * x2;
    sums[4] += sign * x2 * x2 * x;
    this.updatesLeft--;
  }

  private sumAfresh(centre: number, reach: number): void {
    this.origin = centre;
    this.summedReach = reach;
    this.sums.fill(0);
    this.low = this.high = this.rank(centre);
    this.cover(centre - reach, centre + reach);
    this.updatesLeft = Math.max(64, this.high - this.low);
  }

  /** A value at the rim of the sums stays outside of them, however wild, until `cover` takes it in. */
  private noteInserted(at: number, value: number): void {
    if (at <= this.low) {
      this.low++;
      this.high++;
    } else if (at < this.high) {
      this.high++;
      this.add(value, 1);
    }
  }

  private noteRemoved(at: number, value: number): void {
    if (at < this.low) {
      this.low--;
      this.high--;
    } else if (at < this.high) {
      this.high--;
      this.add(value, -1);
    }
  }

  /** How many values are below `value`. */
  private rank(value: number): number {
    const { values } = this;
    let low = 0;
    // The comparison becomes a number, not a branch: half of such branches would be guessed wrong.
    for (let size = this.count; size > 0;) {
      const half = (size + 1) >> 1;
      low += half * Number(values[low + half - 1] < value);
      size = size - half;
    }
    return low;
  }
}

/** copyWithin for short runs as well: below some 50 values its call costs more than a loop. */
function shift(values: Float64Array, from: number, to: number, length: number): void {
  if (length > 48) {
    values.copyWithin(to, from, from + length);
  } else if (to > from) {
    for (let i = length - 1; i >= 0; i--) values[to + i] = values[from + i];
  } else {
    for (let i = 0; i < length; i++) values[to + i] = values[from + i];
  }
}
