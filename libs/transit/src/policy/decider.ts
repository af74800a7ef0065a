/**
 * The one way to a decision: by thresholds, or by a policy that was learnt.
 *
 * Pure: no I/O, no clock, no randomness but the draw's seed.
 */
import type { LearntPolicy } from '#contracts';
import { decide, type DecisionPolicy, type Evidence, neverAccepted } from '../decide.js';
import { seededRandom } from '../random.js';
import type { Action, LoggedDecision } from '../types.js';
import { certainly, choose, type Choice, type Situation } from './choose.js';
import { CONTEXT_NAMES, CONTEXT_VERSION, contextOf, contextSourceOf } from './context.js';
import { hashOf } from './hash.js';
import { ACTIONS, REWARDS_VERSION } from './rewards.js';

export type Policy = DecisionPolicy | LearntPolicy;

/** What the chance of a decision hangs on, and nothing else: the same search decides the same. */
export interface Draw {
  readonly seed: number;
  readonly target: string;
  readonly rank: number;
}

export type Decider = (evidence: Evidence, draw: Draw) => LoggedDecision;

/** @throws {RangeError} where a learnt policy looks at what this version does not know. */
export function decider(policy: Policy): Decider {
  if (!isLearnt(policy)) {
    return (evidence) => {
      const decision = decide(evidence, policy);
      const situation = situationOf(evidence, decision.action);
      return { ...decision, ...situation, probabilities: certainly(decision.action) };
    };
  }
  refuseUnknown(policy);
  return (evidence, draw) => {
    const byThresholds = decide(evidence);
    const situation = situationOf(evidence, byThresholds.action);
    const choice = choose(policy, situation);
    const action = drawn(choice.probabilities, draw);
    const against = neverAccepted(evidence);
    const reasons = [sentence(policy, choice, action), ...against, ...byThresholds.reasons];
    return {
      action,
      reasons: [...new Set(reasons)],
      policy: policy.name,
      probabilities: choice.probabilities,
      ...situation,
    };
  };
}

const isLearnt = (policy: Policy): policy is LearntPolicy => 'beliefs' in policy;

function refuseUnknown({ name, context, rewards, beliefs, looks }: LearntPolicy): void {
  const size = CONTEXT_NAMES.length;
  const fits =
    context === CONTEXT_VERSION &&
    rewards === REWARDS_VERSION &&
    beliefs.every(
      ({ action, mean, factor }, i) =>
        action === ACTIONS[i] && mean.length === size && factor.length === (size * (size + 1)) / 2,
    ) &&
    looks.length === size + 2;
  if (!fits) {
    throw new RangeError(
      `policy ${name} was learnt of ${context} and ${rewards}; this version knows ${CONTEXT_VERSION} and ${REWARDS_VERSION}: learn another, or search with the thresholds`,
    );
  }
}

function situationOf(evidence: Evidence, thresholds: Action): Situation {
  return {
    context: contextOf(contextSourceOf(evidence)),
    mayAccept: neverAccepted(evidence).length === 0,
    thresholds,
  };
}

/** By one uniform number: what was computed is what is drawn. */
function drawn(
  probabilities: Readonly<Record<Action, number>>,
  { seed, target, rank }: Draw,
): Action {
  const uniform = seededRandom(hashOf(`${seed}\n${target}\n${rank}`)).uniform();
  let below = 0;
  for (const action of ACTIONS) {
    below += probabilities[action];
    if (uniform < below) return action;
  }
  return 'human_review'; // the probabilities add up to a little less than 1
}

const DOING: Readonly<Record<Action, { readonly noun: string; readonly verb: string }>> = {
  accept: { noun: 'accepting', verb: 'accepts such a one' },
  reject: { noun: 'rejecting', verb: 'rejects such a one' },
  human_review: { noun: 'asking', verb: 'asks about such a one' },
};

function sentence(
  policy: LearntPolicy,
  { expected, probabilities }: Choice,
  action: Action,
): string {
  if (!expected) {
    return `The team hardly ever reviews candidates like this one: ${policy.name} leaves it to the thresholds.`;
  }
  const each = expected.map(({ action, mean }) => `${mean.toFixed(2)} of ${DOING[action].noun}`);
  return `The policy learnt from ${policy.reviews} reviews expects ${listed(each)}; it ${DOING[action].verb} with probability ${probabilities[action].toFixed(2)}.`;
}

const listed = (parts: readonly string[]) =>
  `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
