/**
 * Which of the periods that fit a signal is the true one.
 *
 * A dip every P days is also a dip every 2P or 3P, half or a third as often; and where every second
 * dip is deeper, as in eclipsing binaries, a search prefers P/2. Each alias is refined and scored in
 * the same way as the period itself; then three questions decide, in this order: does the alias
 * explain the curve better; do the dips of the two (or three) parities differ; is the difference
 * beyond what the dips' own scatter makes.
 *
 * An alias a/b of period P has the epochs T0 + j·P/b, j = 0 ... a - 1.
 */
import { repetition } from './consistency.js';
import type { Points } from './points.js';
import { refine } from './refine.js';
import type { RefineLimits } from './refine-limits.js';
import { median, robustScatter } from './robust.js';
import { type Candidate, snrOf, transitSums } from './transit-sums.js';
import type { AliasEvidence } from './types.js';

const RATIOS = [
  { ratio: 1 / 2, over: 1, under: 2, name: 'Half the period' },
  { ratio: 2, over: 2, under: 1, name: 'Twice the period' },
  { ratio: 1 / 3, over: 1, under: 3, name: 'A third of the period' },
  { ratio: 3, over: 3, under: 1, name: 'Three times the period' },
  { ratio: 2 / 3, over: 2, under: 3, name: 'Two thirds of the period' },
  { ratio: 3 / 2, over: 3, under: 2, name: 'One and a half times the period' },
] as const;

/** An alias must explain the curve by this much better: more than refinement leaves to chance. */
const CLEARLY_BETTER = 1.03;
/** Within this it explains the curve as well: the data do not tell the two apart. */
const AS_GOOD = 0.97;
/** Difference of the parities' depths that is called real: in σ, and relative to the deeper. */
const DIFFERENT_SIGMAS = 5;
const DIFFERENT_SHARE = 0.05;
/** A transit with less than this share of the typical weight says nothing of its depth. */
const LEAST_COVERED = 0.3;
/** From so many transits of a class on, their scatter is a measurement. */
const ENOUGH_TRANSITS = 4;
/** Variance of a median over that of the mean, for Gaussian noise. */
const MEDIAN_VARIANCE = Math.PI / 2;
/** Dips that differ by more than this share: the shallower one is none. */
const NO_DIP_SHARE = 0.8;
const MOST_SWITCHES = 4;
/** A dip longer than this share of the period leaves no level to compare it with. */
const LONGEST_DUTY = 1 / 3;

export interface Arbitration {
  readonly chosen: Candidate;
  readonly aliases: readonly AliasEvidence[];
}

/** @param redVariance of one transit's depth, as `correlatedNoise` gives it. */
export function arbitrate(
  points: Points,
  found: Candidate,
  limits: RefineLimits,
  redVariance: number,
): Arbitration {
  let chosen = found;
  const wider = {
    ...limits,
    minPeriodDays: limits.minPeriodDays / 2,
    maxPeriodDays: 2 * limits.maxPeriodDays,
  };
  const parities = (candidate: Candidate) =>
    [2, 3].map((classes) => compareParities(points, candidate, classes, redVariance));
  for (let switches = 0; ; switches++) {
    const own = parities(chosen);
    const aliases = RATIOS.map((alias) => {
      const candidate = bestAlias(points, chosen, alias, wider);
      return {
        ...alias,
        candidate,
        alternates: candidate && parities(candidate).find(areDifferent),
      };
    });
    const better = aliases.find(
      ({ candidate, alternates }) =>
        candidate && !alternates && candidate.snr > CLEARLY_BETTER * chosen.snr,
    )?.candidate;
    const next = better ? refine(points, better, wider) : differing(points, chosen, own, wider);
    if (!next || switches === MOST_SWITCHES) {
      return { chosen, aliases: aliases.map((alias) => evidence(chosen, alias, own)) };
    }
    chosen = next;
  }
}

interface Alias {
  readonly ratio: number;
  readonly name: string;
  /** Null where the period is outside what was searched, or too short for the dip. */
  readonly candidate: Candidate | null;
  /** How the candidate's own dips differ, where they do. */
  readonly alternates: Parities | null | undefined;
}

/** The best epoch of an alias, at exactly its ratio to the period. */
function bestAlias(
  points: Points,
  found: Candidate,
  { over, under }: { over: number; under: number },
  limits: RefineLimits,
): Candidate | null {
  const periodDays = (found.periodDays * over) / under;
  if (periodDays < limits.minPeriodDays || periodDays > limits.maxPeriodDays) return null;
  if (found.durationDays > LONGEST_DUTY * periodDays) return null;
  let best: Candidate | null = null;
  for (let j = 0; j < over; j++) {
    const t0Days = found.t0Days + (j * found.periodDays) / under;
    const start = { periodDays, t0Days, durationDays: found.durationDays };
    const { numerator, denominator } = transitSums(points, start);
    const snr = snrOf(numerator, denominator);
    if (!best || snr > best.snr) best = { ...start, snr };
  }
  return best;
}

/** Depths of the k classes of transits that a period k times as long would tell apart. */
export interface Parities {
  readonly classes: number;
  /** (k,) relative to 1; NaN where no transit of the class was observed. */
  readonly depths: readonly number[];
  readonly deepest: number;
  /** The least difference between the deepest and another class, in σ, and over the deepest. */
  readonly sigmas: number;
  readonly share: number;
}

export function compareParities(
  points: Points,
  found: Candidate,
  classes: number,
  redVariance: number,
): Parities {
  const { numerator, denominator } = transitSums(points, found);
  const weights = denominator.filter((value) => value > 0).sort();
  const least = LEAST_COVERED * (weights[weights.length >> 1] ?? 0);
  const members = Array.from({ length: classes }, (_, c) => {
    const indices = [...numerator.keys()].filter((k) => k % classes === c);
    return membersOf(numerator, denominator, indices, least, redVariance);
  });
  const depths = members.map(({ depth }) => depth);
  let deepest = 0;
  depths.forEach((depth, c) => {
    if (depth > depths[deepest] || Number.isNaN(depths[deepest])) deepest = c;
  });
  let sigmas = Infinity;
  let share = Infinity;
  members.forEach((other, c) => {
    if (c === deepest) return;
    const deep = members[deepest];
    // Of few transits one may be deep by accident, as where two planets cross at once: then all of
    // the deeper ones must top all of the others.
    const areFew = Math.min(deep.count, other.count) < ENOUGH_TRANSITS;
    const difference = areFew ? deep.shallowest - other.deepest : deep.depth - other.depth;
    const isKnown = deep.count > 0 && other.count > 0;
    const error = Math.sqrt(deep.variance + other.variance);
    sigmas = Math.min(sigmas, isKnown ? difference / error : 0);
    share = Math.min(share, isKnown ? difference / deep.depth : 0);
  });
  return { classes, depths, deepest, sigmas, share };
}

/** Mean depth of the transits with data, its variance, and the extremes among them. */
function membersOf(
  numerator: Float64Array,
  denominator: Float64Array,
  indices: readonly number[],
  least: number,
  redVariance: number,
) {
  let above = 0;
  let below = 0;
  const single: number[] = [];
  for (const k of indices) {
    if (!(denominator[k] > least)) continue;
    above += numerator[k];
    below += denominator[k];
    single.push(numerator[k] / denominator[k]);
  }
  const count = single.length;
  const areEnough = count >= ENOUGH_TRANSITS;
  // What the transits scatter by themselves, where there are enough: spots, sampling, trend.
  const own = areEnough ? robustScatter(single) ** 2 / count : 0;
  const variance = Math.max(1 / below + redVariance / count, own);
  return {
    count,
    // A median, so that one transit that another planet's fell on does not speak for its class.
    depth: areEnough ? median(single) : above / below,
    variance: areEnough ? MEDIAN_VARIANCE * variance : variance,
    shallowest: single.reduce((least, depth) => Math.min(least, depth), Infinity),
    deepest: single.reduce((most, depth) => Math.max(most, depth), -Infinity),
  };
}

const areDifferent = ({ sigmas, share }: Parities) =>
  sigmas > DIFFERENT_SIGMAS && share > DIFFERENT_SHARE;

/** The longer period, on the deeper dips, where the parities differ. */
function differing(
  points: Points,
  found: Candidate,
  parities: readonly Parities[],
  limits: RefineLimits,
): Candidate | null {
  const odd = parities.find(areDifferent);
  if (!odd) return null;
  const periodDays = odd.classes * found.periodDays;
  if (periodDays > limits.maxPeriodDays) return null;
  const { firstMidTimeDays } = transitSums(points, found);
  const t0Days = firstMidTimeDays + odd.deepest * found.periodDays;
  const longer = refine(points, { periodDays, t0Days, durationDays: found.durationDays }, limits);
  // One deep dip among equal ones is an accident, as where two planets cross at once, and no period.
  return repetition(transitSums(points, longer)).observed.length >= 2 ? longer : null;
}

function evidence(
  chosen: Candidate,
  { ratio, name, candidate, alternates }: Alias,
  own: readonly Parities[],
): AliasEvidence {
  const periodDays = chosen.periodDays * ratio;
  const snr = candidate?.snr ?? 0;
  const score = `SNR ${snr.toFixed(1)} against ${chosen.snr.toFixed(1)}`;
  const verdict = () => {
    if (!candidate) return `${name} (${periodDays.toFixed(5)} d) is outside of what was searched.`;
    const parity = own.find(({ classes }) => classes === ratio);
    if (parity) {
      const difference = `${depthsOf(parity)} (difference ${parity.sigmas.toFixed(1)} sigma)`;
      return `${name} drops dips that are as deep as the others: ${difference}; ${score}.`;
    }
    if (alternates) {
      const difference = `${depthsOf(alternates)} (difference ${alternates.sigmas.toFixed(1)} sigma)`;
      return alternates.share > NO_DIP_SHARE
        ? `${name} expects dips where there are none: ${difference}; ${score}.`
        : `${name} mixes dips of different depths: ${difference}; ${score}.`;
    }
    if (snr > AS_GOOD * chosen.snr) {
      return `${name} fits as well (${score}): there are no data at the times that differ.`;
    }
    return `${name} expects dips where there are none, or misses some: ${score}.`;
  };
  return { ratio, periodDays, snr, verdict: verdict() };
}

function depthsOf({ depths }: Parities): string {
  const texts = depths.map((depth) =>
    Number.isFinite(depth) ? `${(1e6 * depth).toFixed(0)} ppm` : 'none observed',
  );
  return texts.join(', ');
}
