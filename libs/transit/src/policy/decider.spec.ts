import { describe, expect, it } from 'vitest';
import type { LearntPolicy } from '#contracts';
import { decide, DEFAULT_POLICY } from '../decide.js';
import { seededRandom } from '../random.js';
import { decider } from './decider.js';
import { anEvidence, type EvidenceChanges } from './evidence.fixture.js';
import { learnPolicy } from './learn-policy.js';
import { aTeam } from './team.fixture.js';

const learnt: LearntPolicy = {
  name: 'learnt-3',
  until: '2026-12-01T00:00:00.000Z',
  ...learnPolicy(aTeam(seededRandom(1), 3000), null).policy,
};
/** Accepts what it may: so that only the guard rails can keep it. */
const eager: LearntPolicy = {
  ...learnt,
  beliefs: learnt.beliefs.map((belief) => ({
    ...belief,
    mean: belief.mean.map((_, i) => (i > 0 ? 0 : belief.action === 'accept' ? 100 : 0)),
  })),
};
const draw = { seed: 1, target: 'KIC 1', rank: 1 };
const decided = (policy: LearntPolicy, changes: EvidenceChanges = {}) =>
  decider(policy)(anEvidence(changes), draw);

describe('a decision by thresholds', () => {
  it('B.17 is that of `decide`, with probability 1, and keeps what others need to judge it', () => {
    const evidence = anEvidence({ verdicts: { secondary: 'fail' } });
    const decision = decider(DEFAULT_POLICY)(evidence, draw);
    expect(decision).toMatchObject(decide(evidence));
    expect(decision).toMatchObject({
      probabilities: { accept: 0, reject: 1, human_review: 0 },
      thresholds: 'reject',
      mayAccept: false,
    });
    expect(decision.context).toHaveLength(12);
  });
});

describe('a decision by a learnt policy', () => {
  it('B.17 says what was expected of each action, and how probable it was', () => {
    const decision = decided(eager);
    expect(decision.action).toBe('accept');
    expect(decision.policy).toBe('learnt-3');
    expect(decision.reasons[0]).toBe(
      `The policy learnt from ${learnt.reviews} reviews expects 100.00 of accepting, 0.00 of rejecting and 0.00 of asking; it accepts such a one with probability 1.00.`,
    );
    // What the thresholds found stays beside it.
    expect(decision.reasons[1]).toMatch(/^SNR 25\.0 in 12 transits/);
  });

  it.each<[string, EvidenceChanges, string]>([
    ['a convicting test', { verdicts: { odd_even: 'fail' } }, 'odd_even: fail.'],
    [
      'too few transits',
      { signal: { transitsObserved: 2 } },
      '2 transits were seen; 3 are needed to accept.',
    ],
    ['a mock fit', { fit: { backend: 'mock' } }, 'The fit is a mock; nothing was fitted.'],
    [
      'no fit',
      { fit: { success: false, message: 'Too few points.' } },
      'No transit model was fitted: Too few points.',
    ],
    [
      'a single event',
      { signal: { periodDays: NaN, transitsObserved: 1 } },
      'A single event: its period is unknown.',
    ],
    [
      'what could not be compared',
      { verdicts: { secondary: 'not_computable' } },
      'secondary: not_computable.',
    ],
  ])('B.17 never accepts %s', (_, changes, reason) => {
    const decision = decided(eager, changes);
    expect(decision.mayAccept).toBe(false);
    expect(decision.probabilities.accept).toBe(0);
    expect(decision.action).not.toBe('accept');
    expect(decision.reasons).toContain(reason);
    expect(decision.reasons[0]).not.toContain('of accepting');
  });

  it('B.17 leaves to the thresholds what the team hardly ever looks at', () => {
    const looks = learnt.looks.map((_, i) => (i === 0 ? -4 : 0));
    for (const changes of [{}, { verdicts: { odd_even: 'fail' as const } }]) {
      const decision = decided({ ...eager, looks }, changes);
      const thresholds = decide(anEvidence(changes));
      expect(decision.action).toBe(thresholds.action);
      expect(decision.probabilities[thresholds.action]).toBe(1);
      expect(decision.reasons).toEqual([
        'The team hardly ever reviews candidates like this one: learnt-3 leaves it to the thresholds.',
        ...thresholds.reasons,
      ]);
    }
  });

  it('B.17 is drawn by seed, target and rank alone, as often as its probabilities say', () => {
    const decideBy = decider(learnt);
    const evidence = anEvidence({ probability: 0.94 });
    const draws = 4000;
    const counts = { accept: 0, reject: 0, human_review: 0 };
    for (let rank = 1; rank <= draws; rank++) {
      const decision = decideBy(evidence, { ...draw, rank });
      expect(decideBy(evidence, { ...draw, rank })).toEqual(decision);
      counts[decision.action]++;
    }
    const { accept } = decideBy(evidence, draw).probabilities;
    expect(accept).toBeGreaterThan(0.05);
    expect(accept).toBeLessThan(0.95);
    const error = Math.sqrt((accept * (1 - accept)) / draws);
    expect(Math.abs(counts.accept / draws - accept)).toBeLessThan(4 * error);
    const actionsOf = (seed: number, target: string) =>
      Array.from({ length: 40 }, (_, i) => decideBy(evidence, { seed, target, rank: i }).action);
    expect(actionsOf(2, 'KIC 1')).not.toEqual(actionsOf(1, 'KIC 1'));
    expect(actionsOf(1, 'KIC 2')).not.toEqual(actionsOf(1, 'KIC 1'));
  });

  it('B.17 is refused of a policy that looks at what this version does not know', () => {
    expect(() => decider({ ...learnt, context: 'context-0' })).toThrow(
      'policy learnt-3 was learnt of context-0 and rewards-1; this version knows context-1 and rewards-1',
    );
    expect(() => decider({ ...learnt, looks: learnt.looks.slice(1) })).toThrow(RangeError);
    const [accept, reject, ask] = learnt.beliefs;
    expect(() => decider({ ...learnt, beliefs: [reject, accept, ask] })).toThrow(RangeError);
  });
});
