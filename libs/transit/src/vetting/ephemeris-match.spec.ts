import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { type EphemerisCandidate, matchEphemerides } from './ephemeris-match.js';

const candidate = (fields: Partial<EphemerisCandidate>): EphemerisCandidate => ({
  id: fields.target ?? 'a',
  target: 'a',
  rank: 1,
  periodDays: 5,
  t0Bjd: 2_455_000.3,
  durationHours: 3,
  depthPpm: 1000,
  baselineDays: 90,
  ...fields,
});

/** Periods as a search finds them, and depths down to a hundredth of a percent. */
function unrelated(count: number, seed: number): EphemerisCandidate[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) =>
    candidate({
      target: `star ${i}`,
      periodDays: 0.5 * 90 ** random.uniform(),
      t0Bjd: 2_455_000 + 50 * random.uniform(),
      depthPpm: 100 * 1000 ** random.uniform(),
    }),
  );
}

describe('matchEphemerides', () => {
  it('rejects the diluted copy of an eclipsing star, and only the copy', () => {
    const eclipsing = candidate({ target: 'eb', depthPpm: 80_000, rank: 1 });
    const copy = candidate({ target: 'copy', periodDays: 5.0002, t0Bjd: 2_455_010.302, rank: 2 });
    const [match, ...others] = matchEphemerides([copy, eclipsing, ...unrelated(50, 1)]);
    expect(others).toEqual([]);
    expect(match).toMatchObject({ id: 'copy', parentId: 'eb', action: 'reject' });
    expect(match.test).toMatchObject({ test: 'ephemeris_match', verdict: 'fail', threshold: 1e-3 });
    expect(match.test.value).toBeLessThan(1e-3);
    expect(match.test.message).toMatch(
      /^The eclipses of another star: candidate 1 of eb is 80\.0 times as deep .* mid-times 2\.9 min apart/,
    );
  });

  it('sees a copy that was found at half, twice or a third of the period', () => {
    const eclipsing = candidate({ target: 'eb', depthPpm: 80_000 });
    for (const periodDays of [2.5, 10, 5 / 3]) {
      const copy = candidate({ target: 'copy', periodDays });
      expect(matchEphemerides([eclipsing, copy]).map(({ id }) => id)).toEqual(['copy']);
    }
  });

  it('asks a human about two targets that are equally deep', () => {
    const twin = candidate({ target: 'b', depthPpm: 990 });
    const [match] = matchEphemerides([candidate({}), twin]);
    expect(match).toMatchObject({ id: 'b', action: 'human_review' });
    expect(matchEphemerides([candidate({}), candidate({ target: 'b' })])).toHaveLength(1);
  });

  it('leaves alone another phase, a period that drifts away, and two planets of one star', () => {
    const eclipsing = candidate({ target: 'eb', depthPpm: 80_000 });
    const shifted = candidate({ target: 'b', t0Bjd: 2_455_001 });
    const drifting = candidate({ target: 'c', periodDays: 5.01 });
    const sibling = candidate({ target: 'eb', id: 'sibling' });
    expect(matchEphemerides([eclipsing, shifted, drifting, sibling])).toEqual([]);
  });

  it('matches one unrelated candidate in a thousand at most', () => {
    let matches = 0;
    for (let seed = 1; seed <= 5; seed++) matches += matchEphemerides(unrelated(2000, seed)).length;
    expect(matches).toBeLessThanOrEqual(20); // 10 expected at the threshold, of 10,000
  });

  it('takes single events and empty jobs', () => {
    expect(matchEphemerides([])).toEqual([]);
    expect(matchEphemerides([candidate({ periodDays: NaN }), candidate({ target: 'b' })])).toEqual(
      [],
    );
  });
});
