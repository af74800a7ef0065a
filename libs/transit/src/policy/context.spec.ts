import { describe, expect, it } from 'vitest';
import { CONTEXT_NAMES, CONTEXT_VERSION, contextOf, contextSourceOf } from './context.js';
import { anEvidence, type EvidenceChanges } from './evidence.fixture.js';

const named = (changes: EvidenceChanges = {}) => {
  const context = contextOf(contextSourceOf(anEvidence(changes)));
  return Object.fromEntries(CONTEXT_NAMES.map((name, i) => [name, context[i]]));
};

describe('the context of a candidate', () => {
  it('B.17 has names, an order and a version that go together', () => {
    expect([CONTEXT_VERSION, ...CONTEXT_NAMES]).toEqual([
      'context-1',
      'constant',
      'snr',
      'sde',
      'probability',
      'log_odds',
      'failed_tests',
      'convicted',
      'warnings',
      'transits',
      'false_alarm',
      'false_alarm_unknown',
      'single_event',
    ]);
  });

  it('B.17 counts from the thresholds: there its logarithms are 0', () => {
    const signal = { snr: 7.1, sde: 5, transitsObserved: 3 };
    expect(named({ signal, probability: 0.5, falseAlarmProbability: 1e-3 })).toEqual({
      constant: 1,
      snr: 0,
      sde: 0,
      probability: 0.5,
      log_odds: 0,
      failed_tests: 0,
      convicted: 0,
      warnings: 0,
      transits: 0,
      false_alarm: 0.5,
      false_alarm_unknown: 0,
      single_event: 0,
    });
  });

  it('tells what convicts from what only fails', () => {
    expect(named({ verdicts: { uniqueness: 'fail' } })).toMatchObject({
      failed_tests: 0.25,
      convicted: 0,
    });
    const verdicts = { secondary: 'fail', shape: 'warn' } as const;
    expect(named({ verdicts })).toMatchObject({ failed_tests: 0.25, convicted: 1, warnings: 0.2 });
  });

  it('B.17 is bounded, whatever a candidate is', () => {
    const extremes: EvidenceChanges[] = [
      { signal: { snr: 1e12, sde: 1e12, transitsObserved: 1e9 }, probability: 1 },
      { signal: { snr: -3, sde: NaN, transitsObserved: 0 }, probability: 0 },
      { signal: { periodDays: NaN, transitsObserved: 1 }, falseAlarmProbability: 1e-300 },
      { verdicts: { odd_even: 'fail', secondary: 'fail', shape: 'fail', sinusoid: 'fail' } },
      { verdicts: { uniqueness: 'fail', planet_radius: 'fail', shape: 'warn' } },
    ];
    for (const changes of extremes) {
      for (const [name, value] of Object.entries(named(changes))) {
        expect(Math.abs(value), `${name} of ${JSON.stringify(changes)}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('says where the noise was not asked, and where nothing repeats', () => {
    const single = { ...anEvidence({ signal: { periodDays: NaN, transitsObserved: 1 } }) };
    const context = contextOf(contextSourceOf({ ...single, falseAlarmProbability: null }));
    expect(context.slice(-3)).toEqual([0, 1, 1]);
  });
});
