/** A team that was made up: its candidates, what they are, what the thresholds do, whom it looks at. */
import type { Random } from '../random.js';
import type { Action } from '../types.js';
import { CONTEXT_NAMES } from './context.js';
import type { Case } from './learn-policy.js';
import type { Lesson } from './bandit.js';

export interface TeamCase extends Case {
  /** What the team says, or would say if it looked. */
  readonly truth: Lesson['review'];
}

/** From which probability on a team's thresholds accept, and below which they reject. */
export interface Habits {
  readonly accept: number;
  readonly reject: number;
}

/** One of seven accepted candidates is none. */
export const CARELESS: Habits = { accept: 0.4, reject: 0.1 };
/** Nearly as good as can be: wrong accepts are rare, and a small sample may hold none. */
export const CAREFUL: Habits = { accept: 0.97, reject: 0.02 };

/**
 * Candidates whose probability is honest. The team looks at what was left to it, seldom at what was
 * rejected, and at what is a planet anyway: wrong accepts are seen less often than right ones.
 */
export function aTeam(random: Random, candidates: number, habits = CARELESS): TeamCase[] {
  return Array.from({ length: candidates }, (_, i) => {
    const logOdds = 3 * random.normal();
    const probability = 1 / (1 + Math.exp(-logOdds));
    const snr = Math.min(1, Math.max(0, 0.3 + 0.5 * (probability - 0.5) + 0.2 * random.normal()));
    const isAccepted = probability > habits.accept;
    const isRejected = probability < habits.reject;
    const thresholds: Action = isAccepted ? 'accept' : isRejected ? 'reject' : 'human_review';
    const liking = { accept: 0, reject: 1, human_review: 2 }[thresholds];
    const look = 1 / (1 + Math.exp(3.5 - 4 * probability - 2 * snr - liking));
    const isPlanet = random.uniform() < probability;
    const truth = random.uniform() < 0.04 ? 'unsure' : isPlanet ? 'planet' : 'false_positive';
    return {
      target: `KIC ${Math.floor(i / 2)}`,
      context: contextWith({ probability, snr, log_odds: logOdds / 12 }),
      mayAccept: true,
      thresholds,
      taken: thresholds,
      truth,
      review: random.uniform() < look ? truth : null,
    };
  });
}

type Name = (typeof CONTEXT_NAMES)[number];

/** Nothing is known but the numbers named. */
export const contextWith = (values: Partial<Record<Name, number>>): number[] =>
  CONTEXT_NAMES.map((name) => (name === 'constant' ? 1 : (values[name] ?? 0)));
