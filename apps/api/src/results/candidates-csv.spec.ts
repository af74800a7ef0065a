import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '#contracts';
import { csvHeader, csvRow } from './candidates-csv.js';

const aCandidate = (fields: Partial<Candidate> = {}) =>
  ({
    candidateId: 'id',
    target: 'KIC 1',
    rank: 1,
    periodDays: 10.5,
    t0Bjd: 2454964.123456789,
    depthPpm: 100,
    durationHours: 3,
    snr: 9,
    sde: 8,
    probability: 0.5,
    rlAction: 'human_review',
    reasons: [],
    flags: {},
    fit: null,
    vetting: [],
    aliases: [],
    plots: {},
    reviews: [],
    provenance: { codeVersion: '0.1.0' },
    ...fields,
  }) as Candidate;

const readBack = (candidate: Candidate): Record<string, string>[] =>
  parse(csvHeader() + csvRow(candidate), { columns: true });

describe('candidates as CSV', () => {
  it('keeps every digit of a number and leaves unknown cells empty', () => {
    const [row] = readBack(aCandidate());
    expect(row).toMatchObject({ t0_bjd: '2454964.123456789', impact: '', review: '' });
  });

  it('quotes what holds commas, quotes and line breaks', () => {
    const reasons = ['Depths differ, by 4 "sigma".', 'Second\nline.'];
    const [row] = readBack(aCandidate({ target: 'a,"b"', reasons }));
    expect(row).toMatchObject({
      target: 'a,"b"',
      reasons: 'Depths differ, by 4 "sigma". Second\nline.',
    });
  });

  it('disarms a name that a spreadsheet would run as a formula, but no negative number', () => {
    const [row] = readBack(aCandidate({ target: '=cmd|calc', depthPpm: -5 }));
    expect(row).toMatchObject({ target: "'=cmd|calc", depth_ppm: '-5' });
  });

  it('names the tests that failed and the newest review', () => {
    const flags = { odd_even: false, secondary: true, shape: true };
    const review = (decision: 'planet' | 'unsure') =>
      ({ decision }) as Candidate['reviews'][number];
    const [row] = readBack(aCandidate({ flags, reviews: [review('planet'), review('unsure')] }));
    expect(row).toMatchObject({ failed_tests: 'secondary shape', review: 'planet' });
  });
});
