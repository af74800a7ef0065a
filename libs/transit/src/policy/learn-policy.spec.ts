import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { certainly, choose } from './choose.js';
import { learnPolicy } from './learn-policy.js';
import { ENOUGH_REVIEWS } from './obstacles.js';
import { ACTIONS, REWARDS } from './rewards.js';
import { aTeam, CAREFUL, type TeamCase } from './team.fixture.js';

/** What a policy is worth where everything is known. */
function trueValue(
  cases: readonly TeamCase[],
  choiceOf: (of: TeamCase) => Readonly<Record<string, number>>,
): number {
  const worth = cases.map((each) => {
    const choice = choiceOf(each);
    return ACTIONS.reduce((sum, action) => sum + choice[action] * REWARDS[action][each.truth], 0);
  });
  return worth.reduce((sum, value) => sum + value, 0) / worth.length;
}

const ofThresholds = ({ thresholds }: TeamCase) => certainly(thresholds);

describe('what a policy would be worth', () => {
  const truth = trueValue(aTeam(seededRandom(99), 200_000), ofThresholds);

  it('B.17 is told rightly though the team looks at some candidates more than at others', () => {
    const teams = 30;
    const evaluations = Array.from(
      { length: teams },
      (_, i) => learnPolicy(aTeam(seededRandom(i), 1500), null).evaluation.thresholds,
    );
    const off = (valueOf: (of: (typeof evaluations)[number]) => number) => {
      const values = evaluations.map((each) => valueOf(each) - truth);
      const mean = values.reduce((sum, value) => sum + value, 0) / teams;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (teams - 1);
      return mean / Math.sqrt(variance / teams);
    };
    // In standard errors of the mean of all teams.
    expect(Math.abs(off(({ doublyRobust }) => doublyRobust.value))).toBeLessThan(3);
    expect(Math.abs(off(({ inversePropensity }) => inversePropensity.value))).toBeLessThan(3);
    expect(off(({ reviewedOnly }) => reviewedOnly)).toBeGreaterThan(5);
  });

  it('B.17 lies in its interval as often as it says, with as many reviews as a switch asks for', () => {
    const teams = 200;
    let [held, reviews] = [0, 0];
    for (let seed = 1; seed <= teams; seed++) {
      const { evaluation } = learnPolicy(aTeam(seededRandom(1000 + seed), 800), null);
      const { low, high } = evaluation.thresholds.doublyRobust;
      if (low < truth && truth < high) held++;
      reviews += evaluation.reviews.planet + evaluation.reviews.falsePositive;
    }
    expect(reviews / teams).toBeGreaterThan(0.85 * ENOUGH_REVIEWS);
    expect(reviews / teams).toBeLessThan(1.15 * ENOUGH_REVIEWS);
    // 95 of 100, within three standard errors of 200 repeats.
    expect(held / teams).toBeGreaterThan(0.904);
    expect(held / teams).toBeLessThan(0.996);
  }, 60_000);

  it('B.17 holds on new candidates: better where it is said to be, and by as much', () => {
    const { policy, evaluation } = learnPolicy(aTeam(seededRandom(8), 6000), null);
    const fresh = aTeam(seededRandom(9), 50_000);
    const value = trueValue(fresh, (each) => choose(policy, each).probabilities);
    const { low, high } = evaluation.learnt.doublyRobust;
    expect(value).toBeGreaterThan(low);
    expect(value).toBeLessThan(high);
    const gain = value - trueValue(fresh, ofThresholds);
    expect(evaluation.difference.low).toBeGreaterThan(0);
    expect(gain).toBeGreaterThan(evaluation.difference.low);
    expect(gain).toBeLessThan(evaluation.difference.high);
  });

  it('B.17 is seldom said to be more than thresholds that can hardly be bettered', () => {
    const teams = 40;
    let flattered = 0;
    for (let seed = 1; seed <= teams; seed++) {
      const { evaluation } = learnPolicy(aTeam(seededRandom(3000 + seed), 800, CAREFUL), null);
      if (evaluation.difference.low > 0) flattered++;
    }
    expect(flattered / teams).toBeLessThan(0.1);
  }, 60_000);
});

describe('an evaluation', () => {
  const team = aTeam(seededRandom(4), 2000);
  const { policy, evaluation } = learnPolicy(team, null);

  it('B.17 counts what there was, and what each policy would have done with it', () => {
    const said = (truth: string) => team.filter(({ review }) => review === truth).length;
    expect(evaluation).toMatchObject({
      candidates: 2000,
      targets: 1000,
      reviews: {
        planet: said('planet'),
        falsePositive: said('false_positive'),
        unsure: said('unsure'),
      },
      active: null,
    });
    const accepted = team.filter(
      ({ review, thresholds }) => review === 'false_positive' && thresholds === 'accept',
    );
    const [accept] = evaluation.thresholds.would;
    expect([accept.action, accept.falsePositive]).toEqual(['accept', accepted.length]);
    for (const { would } of [evaluation.learnt, evaluation.thresholds]) {
      const planets = would.reduce((sum, row) => sum + row.planet, 0);
      expect(planets).toBeCloseTo(said('planet'), 6);
    }
  });

  it('B.17 says how much its reviews say: fewer than they are, as they are not of a random sample', () => {
    const reviews = team.filter(({ review }) => review !== null).length;
    expect(evaluation.effectiveSampleSize).toBeLessThan(reviews);
    expect(evaluation.effectiveSampleSize).toBeGreaterThan(0.3 * reviews);
  });

  it('B.17 compares with the learnt policy that is active, and finds no difference to itself', () => {
    const active = { ...policy, name: 'learnt-1', until: '2026-12-01T00:00:00.000Z' };
    const { active: value, difference } = learnPolicy(team, active).evaluation;
    expect(value?.doublyRobust.value).toBeCloseTo(evaluation.learnt.doublyRobust.value, 1);
    expect(Math.abs(difference.value)).toBeLessThan(0.05);
    // It has seen these reviews; its twins have not.
    expect(difference.value).toBeLessThan(0);
  });

  it('B.17 is the same again of the same reviews', () => {
    expect(JSON.stringify(learnPolicy(team, null))).toBe(JSON.stringify({ policy, evaluation }));
  });

  it('refuses reviews that are too few to be divided', () => {
    const few = team.filter(({ review }) => review !== null).slice(0, 19);
    expect(() => learnPolicy(few, null)).toThrow('cases must hold 20 reviews, not 19');
  });
});
