/**
 * The folded curve seen through a box as long as the transit, at every phase, against the stretches
 * beside it: how deep and how significant a dip is anywhere else on the orbit. The significance is in units of the scatter of the
 * boxes themselves, so that noise which survives the folding counts (the idea of the model-shift test:
 * Coughlin 2017; Thompson et al. 2018, ApJS 235, 38, section A.3.4).
 *
 * Pure: no I/O, no clock, no randomness.
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

/**
 * @param redVariance of the mean of a transit-long stretch; it averages over the cycles only
 * @returns null where the data leave too few boxes to compare. O(N).
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
  const sums = new Float64Array(bins);
  const weights = new Float64Array(bins);
  for (let i = 0; i < points.timeDays.length; i++) {
    const cycles = (points.timeDays[i] - t0Days) / periodDays;
    const bin = Math.min(bins - 1, Math.floor((cycles - Math.floor(cycles)) * bins));
    sums[bin] += points.weight[i] * points.dip[i];
    weights[bin] += points.weight[i];
  }
  const n = points.timeDays.length;
  const cycles = n === 0 ? 1 : 1 + (points.timeDays[n - 1] - points.timeDays[0]) / periodDays;
  const range = (first: number, count: number) => {
    let sum = 0;
    let weight = 0;
    for (let k = 0; k < count; k++) {
      const bin = (first + k + bins) % bins;
      sum += sums[bin];
      weight += weights[bin];
    }
    return { mean: sum / weight, weight };
  };
  const boxes: { phase: number; depth: number; mean: number; error: number }[] = [];
  for (let first = 0; first < bins; first++) {
    const box = range(first, STEPS_PER_DURATION);
    const before = range(first - GAP_STEPS - SIDE_STEPS, SIDE_STEPS);
    const after = range(first + STEPS_PER_DURATION + GAP_STEPS, SIDE_STEPS);
    // Both sides count the same: a slope must not look like a dip.
    const white = 1 / box.weight + 0.25 / before.weight + 0.25 / after.weight;
    boxes.push({
      phase: ((first + STEPS_PER_DURATION / 2) / bins) % 1,
      depth: box.mean - 0.5 * (before.mean + after.mean),
      mean: box.mean,
      error: Math.sqrt(white + (1.5 * redVariance) / cycles),
    });
  }
  const typical = median(boxes.map(({ error }) => error).filter(Number.isFinite));
  const filled = boxes.filter(({ error }) => error < typical / Math.sqrt(LEAST_WEIGHT));
  const clear = (CLEAR_BOXES * STEPS_PER_DURATION) / bins;
  // The sides of a box reach as far again: there the transit itself would be the baseline.
  const shadow = clear + (GAP_STEPS + SIDE_STEPS) / bins;
  const fromTransit = ({ phase }: { phase: number }) => Math.min(phase, 1 - phase);
  const away = filled.filter((box) => fromTransit(box) > shadow);
  if (away.length < FEWEST_BOXES) return null;

  const level = median(away.map(({ mean }) => mean));
  const significant = (box: (typeof boxes)[number]): Dip => ({
    phase: box.phase,
    depth: box.depth,
    belowLevel: box.mean - level,
    significance: box.depth / box.error,
  });
  const deepest = (candidates: readonly Dip[]): Dip =>
    candidates.reduce((best, dip) => (dip.significance > best.significance ? dip : best), NOTHING);
  const dips = away.map(significant);
  const atHalf = deepest(dips.filter(({ phase }) => phase >= 0.25 && phase <= 0.75));
  // A second eclipse is no noise: what it does to its surroundings is left out of the scatter.
  const rest = dips.filter(({ phase }) => !(Math.abs(phase - atHalf.phase) <= shadow));
  const redness = Math.max(
    1,
    rest.length >= FEWEST_BOXES
      ? robustScatter(
          rest.map((dip) => dip.significance),
          0,
        )
      : 1,
  );
  // Beside a dip stand two bumps half as high, and the other way round: the stronger one is real.
  const highest = (some: readonly Dip[]) =>
    deepest(some.map((dip) => ({ ...dip, significance: -dip.significance })));
  const anywhere = highest(dips);
  const bump = anywhere.significance > atHalf.significance ? anywhere : highest(rest);
  const scaled = (dip: Dip): Dip => ({ ...dip, significance: dip.significance / redness });
  return {
    primary: scaled(
      deepest(filled.filter((box) => fromTransit(box) <= clear / 3).map(significant)),
    ),
    secondary: scaled(atHalf),
    tertiary: scaled(deepest(rest)),
    bump: scaled(bump),
    redness,
  };
}
