/**
 * Whether something as strong as a transit, up or down, stands close to it: a lone transit is the
 * strongest thing far and wide, one of many wiggles is not (Chases of the Kepler DR25 Robovetter:
 * Thompson et al. 2018, appendix A).
 */
import { median, lowerBound } from '../robust.js';
import type { VettingTest } from '../types.js';
import type { VettingContext } from './context.js';
import { THRESHOLDS } from './thresholds.js';
import { notComputable, SINGLE_EVENT, verdictOf } from './verdict.js';

/**
 * Weaker transits have rivals by chance: of 80 boxes of white noise one is beyond 0.6 x 6 sigma in
 * one transit of 40. Many transits need none of this.
 */
const FEWEST_SIGMA = 6;
const MOST_EVENTS = 5;
/** A rival has this part of the transit's own strength. */
const RIVAL_SHARE = 0.6;
/** Nearer than this, in durations, the sides of a box would hold the transit itself. */
const OWN_DURATIONS = 2.25;
/** How far it looks, in periods and at most in durations. */
const REACH_PERIODS = 0.1;
const REACH_DURATIONS = 20;
const STEPS_PER_DURATION = 4;

export function chases({
  points,
  events,
  periodDays,
  t0Days,
  durationDays,
}: VettingContext): VettingTest {
  const test = 'chases';
  const threshold = THRESHOLDS.chases;
  if (!events) return notComputable(test, threshold, SINGLE_EVENT);
  const count = events.epoch.length;
  if (count > MOST_EVENTS || count === 0) {
    return notComputable(
      test,
      threshold,
      `Asked of at most ${MOST_EVENTS} transits; ${count} have data.`,
    );
  }
  const strengthAt = eventStrength(points, durationDays);
  const reach = Math.min(REACH_PERIODS * periodDays, REACH_DURATIONS * durationDays);
  const steps = Math.floor((STEPS_PER_DURATION * reach) / durationDays);
  const first = Math.ceil(STEPS_PER_DURATION * OWN_DURATIONS);
  const distances: number[] = [];
  for (let i = 0; i < count; i++) {
    const middle = t0Days + events.epoch[i] * periodDays;
    const own = strengthAt(middle);
    if (!(own > FEWEST_SIGMA)) continue;
    let nearest = steps + 1;
    for (let step = first; step <= steps && nearest > steps; step++) {
      const away = (step * durationDays) / STEPS_PER_DURATION;
      for (const time of [middle - away, middle + away]) {
        if (Math.abs(strengthAt(time)) > RIVAL_SHARE * own) nearest = step;
      }
    }
    distances.push(Math.min(1, nearest / (steps + 1)));
  }
  if (distances.length === 0 || steps <= first) {
    return notComputable(
      test,
      threshold,
      `No transit has ${FEWEST_SIGMA} sigma by itself and room beside it to look for rivals.`,
    );
  }
  const value = median(distances);
  const isFail = value < threshold;
  const days = value * reach;
  const numbers = `the nearest event as strong, up or down, is ${value < 1 ? '' : 'at least '}${days.toPrecision(2)} d from the transits (median of ${distances.length})`;
  return {
    test,
    value,
    threshold,
    verdict: verdictOf(isFail, false),
    message: isFail
      ? `One wiggle among many: ${numbers}.`
      : `The transits stand alone: ${numbers}.`,
  };
}

/** Depth of a box against its two sides over its error, at any time; 0 where data are missing. */
function eventStrength({ timeDays, dip, weight }: VettingContext['points'], durationDays: number) {
  const n = timeDays.length;
  const sums = new Float64Array(n + 1);
  const weights = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    sums[i + 1] = sums[i] + weight[i] * dip[i];
    weights[i + 1] = weights[i] + weight[i];
  }
  const box = (fromDays: number) => {
    const from = lowerBound(timeDays, fromDays);
    const to = lowerBound(timeDays, fromDays + durationDays);
    const total = weights[to] - weights[from];
    return { mean: (sums[to] - sums[from]) / total, variance: 1 / total };
  };
  return (middle: number): number => {
    const inside = box(middle - durationDays / 2);
    const before = box(middle - 1.75 * durationDays);
    const after = box(middle + 0.75 * durationDays);
    const error = Math.sqrt(inside.variance + 0.25 * (before.variance + after.variance));
    const depth = inside.mean - 0.5 * (before.mean + after.mean);
    return Number.isFinite(depth) && error > 0 ? depth / error : 0;
  };
}
