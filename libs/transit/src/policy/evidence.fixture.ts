/** A candidate that nothing speaks against; a test names only what it is about. */
import { candidateFeatures, formulaClassifier } from '../classify.js';
import type { Evidence } from '../decide.js';
import type { Signal, TransitFit, Verdict, VettingTest } from '../types.js';

export interface EvidenceChanges {
  readonly signal?: Partial<Signal>;
  readonly fit?: Partial<TransitFit>;
  readonly verdicts?: Partial<Record<string, Verdict>>;
  readonly probability?: number;
  readonly falseAlarmProbability?: number | null;
}

const TESTS = ['odd_even', 'secondary', 'planet_radius', 'shape', 'sinusoid', 'uniqueness'];

export const aSignal = (changes: Partial<Signal> = {}): Signal => ({
  periodDays: 5,
  t0Days: 1,
  durationHours: 3,
  depthPpm: 1000,
  whiteSnr: 30,
  snr: 25,
  score: 25,
  sde: 12,
  transitsObserved: 12,
  transitsExpected: 12,
  aliases: [],
  ...changes,
});

export function anEvidence(changes: EvidenceChanges = {}): Evidence {
  const signal = aSignal(changes.signal);
  const vetting = [
    ...TESTS.map((test): VettingTest => {
      const verdict = changes.verdicts?.[test] ?? 'pass';
      const value = verdict === 'not_computable' ? null : 1;
      return { test, value, threshold: 5, verdict, message: `${test}: ${verdict}.` };
    }),
    {
      test: 'transit_coverage',
      value: signal.transitsObserved,
      threshold: 3,
      verdict: signal.transitsObserved < 3 ? ('warn' as const) : ('pass' as const),
      message: 'Transits.',
    },
  ];
  const classification = formulaClassifier({ features: candidateFeatures(signal, vetting) });
  return {
    signal,
    fit: { backend: 'local', success: true, message: 'fitted', ...changes.fit } as TransitFit,
    vetting,
    classification: {
      ...classification,
      probability: changes.probability ?? classification.probability,
    },
    falseAlarmProbability: changes.falseAlarmProbability ?? 1e-4,
  };
}
