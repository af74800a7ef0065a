import { describe, expect, it } from 'vitest';
import { candidate as candidateContract, sensitivity, toWire } from '#contracts';
import { CONTEXT_NAMES } from './policy/context.js';
import { candidateRecord, sensitivityRecord } from './records.js';
import type { CandidateResult, SensitivityMap, TargetResult } from './types.js';

const estimate = (value: number, error = Number.NaN) => ({ value, error });

const aCandidate = (timeOffsetDays: number): CandidateResult =>
  ({
    rank: 1,
    signal: {
      periodDays: 3.5,
      t0Days: 100.25,
      durationHours: 2,
      depthPpm: 500,
      whiteSnr: 12,
      snr: 10,
      score: 10,
      sde: 9,
      transitsObserved: 8,
      transitsExpected: 9,
      aliases: [{ ratio: 2, periodDays: 7, snr: 6, verdict: 'weaker' }],
    },
    fit: {
      backend: 'local',
      success: true,
      message: '',
      joint: false,
      periodDays: estimate(3.5, 0.001),
      t0Days: estimate(100.26),
      radiusRatio: estimate(0.02),
      impact: estimate(0.3),
      axisRatio: estimate(9),
      durationHours: estimate(2),
      depthPpm: estimate(510),
      fullDurationHours: estimate(1.8),
      inclinationDeg: estimate(88, 0.5),
      stellarDensity: estimate(1.4),
      planetRadiusEarth: null,
      semiMajorAxisAu: null,
      insolationEarth: estimate(900, 80),
      equilibriumTemperatureK: estimate(1520, 40),
      limbDarkening: [0.4, 0.2],
      limbDarkeningSource: 'solar',
      chi2: 100,
      degreesOfFreedom: 95,
    },
    vetting: [
      { test: 'odd_even', value: 1, threshold: 3, verdict: 'pass', message: 'Depths agree.' },
      { test: 'secondary', value: 8, threshold: 7, verdict: 'fail', message: 'Eclipse.' },
    ],
    classification: {
      probability: 0.4,
      source: 'candidate-ensemble@1.0.0',
      features: {},
      models: [
        { name: 'transit-cnn', version: '1.0.0', sha256: 'a'.repeat(64), probability: 0.3 },
        { name: 'candidate-ensemble', version: '1.0.0', sha256: 'b'.repeat(64), probability: 0.4 },
      ],
      embedding: null,
    },
    decision: {
      action: 'reject',
      reasons: ['Eclipse.'],
      policy: 'triage-5',
      probabilities: { accept: 0, reject: 1, human_review: 0 },
      thresholds: 'reject',
      mayAccept: false,
      context: CONTEXT_NAMES.map((_, i) => i),
    },
    depthRetained: 0.97,
    falseAlarmProbability: 1e-4,
    curve: { timeOffsetDays },
  }) as unknown as CandidateResult;

const result = { target: 'KIC 1' } as TargetResult;

describe('records', () => {
  it('B.32 keeps names and units of a candidate and adds the zero point to its epoch', () => {
    const record = candidateRecord(result, aCandidate(2454833));
    expect(record).toMatchObject({ t0Bjd: 2454933.25, depthPpm: 500, rlAction: 'reject' });
    expect(record.fit?.t0Bjd.value).toBeCloseTo(2454933.26, 6);
    expect(record.flags).toEqual({ odd_even: false, secondary: true });
  });

  it('B.17 says what a decision was made of, each number of its context by name', () => {
    const { decidedBy } = candidateRecord(result, aCandidate(0));
    expect(decidedBy).toMatchObject({
      policy: 'triage-5',
      probabilities: { accept: 0, reject: 1, human_review: 0 },
      thresholds: 'reject',
      mayAccept: false,
      contextVersion: 'context-1',
    });
    expect(decidedBy?.context).toMatchObject({ constant: 0, snr: 1, single_event: 11 });
  });

  it('writes an unconstrained error as null, and nothing that JSON would lose', () => {
    const record = candidateRecord(result, aCandidate(Number.NaN));
    expect(record.fit?.t0Bjd).toEqual({ value: 100.26, error: null });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('never makes up the period of a single event', () => {
    const candidate = aCandidate(0);
    const single = { ...candidate, signal: { ...candidate.signal, periodDays: Number.NaN } };
    expect(candidateRecord(result, single).periodDays).toBeNull();
  });

  it('fills the contract of a candidate but for what the store adds', () => {
    const wire = toWire(candidateContract, candidateRecord(result, aCandidate(0)));
    const stored = { candidate_id: true, plots: true, provenance: true, reviews: true } as const;
    expect(candidateContract.omit(stored).safeParse(wire).error?.issues ?? []).toEqual([]);
  });
});

describe('sensitivityRecord', () => {
  const map: SensitivityMap = {
    periodEdgesDays: [1, 10],
    radiusRatioEdges: [0.01, 0.1],
    starRadiusSun: 0.5,
    minSnr: 7.1,
    interrupted: false,
    planned: 4,
    injected: 2,
    cells: [{ periodBin: 0, radiusBin: 0, injected: 2, recovered: 1, low: 0.2, high: 0.8 }],
    halfRadiusRatio: [0.04],
  };

  it('fills the contract, in Earth radii where the radius of the star is known', () => {
    const record = sensitivityRecord(map);
    expect(sensitivity.safeParse(toWire(sensitivity, record)).error?.issues ?? []).toEqual([]);
    // Half the Sun is 54.538 Earth radii (IAU 2015).
    expect(record.radiusEdgesEarth?.[1]).toBeCloseTo(5.4538, 4);
    expect(record.halfRadiusEarth?.[0]).toBeCloseTo(2.18152, 4);
  });

  it('keeps to radius ratios where it is not', () => {
    const record = sensitivityRecord({ ...map, starRadiusSun: null, halfRadiusRatio: [null] });
    expect(record).toMatchObject({ radiusEdgesEarth: null, halfRadiusEarth: null });
    expect(record.halfRadiusRatio).toEqual([null]);
  });
});
