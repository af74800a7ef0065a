/**
 * Candidates of different targets that keep step: the light of a bright or deep eclipsing star reaches
 * the apertures of others, by overlap, reflection or crosstalk, and dims there at the same times.
 *
 * Coughlin et al. 2014, AJ 147, 119: periods at a simple ratio and epochs alike, both closer than chance
 * allows. There the limits are fixed and the distance on the sky helps; here nothing is known of it, so
 * that the chance itself is counted: how many pairs as close one would expect among as many candidates.
 *
 * Pure: no I/O, no clock, no randomness. N is candidates.
 */
import { lowerBound } from '../robust.js';
import type { Action, VettingTest } from '../types.js';

export interface EphemerisCandidate {
  readonly id: string;
  readonly target: string;
  readonly rank: number;
  /** Single events have none and are left out. */
  readonly periodDays: number;
  /** Mid-time of any transit, of all candidates in the same time. */
  readonly t0Bjd: number;
  readonly durationHours: number;
  readonly depthPpm: number;
  /** From the first to the last point of its curve. */
  readonly baselineDays: number;
}

export interface EphemerisMatch {
  readonly id: string;
  /** The deeper one whose ephemeris it has. */
  readonly parentId: string;
  readonly test: VettingTest;
  readonly action: Exclude<Action, 'accept'>;
}

export const EPHEMERIS_MATCH = 'ephemeris_match';

/** Matches by chance that are allowed: one candidate in a thousand is refused for nothing. */
const MOST_BY_CHANCE = 1e-3;
/** Period ratios that are compared: 1 to 5, either way. */
const HIGHEST_RATIO = 5;
const RATIOS = 2 * HIGHEST_RATIO - 1;
/** Width of ln P over which periods are spread: a search from 0.5 to 500 days. */
const LN_PERIODS = Math.log(500 / 0.5);
/** A period that differs by more is another one. */
const WIDEST = 0.01;
/** Less deep than this part of the other: its light, diluted. Deeper: perhaps the same star twice. */
const DILUTED = 0.5;

/** One entry for each candidate that has a deeper one's ephemeris, in the order given. O(N log N + pairs). */
export function matchEphemerides(all: readonly EphemerisCandidate[]): EphemerisMatch[] {
  const candidates = all.filter(({ periodDays }) => periodDays > 0);
  const byPeriod = [...candidates].sort((a, b) => a.periodDays - b.periodDays);
  const periods = Float64Array.from(byPeriod, ({ periodDays }) => periodDays);
  const depths = Float64Array.from(candidates, ({ depthPpm }) => depthPpm).sort();
  const matches: EphemerisMatch[] = [];
  for (const candidate of candidates) {
    let closest: { parent: EphemerisCandidate; chance: number } | null = null;
    const deeper = depths.length - lowerBound(depths, candidate.depthPpm);
    for (let k = -HIGHEST_RATIO; k <= HIGHEST_RATIO; k++) {
      if (k === 0 || k === -1) continue;
      const period = k > 0 ? candidate.periodDays * k : candidate.periodDays / -k;
      for (let i = lowerBound(periods, period * (1 - WIDEST)); i < periods.length; i++) {
        if (periods[i] > period * (1 + WIDEST)) break;
        const parent = byPeriod[i];
        if (!isParent(parent, candidate)) continue;
        const chance = deeper * chanceOf(candidate, parent, Math.abs(k));
        if (chance < MOST_BY_CHANCE && (!closest || chance < closest.chance)) {
          closest = { parent, chance };
        }
      }
    }
    if (closest) matches.push(matchOf(candidate, closest.parent, closest.chance));
  }
  return matches;
}

/** Of two alike in depth the later name is the copy, so that one of them stays. */
function isParent(parent: EphemerisCandidate, candidate: EphemerisCandidate): boolean {
  if (parent.target === candidate.target) return false;
  if (parent.depthPpm !== candidate.depthPpm) return parent.depthPpm > candidate.depthPpm;
  return parent.target < candidate.target;
}

/** Probability that two unrelated ephemerides are as close; 1 where their transits do not coincide. */
function chanceOf(a: EphemerisCandidate, b: EphemerisCandidate, ratio: number): number {
  const short = Math.min(a.periodDays, b.periodDays);
  const long = Math.max(a.periodDays, b.periodDays);
  const periodOff = Math.abs(long / short / ratio - 1);
  const middleOff = middleOffDays(a, b);
  const halfDays = Math.max(a.durationHours, b.durationHours) / 48;
  const driftDays = periodOff * Math.min(a.baselineDays, b.baselineDays);
  if (middleOff + driftDays > halfDays) return 1;
  const periodChance = Math.min(1, (2 * periodOff * RATIOS) / LN_PERIODS);
  const product = periodChance * Math.min(1, (2 * middleOff) / short);
  // The product of two uniform numbers is below x with the probability x (1 - ln x) (Fisher 1932).
  return product > 0 ? product * (1 - Math.log(product)) : 0;
}

/** Between a transit of one and the nearest of the other, on the denser ephemeris of the two. */
function middleOffDays(a: EphemerisCandidate, b: EphemerisCandidate): number {
  const short = Math.min(a.periodDays, b.periodDays);
  const cycles = (a.t0Bjd - b.t0Bjd) / short;
  return Math.abs(cycles - Math.round(cycles)) * short;
}

function matchOf(
  candidate: EphemerisCandidate,
  parent: EphemerisCandidate,
  chance: number,
): EphemerisMatch {
  const times = parent.depthPpm / candidate.depthPpm;
  const isDiluted = candidate.depthPpm < DILUTED * parent.depthPpm;
  const numbers = `${parent.periodDays.toFixed(5)} d and ${candidate.periodDays.toFixed(5)} d, mid-times ${(1440 * middleOffDays(candidate, parent)).toFixed(1)} min apart, ${chance.toPrecision(1)} such matches expected by chance`;
  const other = `candidate ${parent.rank} of ${parent.target}`;
  return {
    id: candidate.id,
    parentId: parent.id,
    action: isDiluted ? 'reject' : 'human_review',
    test: {
      test: EPHEMERIS_MATCH,
      value: chance,
      threshold: MOST_BY_CHANCE,
      verdict: 'fail',
      message: isDiluted
        ? `The eclipses of another star: ${other} is ${times.toFixed(1)} times as deep at the same times (${numbers}).`
        : `Two targets share their transits, perhaps one star under two names: ${other} is ${times.toFixed(1)} times as deep (${numbers}).`,
    },
  };
}
