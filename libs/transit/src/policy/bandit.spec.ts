import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { actionProbabilities, expectations, learn, type Lesson } from './bandit.js';
import { product, referencePosterior, referenceShares } from './bandit.reference.js';
import { ACTIONS, REWARDS } from './rewards.js';
import { aTeam } from './team.fixture.js';

const SIZE = 12;
const lessonsOf = (cases: ReturnType<typeof aTeam>): Lesson[] =>
  cases.map(({ context, truth }) => ({ context, review: truth }));

describe('the posterior', () => {
  const lessons = lessonsOf(aTeam(seededRandom(1), 300));
  const context = lessons[0].context;

  it('B.17 is that of its definition', () => {
    const beliefs = learn(lessons, SIZE);
    for (const [i, action] of ACTIONS.entries()) {
      const { mean, inverse } = referencePosterior(lessons, SIZE, action);
      for (const [k, weight] of beliefs[i].mean.entries()) expect(weight).toBeCloseTo(mean[k], 9);
      const expectation = expectations(beliefs, context)[i];
      expect(expectation.mean).toBeCloseTo(product(mean, context), 9);
      const spread = product(
        context,
        inverse.map((row) => product(row, context)),
      );
      expect(expectation.deviation).toBeCloseTo(beliefs[i].scale * Math.sqrt(spread), 9);
    }
  });

  it('B.17 of nothing asks, and is unsure of it', () => {
    const expected = expectations(learn([], SIZE), context);
    expect(expected.map(({ mean }) => mean)).toEqual([-1.5, -0.5, 0.8]);
    const probabilities = actionProbabilities(expected);
    expect(probabilities.human_review).toBeGreaterThan(probabilities.accept);
    expect(probabilities.accept).toBeGreaterThan(0.05);
  });

  it('does not depend on the order of its lessons beyond rounding, and grows surer with them', () => {
    const [there, back] = [lessons, lessons.toReversed()].map((each) =>
      expectations(learn(each, SIZE), context),
    );
    for (const [i, { mean }] of there.entries()) expect(mean).toBeCloseTo(back[i].mean, 9);
    const few = expectations(learn(lessons.slice(0, 30), SIZE), context);
    for (const [i, { deviation }] of there.entries()) {
      expect(deviation).toBeLessThan(few[i].deviation);
    }
  });
});

describe('the probabilities of actions', () => {
  it.each([
    ['alike', [0, 0, 0], [1, 1, 1]],
    ['as rewards are', [0.4, -0.8, 0.78], [2.5, 1.5, 0.5]],
    ['nearly known', [0.9, 0.1, 0.8], [0.1, 0.06, 0.02]],
    ['far apart', [3, -5, 1], [0.5, 0.3, 0.1]],
  ])('B.17 are how often draws are the best: %s', (_, means, deviations) => {
    const of = ACTIONS.map((action, i) => ({ action, mean: means[i], deviation: deviations[i] }));
    const draws = 200_000;
    const shares = referenceShares(of, seededRandom(3), draws);
    const probabilities = actionProbabilities(of);
    for (const [i, action] of ACTIONS.entries()) {
      const error = Math.sqrt((shares[i] * (1 - shares[i])) / draws);
      expect(Math.abs(probabilities[action] - shares[i])).toBeLessThan(4 * error + 1e-5);
    }
  });

  it('add up to 1, also of two', () => {
    const of = [
      { action: 'reject' as const, mean: 0.5, deviation: 0.2 },
      { action: 'human_review' as const, mean: 0.8, deviation: 0.1 },
    ];
    const { accept, reject, human_review: asked } = actionProbabilities(of);
    expect(accept).toBe(0);
    expect(reject + asked).toBeCloseTo(1, 15);
    // Φ(-0.3 / √0.05)
    expect(reject).toBeCloseTo(0.0899, 4);
  });
});

describe('a bandit that goes on learning', () => {
  it('B.17 loses less and less against who knows the probabilities, and beats every fixed action', () => {
    const rounds = 4000;
    const random = seededRandom(5);
    const cases = aTeam(random, rounds);
    const known: Lesson[] = [];
    let beliefs = learn(known, SIZE);
    const gained = { bandit: 0, accept: 0, reject: 0, human_review: 0 };
    /** Against the best by the very numbers that the labels were drawn from, quarter by quarter. */
    const regrets = [0, 0, 0, 0];
    for (const [round, { context, truth }] of cases.entries()) {
      if (round % 100 === 0) beliefs = learn(known, SIZE);
      const probabilities = actionProbabilities(expectations(beliefs, context));
      const planet = context[3];
      const worth = (action: (typeof ACTIONS)[number]) => {
        const { planet: right, false_positive: wrong, unsure } = REWARDS[action];
        return 0.96 * (planet * right + (1 - planet) * wrong) + 0.04 * unsure;
      };
      const best = Math.max(...ACTIONS.map(worth));
      for (const action of ACTIONS) {
        gained[action] += worth(action);
        gained.bandit += probabilities[action] * worth(action);
        regrets[Math.floor((4 * round) / rounds)] += probabilities[action] * (best - worth(action));
      }
      // What was left to the team is reviewed at once, of the rest one in five.
      const look = 0.2 + 0.8 * probabilities.human_review;
      if (random.uniform() < look) known.push({ context, review: truth });
    }
    expect(regrets[1]).toBeLessThan(regrets[0]);
    expect(regrets[3]).toBeLessThan(0.5 * regrets[0]);
    expect(gained.bandit).toBeGreaterThan(
      Math.max(gained.accept, gained.reject, gained.human_review),
    );
  });
});
