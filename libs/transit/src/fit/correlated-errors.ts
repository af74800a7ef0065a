/**
 * What noise that is correlated in time does to the errors of a fit.
 *
 * A least-squares fit weighs the points as if they were independent. Its parameters are linear in the
 * residuals to first order, so that their covariance under any noise V is C (J^T V J) C with the
 * covariance C of independent points: the sandwich (Huber 1967; White 1980, Econometrica 48, 817).
 * Noise that lifts a whole transit window moves neither its depth nor its times; noise as long as an
 * ingress moves what hangs on the ingress. One factor for all parameters (Pont et al. 2006; Winn et
 * al. 2008, ApJ 683, 1076, section 3) is wrong for most of them.
 *
 * V is measured: white noise and an Ornstein–Uhlenbeck process, whose share and timescale are fitted
 * to the correlations of the residuals within the windows.
 *
 * Pure. M is points in order of time, K parameters.
 */

/** Stretches in which points are taken together, per transit. */
const BLOCKS_PER_DURATION = 10;
/** Timescales that are tried, in blocks: a fifth of a transit to three windows. */
const TIMESCALES = [2, 3.5, 6, 10, 18, 32, 56, 100];
/** The correlation counts where it is so many of its errors from none. */
const SIGNIFICANT = 2;

/** Noise of single points: their variance over the stated one, and how it is correlated. */
export interface PointNoise {
  readonly variance: number;
  /** Share of the variance that is correlated, 0 to 1. */
  readonly share: number;
  readonly timescaleDays: number;
}

interface Blocks {
  /** First point of each block, and M at the end. */
  readonly starts: readonly number[];
  /** Where in its window a block lies, in blocks. */
  readonly places: readonly number[];
  /** First block of each window, and their number at the end. */
  readonly windows: readonly number[];
  readonly blockDays: number;
}

/**
 * @param timeDays (M,) increasing
 * @param durationDays of the (shortest) transit; a longer gap begins another window
 */
export function blocksOf(timeDays: Float64Array, durationDays: number): Blocks {
  const blockDays = durationDays / BLOCKS_PER_DURATION;
  const starts: number[] = [];
  const places: number[] = [];
  const windows: number[] = [];
  let windowStart = -Infinity;
  for (let i = 0; i < timeDays.length; i++) {
    const isApart = i === 0 || timeDays[i] - timeDays[i - 1] > durationDays;
    if (isApart) {
      windows.push(starts.length);
      windowStart = timeDays[i];
    }
    const place = Math.floor((timeDays[i] - windowStart) / blockDays);
    if (isApart || place !== places[places.length - 1]) {
      starts.push(i);
      places.push(place);
    }
  }
  windows.push(starts.length);
  starts.push(timeDays.length);
  return { starts, places, windows, blockDays };
}

/**
 * @param residuals (M,) over their stated errors
 * @param parameters how many were fitted to them
 */
export function pointNoise(
  blocks: Blocks,
  residuals: Float64Array,
  parameters: number,
): PointNoise {
  const m = residuals.length;
  let squares = 0;
  for (let i = 0; i < m; i++) squares += residuals[i] * residuals[i];
  const variance = squares / Math.max(1, m - parameters);
  const lags = Math.ceil(3 * TIMESCALES[TIMESCALES.length - 1]);
  const products = new Float64Array(lags + 1);
  const pairs = new Float64Array(lags + 1);
  const { windows } = blocks;
  for (let w = 0; w + 1 < windows.length; w++) {
    addPairs(blocks, windows[w], windows[w + 1], residuals, products, pairs);
  }
  let best = { gain: SIGNIFICANT ** 2, share: 0, timescale: 1 };
  for (const timescale of TIMESCALES) {
    let above = 0;
    let below = 0;
    for (let lag = 0; lag <= lags; lag++) {
      const kept = Math.exp(-lag / timescale);
      above += kept * products[lag];
      below += kept * kept * pairs[lag];
    }
    if (!(below > 0)) continue;
    // Products of independent points have the variance of one, squared.
    const share = Math.min(1, above / below / variance);
    const gain = share > 0 ? share * share * below : 0;
    if (gain > best.gain) best = { gain, share, timescale };
  }
  return { variance, share: best.share, timescaleDays: best.timescale * blocks.blockDays };
}

/** Products of the residuals of two points of a window and their number, by the distance in blocks. */
function addPairs(
  { starts, places }: Blocks,
  first: number,
  end: number,
  residuals: Float64Array,
  products: Float64Array,
  pairs: Float64Array,
): void {
  const sums = new Float64Array(end - first);
  for (let a = first; a < end; a++) {
    let sum = 0;
    let own = 0;
    for (let i = starts[a]; i < starts[a + 1]; i++) {
      sum += residuals[i];
      own += residuals[i] * residuals[i];
    }
    const count = starts[a + 1] - starts[a];
    sums[a - first] = sum;
    products[0] += (sum * sum - own) / 2;
    pairs[0] += (count * (count - 1)) / 2;
    for (let b = first; b < a; b++) {
      const lag = places[a] - places[b];
      if (lag >= products.length) continue;
      products[lag] += sum * sums[b - first];
      pairs[lag] += count * (starts[b + 1] - starts[b]);
    }
  }
}

/**
 * (K * K,) covariance under the measured noise.
 *
 * @param covariance (K * K,) of independent points with the stated errors
 * @param jacobian (K * stride,) of the residuals: the first M of each column are the points', the
 * others what was known beforehand, whose errors are as stated
 */
export function correlatedCovariance(
  covariance: Float64Array,
  jacobian: Float64Array,
  stride: number,
  blocks: Blocks,
  noise: PointNoise,
): Float64Array {
  const n = Math.sqrt(covariance.length);
  const m = blocks.starts[blocks.starts.length - 1];
  const meat = new Float64Array(n * n);
  const { variance, share } = noise;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let white = 0;
      for (let i = 0; i < m; i++) white += jacobian[a * stride + i] * jacobian[b * stride + i];
      let known = 0;
      for (let i = m; i < stride; i++) known += jacobian[a * stride + i] * jacobian[b * stride + i];
      meat[a * n + b] = variance * (1 - share) * white + known;
    }
  }
  if (share > 0) addCorrelated(meat, n, jacobian, stride, blocks, noise);
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) meat[b * n + a] = meat[a * n + b];
  return between(covariance, meat, n);
}

function addCorrelated(
  meat: Float64Array,
  n: number,
  jacobian: Float64Array,
  stride: number,
  { starts, places, windows, blockDays }: Blocks,
  { variance, share, timescaleDays }: PointNoise,
): void {
  const decay = blockDays / timescaleDays;
  const sum = new Float64Array(n);
  const before = new Float64Array(n);
  // With an exponential, what all earlier blocks of the window add is one vector that fades.
  for (let w = 0; w + 1 < windows.length; w++) {
    const [first, end] = [windows[w], windows[w + 1]];
    before.fill(0);
    for (let a = first; a < end; a++) {
      for (let k = 0; k < n; k++) {
        sum[k] = 0;
        for (let i = starts[a]; i < starts[a + 1]; i++) sum[k] += jacobian[k * stride + i];
      }
      const fade = a > first ? Math.exp(-decay * (places[a] - places[a - 1])) : 0;
      for (let k = 0; k < n; k++) before[k] *= fade;
      for (let k = 0; k < n; k++) {
        for (let l = 0; l <= k; l++) {
          const both = sum[k] * sum[l] + sum[k] * before[l] + before[k] * sum[l];
          meat[k * n + l] += variance * share * both;
        }
      }
      for (let k = 0; k < n; k++) before[k] += sum[k];
    }
  }
}

/** C M C; what is NaN in C (parameters that nothing constrains) stays so and counts for nothing. */
function between(covariance: Float64Array, meat: Float64Array, n: number): Float64Array {
  const sandwich = product(product(covariance, meat, n), covariance, n);
  for (let k = 0; k < sandwich.length; k++) if (!Number.isFinite(covariance[k])) sandwich[k] = NaN;
  return sandwich;
}

/** Of (n, n) matrices, in which NaN counts as 0. */
function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (a[i * n + k] || 0) * (b[k * n + j] || 0);
      out[i * n + j] = sum;
    }
  }
  return out;
}

/**
 * The covariance where parameter `index` cannot be below 0, to which its value is near: a normal
 * distribution that ends there is narrower, and what is exchanged for the parameter narrows with it.
 *
 * @param value of the parameter, >= 0
 */
export function truncatedAtZero(
  covariance: Float64Array,
  index: number,
  value: number,
): Float64Array {
  const n = Math.sqrt(covariance.length);
  const own = covariance[index * n + index];
  if (!(own > 0)) return covariance;
  // Variance of the part above 0 over the whole (Johnson, Kotz & Balakrishnan 1994, chapter 13.10).
  const distance = value / Math.sqrt(own);
  const hazard =
    Math.exp(-0.5 * distance * distance) / Math.sqrt(2 * Math.PI) / upToNormal(distance);
  const lost = hazard * (distance + hazard);
  return covariance.map((each, at) => {
    const shared = covariance[Math.floor(at / n) * n + index] * covariance[index * n + (at % n)];
    return each - (lost * shared) / own;
  });
}

/** Normal distribution up to x >= 0, to 1e-7 (Abramowitz & Stegun 1964, 26.2.17). */
function upToNormal(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (series * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
