/**
 * The folded curve seen through a box as long as the transit, at every phase, against the stretches
 * beside it: how deep and how significant a dip is anywhere else on the orbit. The significance is in
 * units of the scatter of the boxes themselves, so that noise which survives the folding counts (the
 * idea of the model-shift test: Coughlin 2017; Thompson et al. 2018, ApJS 235, 38, section A.3.4).
 *
 * Pure: no I/O, no clock, no randomness. N is points, B bins of the orbit, four to a box.
 */
import type { Points } from '../points.js';
import { median, robustScatter } from '../robust.js';

export interface Dip {
  /** 0 to 1 from mid-transit. */
  readonly phase: number;
  /** Relative flux below the stretches beside it; negative is a bump. */
  readonly depth: number;
  /** Relative flux below the middle level of the orbit: what is left of `depth` is slower than a box. */
  readonly belowLevel: number;
  /** Depth over its uncertainty. */
  readonly significance: number;
}

export interface FoldScan {
  readonly primary: Dip;
  /** Most significant dip between phases 0.25 and 0.75. */
  readonly secondary: Dip;
  /** Most significant dip that is neither of the two; phase NaN where no room is left. */
  readonly tertiary: Dip;
  /** Most significant bump; its significance is positive. */
  readonly bump: Dip;
  /** Scatter of the boxes over what white noise predicts, at least 1. */
  readonly redness: number;
  /** Boxes side by side that the orbit has room for. */
  readonly boxes: number;
  /** Chi squared that the better of a sine at the period and at half of it explains, over the box's. */
  readonly sineShare: number;
}

/** Boxes overlap by three quarters. */
const STEPS_PER_DURATION = 4;
/** A box is compared with the stretches beside it, so that a dip is told from a slow variation. */
const GAP_STEPS = 1;
const SIDE_STEPS = 4;
/** In close binaries the eclipses fill the orbit; a shorter box still sees them. */
const LONGEST_BOX_OF_ORBIT = 0.08;
/** Nearer to the transit than this many boxes its wings and the detrending show. */
const CLEAR_BOXES = 1.5;
const FEWEST_BOXES = 16;
/** A box with less than this part of the typical weight is not looked at. */
const LEAST_WEIGHT = 0.25;
/** Bins are narrow; a long orbit has many of them. */
const MOST_BINS = 1 << 20;
const NOTHING: Dip = { phase: NaN, depth: 0, belowLevel: 0, significance: 0 };

/** (B,) weighted sums of the orbit's bins. */
interface Fold {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
}

/** (B,) the box that begins at each bin; `error` infinite where it holds too little. */
interface Boxes {
  readonly phase: Float64Array;
  readonly depth: Float64Array;
  readonly mean: Float64Array;
  readonly error: Float64Array;
}

/**
 * @param redVariance of the mean of a transit-long stretch; it averages over the cycles only
 * @returns null where the data leave too few boxes to compare. O(N + B log B).
 */
export function scanFold(
  points: Points,
  periodDays: number,
  t0Days: number,
  durationDays: number,
  redVariance: number,
): FoldScan | null {
  const boxDays = Math.min(durationDays, LONGEST_BOX_OF_ORBIT * periodDays);
  const bins = Math.min(MOST_BINS, Math.round((STEPS_PER_DURATION * periodDays) / boxDays));
  const fold = foldBins(points, periodDays, t0Days, bins);
  const n = points.timeDays.length;
  const cycles = n === 0 ? 1 : 1 + (points.timeDays[n - 1] - points.timeDays[0]) / periodDays;
  const boxes = boxesOf(fold, (1.5 * redVariance) / cycles);
  const clear = (CLEAR_BOXES * STEPS_PER_DURATION) / bins;
  // The sides of a box reach as far again: there the transit itself would be the baseline.
  const shadow = clear + (GAP_STEPS + SIDE_STEPS) / bins;
  const near = new Uint8Array(bins);
  const away = new Uint8Array(bins);
  const opposite = new Uint8Array(bins);
  for (let k = 0; k < bins; k++) {
    const phase = boxes.phase[k];
    const distance = Math.min(phase, 1 - phase);
    near[k] = Number(distance <= clear / 3);
    away[k] = Number(distance > shadow && boxes.error[k] < Infinity);
    opposite[k] = away[k] & Number(phase >= 0.25 && phase <= 0.75);
  }
  const levels = chosenOf(boxes.mean, away);
  if (levels.length < FEWEST_BOXES) return null;

  const level = median(levels);
  const atHalf = most(boxes, opposite, level);
  // A second eclipse is no noise: what it does to its surroundings is left out of the scatter.
  const rest = new Uint8Array(bins);
  const strengths = new Float64Array(bins);
  for (let k = 0; k < bins; k++) {
    rest[k] = away[k] & Number(!(Math.abs(boxes.phase[k] - atHalf.phase) <= shadow));
    strengths[k] = boxes.depth[k] / boxes.error[k];
  }
  const counted = chosenOf(strengths, rest);
  const redness = counted.length >= FEWEST_BOXES ? Math.max(1, robustScatter(counted, 0)) : 1;
  // Beside a dip stand two bumps half as high, and the other way round: the stronger one is real.
  const anywhere = most(boxes, away, level, -1);
  const bump =
    anywhere.significance > atHalf.significance ? anywhere : most(boxes, rest, level, -1);
  const scaled = (dip: Dip): Dip => ({ ...dip, significance: dip.significance / redness });
  return {
    primary: scaled(most(boxes, near, level)),
    secondary: scaled(atHalf),
    tertiary: scaled(most(boxes, rest, level)),
    bump: scaled(bump),
    redness,
    boxes: bins / STEPS_PER_DURATION,
    sineShare: sineShare(fold, level),
  };
}

/** The values that are marked, in order, without NaN. */
function chosenOf(values: Float64Array, chosen: Uint8Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (chosen[k] === 1 && !Number.isNaN(values[k])) kept[count++] = values[k];
  }
  return kept.subarray(0, count);
}

/** The most significant of the chosen boxes; with sign -1, of the bumps. */
function most(boxes: Boxes, chosen: Uint8Array, level: number, sign = 1): Dip {
  const { phase, depth, mean, error } = boxes;
  const best = strongestOf(boxes, chosen, sign);
  if (best < 0) return NOTHING;
  return {
    phase: phase[best],
    depth: sign * depth[best],
    belowLevel: mean[best] - level,
    significance: (sign * depth[best]) / error[best],
  };
}

/** @returns -1 where none of the chosen boxes is a dip (or a bump) */
function strongestOf({ depth, error }: Boxes, chosen: Uint8Array, sign: number): number {
  let best = -1;
  let strongest = 0;
  for (let k = 0; k < chosen.length; k++) {
    const strength = (sign * depth[k]) / error[k];
    if (!(strength > strongest) || chosen[k] === 0) continue;
    best = k;
    strongest = strength;
  }
  return best;
}

function foldBins(
  { timeDays, dip, weight }: Points,
  periodDays: number,
  t0Days: number,
  bins: number,
): Fold {
  const sums = new Float64Array(bins);
  const weights = new Float64Array(bins);
  for (let i = 0; i < timeDays.length; i++) {
    const cycles = (timeDays[i] - t0Days) / periodDays;
    const bin = Math.min(bins - 1, Math.floor((cycles - Math.floor(cycles)) * bins));
    sums[bin] += weight[i] * dip[i];
    weights[bin] += weight[i];
  }
  return { sums, weights };
}

function boxesOf({ sums, weights }: Fold, redVariance: number): Boxes {
  const bins = sums.length;
  const boxes = {
    phase: new Float64Array(bins),
    depth: new Float64Array(bins),
    mean: new Float64Array(bins),
    error: new Float64Array(bins),
  };
  const before = -GAP_STEPS - SIDE_STEPS;
  const behind = STEPS_PER_DURATION + GAP_STEPS;
  for (let first = 0; first < bins; first++) {
    const weight = sumAround(weights, first, STEPS_PER_DURATION);
    const weightBefore = sumAround(weights, first + before, SIDE_STEPS);
    const weightBehind = sumAround(weights, first + behind, SIDE_STEPS);
    boxes.mean[first] = sumAround(sums, first, STEPS_PER_DURATION) / weight;
    // Both sides count the same: a slope must not look like a dip.
    const sides =
      sumAround(sums, first + before, SIDE_STEPS) / weightBefore +
      sumAround(sums, first + behind, SIDE_STEPS) / weightBehind;
    const white = 1 / weight + 0.25 / weightBefore + 0.25 / weightBehind;
    boxes.phase[first] = ((first + STEPS_PER_DURATION / 2) / bins) % 1;
    boxes.depth[first] = boxes.mean[first] - 0.5 * sides;
    boxes.error[first] = Math.sqrt(white + redVariance);
  }
  const most = median(boxes.error.filter(Number.isFinite)) / Math.sqrt(LEAST_WEIGHT);
  for (let k = 0; k < bins; k++) if (!(boxes.error[k] < most)) boxes.error[k] = Infinity;
  return boxes;
}

/** Of so many bins of the orbit, which has no end. */
function sumAround(bins: Float64Array, first: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += bins[(first + k + bins.length) % bins.length];
  return sum;
}

/**
 * How much of the folded curve a sine explains, relative to a box at the transit: chi squared against
 * the level, by linear least squares. A narrow dip holds little of any sine; a pulsation, a spot and a
 * contact binary are nearly nothing else.
 */
function sineShare({ sums, weights }: Fold, level: number): number {
  const bins = sums.length;
  const half = STEPS_PER_DURATION / 2;
  let [boxSum, boxWeight] = [0, 0];
  for (let k = -half; k < half; k++) {
    const bin = (k + bins) % bins;
    boxSum += sums[bin] - weights[bin] * level;
    boxWeight += weights[bin];
  }
  const box = boxSum > 0 && boxWeight > 0 ? (boxSum * boxSum) / boxWeight : 0;
  let best = 0;
  for (const frequency of [1, 2]) {
    let [cc, cs, ss, cy, sy] = [0, 0, 0, 0, 0];
    for (let k = 0; k < bins; k++) {
      const angle = (2 * Math.PI * frequency * (k + 0.5)) / bins;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      const dip = sums[k] - weights[k] * level;
      cc += weights[k] * cosine * cosine;
      cs += weights[k] * cosine * sine;
      ss += weights[k] * sine * sine;
      cy += dip * cosine;
      sy += dip * sine;
    }
    const determinant = cc * ss - cs * cs;
    if (!(determinant > 1e-9 * cc * ss)) continue;
    const gain = (cy * cy * ss - 2 * cy * sy * cs + sy * sy * cc) / determinant;
    best = Math.max(best, gain);
  }
  return box > 0 ? best / box : Infinity;
}
