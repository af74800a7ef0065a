/**
 * Order statistics that a few wild points cannot move. NaN where there is nothing to count.
 *
 * What is sought is one value in the middle, so nothing is sorted: Floyd & Rivest 1975, Commun. ACM
 * 18, 173 (algorithm 489, SELECT) finds it in O(N). A NaN ranks above everything, as in a sort; -0
 * and 0 are equal.
 */
import { Scratch } from '#kernels';

/** 1 / Φ⁻¹(3/4): turns a median absolute deviation into a Gaussian standard deviation. */
export const GAUSSIAN_PER_MAD = 1.4826022185056018;

/** Median; the mean of the two middle values where their number is even. O(N). */
export function median(values: ArrayLike<number>): number {
  return medianInPlace(Float64Array.from(values));
}

/** The same of values that may be reordered: saves the copy. */
export function medianInPlace(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return NaN;
  const middle = n >> 1;
  const upper = selectInPlace(values, middle);
  if (n % 2) return upper;
  let lower = -Infinity; // the largest of those below
  for (let i = 0; i < middle; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

/**
 * At most `most` of many values, at equal distances, to be reordered: their median is typical of all,
 * with an error of 1.25/√most of the scatter. O(most).
 *
 * @param room for `most` values. @default fresh memory
 */
export function sampleOf(
  values: ArrayLike<number>,
  most: number,
  room = new Float64Array(Math.min(most, values.length)),
): Float64Array {
  const stride = Math.ceil(values.length / most);
  const sample = room.subarray(0, values.length > 0 ? Math.ceil(values.length / stride) : 0);
  for (let k = 0; k < sample.length; k++) sample[k] = values[k * stride];
  return sample;
}

/** Median absolute deviation from the median, as a Gaussian standard deviation. */
export function robustScatter(values: ArrayLike<number>, centre = median(values)): number {
  const deviation = new Float64Array(values.length);
  for (let i = 0; i < deviation.length; i++) deviation[i] = Math.abs(values[i] - centre);
  return GAUSSIAN_PER_MAD * medianInPlace(deviation);
}

/** Deviations beyond so many standard deviations count as wild. */
const CLIP_SIGMAS = 3;
/** Standard deviation of a unit Gaussian that is cut off there: √(1 - 2cφ(c) / (2Φ(c) - 1)), c = 3. */
const SCATTER_WITHIN_CLIP = 0.98658;
/** The limit is the median's at first, and hardly moves after the second time. */
const CLIPS = 2;
/** Values that centre and first limit are taken of: their errors of 2 % cost less than 0.1 %. */
const MOST_RANKED = 4096;

/** For one sample at a time: a search takes hundreds. */
const ranked = new Float64Array(MOST_RANKED);

const typicalOf = (values: ArrayLike<number>) =>
  medianInPlace(sampleOf(values, MOST_RANKED, ranked));

/** Standard error of `clippedScatter` over it, times √N, of Gaussian values (3,000 trials). */
export const CLIPPED_SCATTER_ERROR = 0.76;

/**
 * Standard deviation of the values within three of it, as of a whole Gaussian: what `robustScatter`
 * measures, with two thirds of its error (1.17/√N), at the price that a value of less than three
 * deviations counts in full. Rejection of outliers: Huber & Ronchetti 2009, Robust Statistics, ch. 5.
 * NaN where there is nothing to count. O(N).
 */
export function clippedScatter(values: ArrayLike<number>, centre = typicalOf(values)): number {
  const sample = sampleOf(values, MOST_RANKED, ranked);
  for (let k = 0; k < sample.length; k++) sample[k] = Math.abs(sample[k] - centre);
  let scatter = GAUSSIAN_PER_MAD * medianInPlace(sample);
  for (let clip = 0; clip < CLIPS; clip++) {
    const limit = CLIP_SIGMAS * scatter;
    let [sum, count] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const deviation = values[i] - centre;
      if (!(Math.abs(deviation) <= limit)) continue;
      sum += deviation * deviation;
      count++;
    }
    scatter = Math.sqrt(sum / count) / SCATTER_WITHIN_CLIP;
  }
  return scatter;
}

/**
 * White noise of relative flux, from the differences of neighbours: blind to anything slower than the
 * cadence. 1e-6 for a noiseless curve, to stay > 0. O(N).
 */
export function pointToPointScatter(flux: Float64Array, scratch = new Scratch()): number {
  return scratch.during(() => {
    const steps = scratch.float64(Math.max(0, flux.length - 1));
    for (let i = 0; i < steps.length; i++) steps[i] = flux[i + 1] - flux[i];
    const scatter = clippedScatter(steps, 0) / Math.SQRT2;
    return scatter > 0 ? scatter : 1e-6;
  });
}

/**
 * Standard error of `pointToPointScatter` over it, times √N, in white noise: the first differences'
 * √3/2 (von Neumann et al. 1941, Ann. Math. Stat. 12, 153), and what the clipping adds.
 */
export const POINT_SCATTER_ERROR = 0.92;

/**
 * What of a measured ratio is to be believed where 1 is expected: 1 as far as its error explains the
 * difference, the ratio itself where it does not. The positive-part estimator of James & Stein 1961,
 * Proc. 4th Berkeley Symp. 1, 361, in one dimension.
 */
export function towardsOne(ratio: number, error: number): number {
  const sigmas = (ratio - 1) / error;
  return 1 + (ratio - 1) * Math.max(0, 1 - 1 / (sigmas * sigmas));
}

/**
 * The value of rank `rank`, from 0, of values that may be reordered: afterwards no value before that
 * index is larger and none behind it is smaller. O(N).
 *
 * @throws {RangeError} where there is no such rank.
 */
export function selectInPlace(values: Float64Array, rank: number): number {
  if (!(rank >= 0 && rank < values.length)) {
    throw new RangeError(`rank must be from 0 to ${values.length - 1}, not ${rank}`);
  }
  const finite = moveNaNsBehind(values);
  if (rank < finite) select(values, 0, finite - 1, rank);
  return values[rank];
}

function moveNaNsBehind(values: Float64Array): number {
  let end = values.length;
  for (let i = 0; i < end; i++) {
    while (i < end && Number.isNaN(values[i])) {
      end--;
      values[i] = values[end];
      values[end] = NaN;
    }
  }
  return end;
}

/** Longer stretches are narrowed by a sample first: the constants of the paper. */
const SAMPLED_FROM = 600;

function select(values: Float64Array, left: number, right: number, rank: number): void {
  while (right > left) {
    if (right - left > SAMPLED_FROM) {
      const n = right - left + 1;
      const i = rank - left + 1;
      const z = Math.log(n);
      const s = 0.5 * Math.exp((2 * z) / 3);
      const sd = 0.5 * Math.sqrt((z * s * (n - s)) / n) * Math.sign(i - n / 2);
      const from = Math.max(left, Math.floor(rank - (i * s) / n + sd));
      const to = Math.min(right, Math.floor(rank + ((n - i) * s) / n + sd));
      select(values, from, to, rank);
    }
    const pivot = values[rank];
    let i = left;
    let j = right;
    swap(values, left, rank);
    if (values[right] > pivot) swap(values, right, left);
    while (i < j) {
      swap(values, i, j);
      i++;
      j--;
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
    }
    if (values[left] === pivot) {
      swap(values, left, j);
    } else {
      j++;
      swap(values, j, right);
    }
    if (j <= rank) left = j + 1;
    if (rank <= j) right = j - 1;
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
}

/** First index in [low, high] whose value is not below `value`; `sorted` is increasing there. */
export function lowerBound(
  sorted: ArrayLike<number>,
  value: number,
  low = 0,
  high = sorted.length,
): number {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
