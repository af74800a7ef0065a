import { describe, expect, it } from 'vitest';
import { decider, DEFAULT_POLICY, EPHEMERIS_MATCH } from '#transit';
import {
  anEvidence,
  type EvidenceChanges,
} from '../../../../libs/transit/src/policy/evidence.fixture.js';
import { caseOf, type DecidedCandidate } from './cases.js';

/** A candidate as it was stored before decisions were written down. */
function anOldCandidate(changes: EvidenceChanges = {}) {
  const evidence = anEvidence(changes);
  const { signal, classification, fit } = evidence;
  const decision = decider(DEFAULT_POLICY)(evidence, { seed: 1, target: 'KIC 1', rank: 1 });
  const stored: DecidedCandidate = {
    target: 'KIC 1',
    action: decision.action,
    decidedBy: null,
    periodDays: Number.isFinite(signal.periodDays) ? signal.periodDays : null,
    snr: signal.snr,
    sde: signal.sde,
    probability: classification.probability,
    falseAlarmProbability: evidence.falseAlarmProbability ?? null,
    vetting: evidence.vetting,
    fitBackend: fit.backend,
    fitSucceeded: fit.success,
    review: 'planet',
    reviewedAt: new Date(),
  };
  return { stored, decision };
}

describe('a case to learn from', () => {
  it.each<[string, EvidenceChanges]>([
    ['a planet', {}],
    ['a single event', { signal: { periodDays: NaN, transitsObserved: 1 } }],
    ['two transits', { signal: { transitsObserved: 2 } }],
    ['a binary', { verdicts: { secondary: 'fail', shape: 'warn' } }],
    ['a mock fit', { fit: { backend: 'mock' } }],
    ['what could not be compared', { verdicts: { odd_even: 'not_computable' } }],
  ])('B.17 is made of the columns of an old candidate as it would have been: %s', (_, changes) => {
    const { stored, decision } = anOldCandidate(changes);
    expect(caseOf(stored)).toEqual({
      target: 'KIC 1',
      taken: decision.action,
      thresholds: decision.thresholds,
      review: 'planet',
      context: decision.context,
      mayAccept: decision.mayAccept,
    });
  });

  it('B.17 is what was written down with the decision, where it was', () => {
    const { stored, decision } = anOldCandidate();
    const context = Object.fromEntries(
      ['constant', 'snr', 'sde', 'probability', 'log_odds', 'failed_tests', 'convicted', 'warnings']
        .concat(['transits', 'false_alarm', 'false_alarm_unknown', 'single_event'])
        .map((name, i) => [name, i]),
    );
    const decidedBy = {
      policy: 'learnt-1',
      probabilities: { accept: 0.5, reject: 0, human_review: 0.5 },
      thresholds: 'human_review',
      may_accept: true,
      context_version: 'context-1',
      context,
    };
    const found = caseOf({ ...stored, action: 'accept', decidedBy, vetting: null });
    expect(found).toMatchObject({ taken: 'accept', thresholds: 'human_review', mayAccept: true });
    expect(found.context).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    // Of another version it is made anew, of what the columns say.
    const older = { ...decidedBy, context_version: 'context-0' };
    expect(caseOf({ ...stored, decidedBy: older }).context).toEqual(decision.context);
    expect(caseOf({ ...stored, decidedBy: older }).thresholds).toBe('human_review');
  });

  it('leaves out what other targets said of a candidate afterwards', () => {
    const { stored, decision } = anOldCandidate();
    const match = { test: EPHEMERIS_MATCH, value: 1, verdict: 'fail' as const };
    const matched = { ...stored, action: 'reject' as const, vetting: [...stored.vetting!, match] };
    expect(caseOf(matched).context).toEqual(decision.context);
    expect(caseOf(matched).taken).toBe('reject');
  });
});
