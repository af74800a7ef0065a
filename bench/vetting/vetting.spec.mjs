/**
 * The short form of `npm run bench -- vetting`, on seeds of the training part: guards completeness and
 * reliability of the whole chain against regressions. The limits leave two sigma of their counts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from './judge.mjs';
import { curveOf, PLANETS, SETS } from './population.mjs';
import { falseAcceptances, poissonUpper, score, tableOf } from './score.mjs';

const CURVES = { planet: 100, binary: 60, noise: 60, inverted: 60, scrambled: 60 };
const isAccepted = ({ action }) => action === 'accept';

describe('completeness and reliability of the whole chain', { timeout: 300_000 }, () => {
  const answers = {};
  beforeAll(() => {
    for (const [set, curves] of Object.entries(CURVES)) {
      answers[set] = Array.from({ length: curves }, (_, k) => judge(curveOf('training', set, k)));
    }
  }, 300_000);

  it('B.26 accepts the injected planets', () => {
    const { completeness } = score(answers, SETS);
    // The long form has 0.92; 100 planets have an error of 0.027.
    expect(completeness).toBeGreaterThanOrEqual(0.86);
  });

  it('B.26 rejects hardly any planet', () => {
    const rejected = answers.planet.filter(({ candidates }) =>
      candidates.some(({ isTrue, action }) => isTrue && action === 'reject'),
    );
    expect(rejected.length).toBeLessThanOrEqual(3);
  });

  it('B.26 accepts nothing of noise, inverted or scrambled', () => {
    for (const set of ['noise', 'inverted', 'scrambled']) {
      expect(falseAcceptances(answers[set], isAccepted), set).toBe(0);
    }
  });

  it('B.26 finds eclipsing binaries and accepts hardly any', () => {
    const found = answers.binary.filter(({ candidates }) => candidates.length > 0);
    expect(found.length).toBeGreaterThan(50);
    expect(falseAcceptances(answers.binary, isAccepted)).toBeLessThanOrEqual(2);
  });
});

describe('curveOf', () => {
  it('gives the same bytes for the same number, and others for another part', () => {
    const [{ flux }] = curveOf('training', 'binary', 7).segments;
    expect(curveOf('training', 'binary', 7).segments[0].flux).toEqual(flux);
    expect(curveOf('heldOut', 'binary', 7).segments[0].flux).not.toEqual(flux);
  });

  it('injects what the page says', () => {
    for (let number = 0; number < 20; number++) {
      const { planet } = curveOf('training', 'planet', number);
      expect(planet.snr).toBeGreaterThanOrEqual(PLANETS.snr[0]);
      expect(planet.snr).toBeLessThanOrEqual(PLANETS.snr[1]);
      expect(planet.transits).toBeGreaterThanOrEqual(PLANETS.leastTransits);
      expect(planet.periodDays).toBeLessThan(PLANETS.periodsDays[1]);
    }
  });
});

describe('score', () => {
  const found = { isTrue: true, action: 'accept' };
  const wrong = { isTrue: false, action: 'accept' };
  const unsure = { isTrue: true, action: 'human_review' };
  const curve = (...candidates) => ({ candidates });
  const answers = {
    planet: [curve(found), curve(found, wrong), curve(unsure), curve()],
    binary: [curve(wrong), curve()],
    noise: Array.from({ length: 100 }, (_, k) => (k === 0 ? curve(wrong) : curve())),
  };
  const sets = { planet: { stars: 20 }, binary: { stars: 10 }, noise: { stars: 970 } };

  it('weighs what is accepted by the population', () => {
    const { completeness, reliability } = score(answers, sets);
    expect(completeness).toBe(0.5);
    // 10 planets; 5 aliases on their stars, 5 binaries, 9.7 false alarms.
    expect(reliability).toBeCloseTo(10 / (10 + 5 + 5 + 9.7), 12);
  });

  it('counts a human as an acceptance where it is asked to', () => {
    const { completeness } = score(answers, sets, ({ action }) => action !== 'reject');
    expect(completeness).toBe(0.75);
  });

  it('allows for what a few curves cannot show', () => {
    // 95 % limits of a Poisson mean: 3.00 for none, 4.74 for one.
    expect(poissonUpper(0)).toBeCloseTo(3, 1);
    expect(poissonUpper(1)).toBeCloseTo(4.74, 1);
    const { reliability, reliabilityAtLeast } = score(answers, sets);
    expect(reliabilityAtLeast).toBeLessThan(reliability);
  });

  it('sorts planets by SNR and period', () => {
    const planets = [
      { planet: { snr: 7.5, periodDays: 1 }, ...curve(found) },
      { planet: { snr: 12, periodDays: 20 }, ...curve() },
    ];
    expect(tableOf(planets, [7, 10, 30], [0.5, 10, 100], isAccepted)).toEqual([
      [
        { curves: 1, found: 1 },
        { curves: 0, found: 0 },
      ],
      [
        { curves: 0, found: 0 },
        { curves: 1, found: 0 },
      ],
    ]);
  });
});
