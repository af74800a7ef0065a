/** How right a job was, by what the team has decided. Pure. */
import { compare, type Ephemeris, matchCandidates } from './match.js';

export interface ScoredCandidate extends Ephemeris {
  readonly rlAction: string;
}

/** A signal that was looked at by a person. */
export interface LabelledSignal extends Ephemeris {
  readonly isPlanet: boolean;
  readonly decidedAt: Date;
}

export interface Score {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** null where nothing was accepted that has a label. */
  readonly precision: number | null;
  /** null where there is no planet among the labels. */
  readonly recall: number | null;
}

/**
 * A job claims a planet where it accepts a candidate. A claim is right where the label says planet,
 * wrong where it says false positive, and not counted where nobody has looked. A labelled planet
 * that was not accepted is missed, be it rejected, left to people or not found at all.
 */
export function score(
  candidates: readonly ScoredCandidate[],
  labels: readonly LabelledSignal[],
): Score {
  const accepted = candidates.filter(({ rlAction }) => rlAction === 'accept');
  const claims = matchCandidates(accepted, labels).matched;
  const truePositives = claims.filter(({ b }) => b.isPlanet).length;
  const falsePositives = claims.length - truePositives;
  const planets = labels.filter(({ isPlanet }) => isPlanet).length;
  return {
    truePositives,
    falsePositives,
    falseNegatives: planets - truePositives,
    precision: claims.length > 0 ? truePositives / claims.length : null,
    recall: planets > 0 ? truePositives / planets : null,
  };
}

/** One label per signal: of several about the same one, in any job, the newest. */
export function settleLabels(labels: readonly LabelledSignal[]): LabelledSignal[] {
  return [...Map.groupBy(labels, ({ target }) => target).values()].flatMap(settleTarget);
}

function settleTarget(labels: readonly LabelledSignal[]): LabelledSignal[] {
  const newestFirst = labels.toSorted((a, b) => b.decidedAt.getTime() - a.decidedAt.getTime());
  const settled: LabelledSignal[] = [];
  for (const label of newestFirst) {
    if (!settled.some((other) => compare(label, other))) settled.push(label);
  }
  return settled;
}
