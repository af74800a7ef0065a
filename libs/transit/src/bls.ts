/**
 * Box least squares (BLS): how well a box-shaped dip explains a light curve, period by period.
 *
 * Kovács, Zucker & Mazeh 2002, A&A 391, 369 (the box and the binned fold); Hartman & Bakos 2016,
 * Astronomy and Computing 17, 1 (inverse-variance weights; the depth's SNR as objective).
 *
 * Pure: no I/O, no clock, no randomness. In the shapes below N is points, P trial periods, D trial
 * durations, B phase bins of one fold. Times are in days.
 */
import type { Points } from './points.js';

export interface BlsOptions {
  /** (P,) trial periods in any order, each longer than every duration. */
  readonly periodsDays: Float64Array;
  /** (D,) trial durations, > 0. A period uses those that `fits` accepts. */
  readonly durationsDays: readonly number[];
  /** Phase bins per shortest duration. @default 5 */
  readonly oversample?: number;
  /** Whether a duration is tried at a period. @default always */
  readonly fits?: (durationDays: number, periodDays: number) => boolean;
  /** Gets the finished fraction, every some thousand periods. */
  readonly report?: (fraction: number) => void;
}

export interface BlsPeriodogram {
  /** (P,) SNR of the best box: depth over its error; 0 where nothing dips. */
  readonly snr: Float64Array;
  /** (P,) its depth, relative to 1. */
  readonly depth: Float64Array;
  /** (P,) its duration. */
  readonly durationDays: Float64Array;
  /** (P,) its first mid-time after the first point. */
  readonly t0Days: Float64Array;
}

const POINTS_PER_REPORT = 5e7;

/**
 * Searches every trial period: phases are binned once, the sums over any box are differences of
 * running sums. O(P · (N + B · D)) time, O(P + B) memory.
 *
 * @throws {RangeError} where a duration is not positive or not shorter than a period.
 */
export function bls(points: Points, options: BlsOptions): BlsPeriodogram {
  const { periodsDays, durationsDays, oversample = 5, fits = () => true } = options;
  const { timeDays, dip, weight } = points;
  const n = timeDays.length;
  let shortest = Infinity;
  let longest = 0;
  for (const duration of durationsDays) {
    if (!(duration > 0)) throw new RangeError(`durationsDays must be > 0, not ${duration}`);
    shortest = Math.min(shortest, duration);
    longest = Math.max(longest, duration);
  }
  for (const period of periodsDays) {
    if (!(period > longest)) {
      throw new RangeError(`periodsDays must exceed ${longest} d, not ${period}`);
    }
  }
  const binWidth = shortest / oversample;
  const widths = durationsDays.map((duration) => Math.round(duration / binWidth));
  let sumDip = 0;
  let sumWeight = 0;
  for (let i = 0; i < n; i++) {
    sumDip += weight[i] * dip[i];
    sumWeight += weight[i];
  }
  const count = periodsDays.length;
  const result = {
    snr: new Float64Array(count),
    depth: new Float64Array(count),
    durationDays: new Float64Array(count),
    t0Days: new Float64Array(count),
  };
  const start = n > 0 ? timeDays[0] : 0;
  const mostBins = Math.ceil(longestOf(periodsDays) / binWidth) + 1;
  const dips = new Float64Array(mostBins);
  const weights = new Float64Array(mostBins);
  const runningDip = new Float64Array(2 * mostBins + 1);
  const runningWeight = new Float64Array(2 * mostBins + 1);
  const perReport = Math.max(1, Math.floor(POINTS_PER_REPORT / (n + 1)));

  for (let p = 0; p < count; p++) {
    if (p % perReport === 0) options.report?.(p / count);
    const period = periodsDays[p];
    const bins = Math.ceil(period / binWidth);
    dips.fill(0, 0, bins);
    weights.fill(0, 0, bins);
    const perPeriod = 1 / period;
    for (let i = 0; i < n; i++) {
      const cycles = (timeDays[i] - start) * perPeriod;
      const bin = Math.min(bins - 1, ((cycles - Math.floor(cycles)) * period) / binWidth) | 0;
      dips[bin] += weight[i] * dip[i];
      weights[bin] += weight[i];
    }
    // Twice around, so that a box may straddle phase 0.
    for (let b = 0; b < 2 * bins; b++) {
      const bin = b < bins ? b : b - bins;
      runningDip[b + 1] = runningDip[b] + dips[bin];
      runningWeight[b + 1] = runningWeight[b] + weights[bin];
    }
    for (let d = 0; d < widths.length; d++) {
      const width = widths[d];
      if (width >= bins || !fits(durationsDays[d], period)) continue;
      for (let b = 0; b < bins; b++) {
        const inWeight = runningWeight[b + width] - runningWeight[b];
        const outWeight = sumWeight - inWeight;
        if (!(inWeight > 0 && outWeight > 0)) continue;
        const inDip = runningDip[b + width] - runningDip[b];
        const depth = inDip / inWeight - (sumDip - inDip) / outWeight;
        if (!(depth > 0)) continue;
        const snr = depth / Math.sqrt(1 / inWeight + 1 / outWeight);
        if (snr <= result.snr[p]) continue;
        result.snr[p] = snr;
        result.depth[p] = depth;
        result.durationDays[p] = durationsDays[d];
        result.t0Days[p] = start + (((b + width / 2) * binWidth) % period);
      }
    }
  }
  return result;
}

function longestOf(values: Float64Array): number {
  let longest = 0;
  for (const value of values) if (value > longest) longest = value;
  return longest;
}
