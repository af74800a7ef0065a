/**
 * Single events: a dip that the data hold once, so that it has an epoch and a depth but no period.
 */
import type { Points } from './points.js';
import type { RefineLimits } from './refine-limits.js';
import { lowerBound, median } from './robust.js';
import { shapeStepsPerDay, TRANSIT_SHAPE } from './template.js';

export interface SingleTransit {
  readonly t0Days: number;
  readonly durationDays: number;
  /** Relative to 1. */
  readonly depth: number;
  /** White-noise variance of the depth. */
  readonly variance: number;
}

const DURATION_FACTORS = [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6];
const PASSES = 4;
/** The dip against the mean of each flank must keep this share of its depth. */
const LEAST_CONTRAST = 0.5;
/** Share of the dip's weight that a flank of the same length must have. */
const LEAST_FLANK = 0.4;
const LEAST_POINTS_IN_DIP = 3;

/** Polishes mid-time and duration of one event. */
export function refineSingle(
  points: Points,
  t0Days: number,
  durationDays: number,
  limits: RefineLimits,
): SingleTransit {
  let best = { t0Days, durationDays, ...depthAt(points, t0Days, durationDays) };
  const snr = (event: SingleTransit) => event.depth / Math.sqrt(event.variance);
  for (let pass = 0; pass < PASSES; pass++) {
    const start = best;
    for (const factor of DURATION_FACTORS) {
      const trial = start.durationDays * factor ** (1 / (pass + 1));
      if (trial < limits.shortestDays || trial > limits.longestDays) continue;
      for (let shift = -6; shift <= 6; shift++) {
        const middle = start.t0Days + (shift * start.durationDays) / (12 * (pass + 1));
        const event = { t0Days: middle, durationDays: trial, ...depthAt(points, middle, trial) };
        if (snr(event) > snr(best)) best = event;
      }
    }
  }
  return best;
}

function depthAt(points: Points, t0Days: number, durationDays: number) {
  const { timeDays, dip, weight } = points;
  const half = durationDays / 2;
  const stepsPerDay = shapeStepsPerDay(durationDays);
  let above = 0;
  let below = 0;
  for (let i = lowerBound(timeDays, t0Days - half); i < timeDays.length; i++) {
    if (timeDays[i] > t0Days + half) break;
    const shape = TRANSIT_SHAPE[(Math.abs(timeDays[i] - t0Days) * stepsPerDay) | 0];
    above += weight[i] * shape * dip[i];
    below += weight[i] * shape * shape;
  }
  return below > 0 ? { depth: above / below, variance: 1 / below } : { depth: 0, variance: 1 };
}

/** Standard error of a median over that of the mean, for Gaussian noise: √(π/2). */
const MEDIAN_ERROR = 1.2533;

/**
 * Whether the event has a bottom and two sides: data before, in and after it, and both sides well
 * above it. Steps and the ramps at the edges of gaps, the commonest impostors, have one side only.
 *
 * @param doubtSigmas an event that is itself faint is only refused where bottom or sides miss what is
 *   asked of them by more than so many of their errors. @default 0
 */
export function isConvincing(points: Points, event: SingleTransit, doubtSigmas = 0): boolean {
  const { t0Days, durationDays, depth } = event;
  const asked = LEAST_CONTRAST * depth;
  const inside = meanDip(points, t0Days - durationDays / 2, t0Days + durationDays / 2);
  if (inside.points < LEAST_POINTS_IN_DIP) return false;
  if (inside.median < asked - (doubtSigmas * MEDIAN_ERROR) / Math.sqrt(inside.weight)) return false;
  return [-1, 1].every((side) => {
    const middle = t0Days + side * durationDays * 1.1;
    const flank = meanDip(points, middle - durationDays / 2, middle + durationDays / 2);
    if (flank.weight < LEAST_FLANK * inside.weight) return false;
    return depth - flank.mean >= asked - doubtSigmas / Math.sqrt(flank.weight);
  });
}

function meanDip({ timeDays, dip, weight }: Points, fromDays: number, toDays: number) {
  const from = lowerBound(timeDays, fromDays);
  let to = from;
  let sum = 0;
  let total = 0;
  for (; to < timeDays.length && timeDays[to] <= toDays; to++) {
    sum += weight[to] * dip[to];
    total += weight[to];
  }
  const mean = total > 0 ? sum / total : 0;
  return { mean, median: median(dip.subarray(from, to)), weight: total, points: to - from };
}
