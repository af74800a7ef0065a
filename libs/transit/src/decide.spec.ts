import { describe, expect, it } from 'vitest';
import { candidateFeatures, formulaClassifier } from './classify.js';
import { decide, DEFAULT_POLICY, type Evidence } from './decide.js';
import { aSignal } from './policy/evidence.fixture.js';
import type { Signal, TransitFit, Verdict, VettingTest } from './types.js';

const signal = aSignal();

const names = [
  'odd_even',
  'secondary',
  'planet_radius',
  'shape',
  'fit_residual',
  'sinusoid',
].concat(['density_duration', 'uniqueness', 'depth_scatter', 'single_event', 'transit_coverage']);

function tests(verdicts: Partial<Record<string, Verdict>> = {}): VettingTest[] {
  return names.map((test) => {
    const verdict = verdicts[test] ?? 'pass';
    return {
      test,
      value: verdict === 'not_computable' ? null : test === 'uniqueness' ? 8 : 1,
      threshold: 5,
      verdict,
      message: `${test}: ${verdict}.`,
    };
  });
}

const goodFit = { backend: 'local', success: true, message: 'fitted' } as TransitFit;

interface Case {
  signal?: Partial<Signal>;
  fit?: Partial<TransitFit>;
  verdicts?: Partial<Record<string, Verdict>>;
}

const formulaOf = (of: Signal, vetting: readonly VettingTest[]) =>
  formulaClassifier({ features: candidateFeatures(of, vetting) });

function evidence({ signal: change, fit, verdicts }: Case = {}): Evidence {
  const changed = aSignal(change);
  const vetting = tests(verdicts);
  return {
    signal: changed,
    fit: { ...goodFit, ...fit },
    vetting,
    classification: formulaOf(changed, vetting),
  };
}

describe('the formula', () => {
  const at = (change: Case) => evidence(change).classification.probability;

  it('B.16 is high for a strong clean signal and falls with each failed test', () => {
    expect(at({})).toBeGreaterThan(0.95);
    const oneFailed = at({ verdicts: { shape: 'fail' } });
    expect(oneFailed).toBeLessThan(at({}));
    expect(at({ verdicts: { shape: 'fail', secondary: 'fail' } })).toBeLessThan(0.1);
    // One failed test divides the odds by exp(3.5) = 33.
    const odds = (p: number) => p / (1 - p);
    expect(odds(at({})) / odds(oneFailed)).toBeCloseTo(Math.exp(3.5), 6);
  });

  it('is 38 % at the thresholds, as its page says', () => {
    const vetting = tests().map((test) =>
      test.test === 'uniqueness' ? { ...test, value: 1.3 } : test,
    );
    const bare = formulaOf({ ...signal, snr: 7.1, transitsObserved: 3 }, vetting);
    expect(bare.probability).toBeCloseTo(1 / (1 + Math.exp(0.5)), 12);
    expect(bare.probability).toBeCloseTo(0.38, 2);
  });

  it('B.16 names its features and its version, and is always a probability', () => {
    const { source, features } = evidence().classification;
    expect(source).toBe('formula 1');
    expect(Object.keys(features)).toEqual([
      'log_snr',
      'log_transits',
      'log_uniqueness',
      'failed_tests',
      'warnings',
    ]);
    for (const snr of [NaN, 0, -1, 1e9]) {
      const { probability } = formulaOf({ ...signal, snr, transitsObserved: 0 }, []);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }
  });
});

describe('decide', () => {
  it('B.17 accepts a strong signal that repeats and fails nothing, with its numbers', () => {
    const decision = decide(evidence());
    expect(decision).toEqual({
      action: 'accept',
      reasons: [
        'SNR 25.0 in 12 transits, 11 of 11 tests passed and none failed, probability 0.99.',
      ],
      policy: 'triage-5',
    });
  });

  it.each(['odd_even', 'secondary', 'planet_radius', 'shape', 'sinusoid'])(
    'B.17 rejects when %s fails, with its sentence first',
    (test) => {
      const decision = decide(evidence({ verdicts: { [test]: 'fail', uniqueness: 'fail' } }));
      expect(decision.action).toBe('reject');
      expect(decision.reasons[0]).toBe(`${test}: fail.`);
      expect(decision.reasons).toHaveLength(2);
    },
  );

  it('B.17 names first what failed by most', () => {
    const failing = evidence({ verdicts: { odd_even: 'fail', secondary: 'fail' } });
    const vetting = failing.vetting.map((test) =>
      test.test === 'secondary' ? { ...test, value: 200 } : test,
    );
    expect(decide({ ...failing, vetting }).reasons).toEqual([
      'secondary: fail.',
      'odd_even: fail.',
    ]);
  });

  it('rejects two doubts, and asks a human about one', () => {
    const one = decide(evidence({ verdicts: { uniqueness: 'fail' } }));
    expect(one.action).toBe('human_review');
    expect(one.reasons[0]).toBe('uniqueness: fail.');
    const two = decide(evidence({ verdicts: { uniqueness: 'fail', depth_scatter: 'fail' } }));
    expect(two.action).toBe('reject');
  });

  it.each([
    [
      'a single event',
      { signal: { periodDays: NaN, transitsObserved: 1 } },
      'A single event: its period is unknown.',
    ],
    [
      'two transits',
      { signal: { transitsObserved: 2 } },
      '2 transits were seen; 3 are needed to accept.',
    ],
    ['a weak signal', { signal: { snr: 6.9 } }, 'SNR 6.9 is below 7.1.'],
    [
      'a peak among peaks',
      { signal: { snr: 11, sde: 4.5 } },
      'The peak hardly stands out of the periodogram: SDE 4.5 is below 5, and SNR 11.0 below 15.',
    ],
    [
      'no fit',
      { fit: { success: false, message: 'Too few points.' } },
      'No transit model was fitted: Too few points.',
    ],
    ['a mock fit', { fit: { backend: 'mock' } }, 'The fit is a mock; nothing was fitted.'],
    [
      'what cannot be compared',
      { verdicts: { odd_even: 'not_computable' as const } },
      'odd_even: not_computable.',
    ],
    [
      'many warnings',
      {
        verdicts: { shape: 'warn' as const, sinusoid: 'warn' as const, secondary: 'warn' as const },
      },
      'secondary: warn.',
    ],
  ])('B.17 asks a human about %s', (_, change, reason) => {
    const decision = decide(evidence(change));
    expect(decision.action).toBe('human_review');
    expect(decision.reasons).toContain(reason);
  });

  it.each(['planet_radius', 'odd_even', 'secondary'])(
    'asks a human about one warning of %s',
    (test) => {
      expect(decide(evidence({ verdicts: { [test]: 'warn' } }))).toMatchObject({
        action: 'human_review',
        reasons: [`${test}: warn.`],
      });
      expect(decide(evidence({ verdicts: { shape: 'warn' } })).action).toBe('accept');
    },
  );

  it('does not ask for a low SDE where the signal itself is the periodogram', () => {
    expect(decide(evidence({ signal: { snr: 200, sde: 4 } })).action).toBe('accept');
  });

  it('keeps a single event for a human even when more than one test doubts it', () => {
    const decision = decide(
      evidence({
        signal: { periodDays: NaN, transitsObserved: 1 },
        verdicts: { fit_residual: 'fail', uniqueness: 'fail' },
      }),
    );
    expect(decision.action).toBe('human_review');
  });

  it('B.17 asks a human about a signal that such noise often gives, where that was asked', () => {
    const at = (falseAlarmProbability?: number | null) =>
      decide({ ...evidence(), falseAlarmProbability });
    expect(at(0.36)).toMatchObject({
      action: 'human_review',
      reasons: [
        "Noise like this curve's gives so good a signal with probability 0.36, above 0.05.",
      ],
    });
    for (const chance of [0.05, 1e-9, null, undefined]) expect(at(chance).action).toBe('accept');
  });

  it('follows another policy and names it', () => {
    const strict = { ...DEFAULT_POLICY, name: 'strict-2', acceptSnr: 50 };
    expect(decide(evidence(), strict)).toMatchObject({
      action: 'human_review',
      policy: 'strict-2',
    });
  });

  it('always gives a reason', () => {
    for (const change of [
      {},
      { signal: { snr: NaN, sde: NaN } },
      { signal: { transitsObserved: 0 } },
    ]) {
      expect(decide(evidence(change)).reasons.length).toBeGreaterThan(0);
    }
  });
});
