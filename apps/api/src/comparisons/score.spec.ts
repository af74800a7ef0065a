import { describe, expect, it } from 'vitest';
import { score, settleLabels } from './score.js';

const aCandidate = (periodDays: number, rlAction = 'accept') => ({
  target: 'KIC 1',
  periodDays,
  t0Bjd: 2_455_000,
  durationHours: 4,
  rlAction,
});
const aLabel = (periodDays: number, isPlanet: boolean, day = 1) => ({
  ...aCandidate(periodDays),
  isPlanet,
  decidedAt: new Date(Date.UTC(2026, 0, day)),
});

describe('score', () => {
  it('B.8 counts claims that are right, wrong and missing', () => {
    const candidates = [aCandidate(3), aCandidate(5), aCandidate(7, 'reject'), aCandidate(11)];
    const labels = [aLabel(3, true), aLabel(5, false), aLabel(7, true), aLabel(13, true)];
    expect(score(candidates, labels)).toEqual({
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 2,
      precision: 1 / 2,
      recall: 1 / 3,
    });
  });

  it('does not hold a rejected false positive against a job', () => {
    expect(score([aCandidate(3, 'reject')], [aLabel(3, false)])).toEqual({
      truePositives: 0,
      falsePositives: 0,
      falseNegatives: 0,
      precision: null,
      recall: null,
    });
  });

  it('does not count a claim that nobody has looked at', () => {
    expect(score([aCandidate(3), aCandidate(20)], [aLabel(3, true)]).precision).toBe(1);
  });
});

describe('settleLabels', () => {
  it('keeps the newest of several labels of one signal', () => {
    const settled = settleLabels([aLabel(3, true, 1), aLabel(3.001, false, 2), aLabel(9, true, 1)]);
    expect(settled.map(({ periodDays, isPlanet }) => [periodDays, isPlanet])).toEqual([
      [3.001, false],
      [9, true],
    ]);
  });
});
