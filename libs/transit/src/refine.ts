/**
 * From a peak of the coarse search to an ephemeris: first everything near the peak is tried on binned
 * points (profile.ts); then duration, epoch and period are polished on the points themselves, at full
 * precision. Refinement decides as much about recall as the coarse search.
 *
 * Times are in days.
 */
import type { Points } from './points.js';
import { scanProfile } from './profile.js';
import { allowedDurations, type RefineLimits } from './refine-limits.js';
import { type Candidate, type Ephemeris, snrAt } from './transit-sums.js';

/** First and last step of the polish: parts of a duration for epoch and period, of it for itself. */
const FIRST_STEP = 1 / 16;
const LAST_STEP = 1 / 128;

/**
 * The best ephemeris near the start: all of its neighbourhood on binned points, then the points
 * themselves. Never worse than the start.
 */
export function refine(points: Points, start: Ephemeris, limits: RefineLimits): Candidate {
  const own = { ...start, snr: snrAt(points, start) };
  const scanned = scanProfile(points, start, limits);
  const found = { ...scanned, snr: snrAt(points, scanned) };
  return polish(points, found.snr > own.snr ? found : own, limits);
}

/**
 * Pattern search (Hooke & Jeeves 1961, J. ACM 8, 212) over epoch, period and duration: each is moved
 * to either side for as long as that gains, then the steps are halved. The period tilts about the
 * middle of the curve, so that it does not move the epoch.
 */
export function polish(points: Points, start: Candidate, limits: RefineLimits): Candidate {
  const { timeDays } = points;
  const middleDays = (timeDays[0] + timeDays[timeDays.length - 1]) / 2;
  const halfSpan = (timeDays[timeDays.length - 1] - timeDays[0]) / 2;
  let best = start;
  const moved = (axis: number, step: number): Ephemeris => {
    const { periodDays, t0Days, durationDays } = best;
    if (axis === 0) return { ...best, t0Days: t0Days + step * durationDays };
    if (axis === 2) return { ...best, durationDays: durationDays * (1 + 2 * step) };
    const cycles = Math.round((middleDays - t0Days) / periodDays);
    const change = (step * durationDays * periodDays) / Math.max(halfSpan, periodDays);
    const longer = periodDays + change;
    return { ...best, periodDays: longer, t0Days: t0Days + cycles * periodDays - cycles * longer };
  };
  const { shortestDays, longestDays } = allowedDurations(limits, start.periodDays);
  const isInside = ({ periodDays, durationDays }: Ephemeris) =>
    periodDays >= limits.minPeriodDays &&
    periodDays <= limits.maxPeriodDays &&
    durationDays >= shortestDays &&
    durationDays <= longestDays;
  for (let step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [step, -step]) {
        const before = best.snr;
        for (;;) {
          const trial = moved(axis, side);
          if (!isInside(trial)) break;
          const snr = snrAt(points, trial);
          if (!(snr > best.snr)) break;
          best = { ...trial, snr };
        }
        if (best.snr > before) break;
      }
    }
  }
  return best;
}
