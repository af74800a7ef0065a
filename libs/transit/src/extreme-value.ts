/**
 * How improbable a value is as the maximum of noise, from few maxima of noise.
 *
 * Maxima of many values with an exponential tail follow Gumbel's law, F(x) = exp(-exp(-(x - μ)/β))
 * (Coles 2001, "An Introduction to Statistical Modeling of Extreme Values", section 3.1; for
 * periodograms Baluev 2008, MNRAS 385, 1279, and Süveges 2014, MNRAS 440, 2099). The squared SNR of
 * Gaussian noise has such a tail, the SNR itself only in the limit.
 *
 * Of few maxima, μ and β are known badly. The probability of the next maximum is therefore averaged
 * over both, with the prior 1/β: for a location and a scale this makes the answer exactly calibrated
 * for any number of maxima (Severini, Mukerjee & Ghosh 2002, Biometrika 89, 952). With a = e^(μ/β)
 * and S(β) = Σ e^(-x_i/β), a is Gamma(n, S) at given β, so that
 *
 *   p(β) ∝ β^(-n) e^(-Σx_i/β) S(β)^(-n)   and   P(next > x | β) = 1 - (1 + e^(-x/β)/S(β))^(-n),
 *
 * and only β is left to be summed over. n is maxima.
 *
 * Pure: no I/O, no clock, no randomness.
 */

export interface TailProbability {
  /** Probability that the next maximum exceeds the value. */
  readonly probability: number;
  /** 68 % of what the maxima allow lies between these. */
  readonly low: number;
  readonly high: number;
}

/** Steps of ln β, and how far from the estimate by moments: ±ln 50 holds any posterior, n ≥ 3. */
const SCALE_STEPS = 201;
const SCALE_REACH = Math.log(50);
/** π/√6: standard deviation of Gumbel's law in units of β. */
const DEVIATION_PER_SCALE = Math.PI / Math.sqrt(6);
/** Below it the sum's rounding is all there is. */
const LEAST_PROBABILITY = 1e-300;
const BISECTIONS = 40;
/** A scale with less of the posterior cannot move a quantile. */
const LEAST_SHARE = 1e-9;
const QUANTILES = [0.16, 0.84] as const;

/**
 * @param maxima (n,) independent maxima of noise, n ≥ 3, not all equal.
 * @throws {RangeError} where they are fewer, not finite, or all equal.
 */
export function exceedance(maxima: readonly number[], value: number): TailProbability {
  const n = maxima.length;
  if (n < 3 || !maxima.every(Number.isFinite)) {
    throw new RangeError(`maxima must be at least 3 finite numbers, not [${maxima.join(', ')}]`);
  }
  const mean = maxima.reduce((sum, x) => sum + x, 0) / n;
  const variance = maxima.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  if (!(variance > 0)) throw new RangeError(`maxima must differ, not all be ${maxima[0]}`);
  // Relative to the mean: e^(-x/β) of the values themselves could underflow.
  const from = maxima.map((x) => x - mean);
  const scales = posteriorOfScale(from, Math.sqrt(variance) / DEVIATION_PER_SCALE);

  let probability = 0;
  for (const { scale, logSum, share } of scales) {
    // 1 - (1 + q)^(-n), also where q is tiny
    const q = Math.exp(-(value - mean) / scale - logSum);
    probability += share * -Math.expm1(-n * Math.log1p(q));
  }
  const likely = scales.filter(({ share }) => share > LEAST_SHARE);
  const [low, high] = QUANTILES.map((quantile) =>
    quantileOf(quantile, (logProbability) => {
      const hazard = -Math.log1p(-Math.exp(logProbability));
      // P(tail < p) = P(a < hazard · e^(x/β)), a being Gamma(n, S)
      return likely.reduce((sum, { scale, logSum, share }) => {
        const t = Math.exp(Math.min(700, Math.log(hazard) + (value - mean) / scale + logSum));
        return sum + share * gammaBelow(n, t);
      }, 0);
    }),
  );
  return { probability: Math.max(LEAST_PROBABILITY, Math.min(1, probability)), low, high };
}

interface Scale {
  readonly scale: number;
  /** ln Σ e^(-x_i/β). */
  readonly logSum: number;
  /** Posterior weight; all together 1. */
  readonly share: number;
}

/** On a grid that is even in ln β: its element dβ/β is the prior. */
function posteriorOfScale(from: readonly number[], guess: number): Scale[] {
  const n = from.length;
  const grid = Array.from({ length: SCALE_STEPS }, (_, i) => {
    const scale = guess * Math.exp(SCALE_REACH * ((2 * i) / (SCALE_STEPS - 1) - 1));
    const least = from.reduce((low, x) => Math.min(low, x), Infinity);
    const logSum =
      -least / scale + Math.log(from.reduce((sum, x) => sum + Math.exp(-(x - least) / scale), 0));
    // Σx_i = 0 here. One power of β is in the element, one came with dμ = β da/a.
    return { scale, logSum, logShare: -(n - 1) * Math.log(scale) - n * logSum };
  });
  const most = grid.reduce((high, { logShare }) => Math.max(high, logShare), -Infinity);
  const total = grid.reduce((sum, { logShare }) => sum + Math.exp(logShare - most), 0);
  return grid.map(({ scale, logSum, logShare }) => {
    return { scale, logSum, share: Math.exp(logShare - most) / total };
  });
}

/** Probability that of an increasing distribution of ln p lies below `share`. */
function quantileOf(share: number, below: (logProbability: number) => number): number {
  let low = Math.log(LEAST_PROBABILITY);
  let high = -1e-12;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** P(Gamma(n, 1) < t) for whole n: that a Poisson process of mean t has n events or more. */
function gammaBelow(n: number, t: number): number {
  let logTerm = -t;
  for (let k = 1; k <= n; k++) logTerm += Math.log(t / k);
  if (t < n) {
    // From the nth event on the terms fall: the sum keeps its digits however small it is.
    let sum = 0;
    for (let k = n, term = Math.exp(logTerm); term > sum * Number.EPSILON; term *= t / ++k) {
      sum += term;
    }
    return sum;
  }
  let sum = 0;
  for (let k = n; k > 0; k--) {
    logTerm += Math.log(k / t);
    sum += Math.exp(logTerm);
  }
  return Math.max(0, 1 - sum);
}
