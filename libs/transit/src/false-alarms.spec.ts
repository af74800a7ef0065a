import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from './detect.js';
import {
  chooseTrials,
  falseAlarmBound,
  falseAlarmProbability,
  falseAlarms,
} from './false-alarms.js';
import { search } from './search.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';
import type { SearchGrid, Signal } from './types.js';

const sun = { radiusSun: 1, massSun: 1 };
const params = { ...DEFAULT_PARAMS, detrend: 'none', maxPlanets: 1, minSnr: 3 } as const;
/** A sector of half-hour data: a search takes a few milliseconds. */
const sector = (options: SimulationOptions) =>
  stitch(simulate({ mission: 'TESS', cadenceMinutes: 30, ...options })).curve;

function probabilityOfBest(options: SimulationOptions): number {
  const curve = sector(options);
  const { rounds } = search(curve, sun, params);
  const signals = rounds.flatMap(({ signal }) => signal ?? []);
  // As the pipeline does: the best signal of noise is one of the signals found.
  const nulls = falseAlarms(curve, sun, params, signals, 12)!;
  return falseAlarmProbability(nulls, signals[0] ?? { score: 0, transitsObserved: 2 });
}

describe('falseAlarmProbability', () => {
  it.each([
    { noise: 'white', redNoise: undefined },
    { noise: 'red', redNoise: { ppm: 100, timescaleDays: 0.25 } },
  ])('is uniform over curves of $noise noise', ({ redNoise }) => {
    const curves = 60;
    let [low, half] = [0, 0];
    for (let seed = 1; seed <= curves; seed++) {
      const probability = probabilityOfBest({ seed, noisePpm: 300, redNoise });
      if (probability < 0.1) low++;
      if (probability < 0.5) half++;
    }
    // Three binomial errors: 0.1 ± 0.12 and 0.5 ± 0.2.
    expect(low / curves).toBeLessThan(0.22);
    expect(Math.abs(half / curves - 0.5)).toBeLessThan(0.2);
  });

  it('is small for a planet, the smaller the stronger it is', () => {
    const planet = { periodDays: 3.7, t0Days: 1327, radiusRatio: 0.03 };
    const of = (noisePpm: number) => {
      const curve = sector({ seed: 3, noisePpm, planets: [planet] });
      const { rounds } = search(curve, sun, params);
      const signal = rounds[0].signal!;
      expect(Math.abs(signal.periodDays / planet.periodDays - 1)).toBeLessThan(0.01);
      const nulls = falseAlarms(curve, sun, params, [signal], 8)!;
      return falseAlarmProbability(nulls, signal);
    };
    const faint = of(550);
    expect(faint).toBeLessThan(0.01);
    expect(of(300)).toBeLessThan(faint * 1e-3);
  });
});

describe('falseAlarms', () => {
  it('masks a signal that no noise could have made', () => {
    const planets = [{ periodDays: 3.7, t0Days: 1327, radiusRatio: 0.1 }];
    const deep = sector({ seed: 3, noisePpm: 300, planets });
    const signal = search(deep, sun, params).rounds[0].signal!;
    const strongest = (signals: Signal[]) =>
      Math.max(...falseAlarms(deep, sun, params, signals, 5)!.several.scrambled);
    expect(strongest([signal])).toBeLessThan(32); // a score of 8
    expect(strongest([])).toBeGreaterThan(4 * strongest([signal]));
  });

  it('masks a weak signal that is real where another is left in doubt, and only there', () => {
    const planets = [{ periodDays: 3.7, t0Days: 1327, radiusRatio: 0.03 }];
    const curve = sector({ seed: 3, noisePpm: 450, planets });
    const planet = search(curve, sun, params).rounds[0].signal!;
    const doubtful = { ...planet, periodDays: 2.3, score: 5 };
    const nothingMasked = falseAlarms(curve, sun, params, [], 8)!;
    expect(planet.score).toBeLessThan(12);
    expect(falseAlarmProbability(nothingMasked, planet)).toBeLessThan(0.01);
    expect(falseAlarms(curve, sun, params, [planet], 8)).toEqual(nothingMasked);
    const masked = falseAlarms(curve, sun, params, [planet, doubtful], 8);
    expect(masked).not.toEqual(nothingMasked);
  });

  const none = { scrambled: [], inverted: 0 };
  /** What only null signals of as many transits say of one that has several. */
  const chanceOf = (score: number, scrambled: number[], invertedScore: number) => {
    const several = { scrambled, inverted: invertedScore ** 2 / 2 };
    return falseAlarmProbability({ pairs: none, several }, { score, transitsObserved: 3 });
  };

  it('counts where too few scrambled curves hold a signal', () => {
    const maxima = [20, 18, 0, 0, 0, 0, 0, 0, 0];
    expect(chanceOf(10, maxima, 0)).toBeCloseTo(1 / 11, 10);
    expect(chanceOf(6.2, maxima, 0)).toBeCloseTo(2 / 11, 10);
  });

  it('takes the inverted curve as one more without a planet', () => {
    const maxima = [15, 17, 16, 18, 16.5];
    expect(chanceOf(8, maxima, 8)).toBeGreaterThan(5 * chanceOf(8, maxima, 5.7));
    expect(chanceOf(8, [0, 0, 0, 0, 0, 0, 0], 9)).toBeCloseTo(2 / 9, 10);
  });

  describe('on a year in which the detector dropped a few times', () => {
    /** Five drops of half a day, at no common period, and a faint planet of forty transits. */
    const year = stitch(
      simulate({
        seed: 11,
        segments: [1, 2, 3, 4],
        planets: [{ periodDays: 8.7, t0Days: 133, radiusRatio: 0.0072 }],
      }).map((segment) => ({
        ...segment,
        flux: segment.flux.map((value, i) => {
          const at = segment.timeDays[i];
          const isDrop = [150.2, 209.9, 262.4, 368.8, 441.3].some((t) => at > t && at < t + 0.4);
          return isDrop ? value * (1 - 1.2e-3) : value;
        }),
      })),
    ).curve;
    const { rounds } = search(year, sun, { ...params, maxPlanets: 4, minSnr: 7.1 });
    const signals = rounds.flatMap(({ signal }) => signal ?? []);
    const planet = signals.find(({ transitsObserved }) => transitsObserved > 30)!;
    const nulls = falseAlarms(year, sun, params, [planet], 8)!;

    it('compares a planet of many transits with null signals of three or more', () => {
      expect(planet.periodDays).toBeCloseTo(8.7, 1);
      expect(planet.score).toBeLessThan(12);
      expect(falseAlarmProbability(nulls, planet)).toBeLessThan(0.01);
    });

    it('compares a pair with the pairs that the glitches make', () => {
      const pair = { score: planet.score, transitsObserved: 2 };
      expect(falseAlarmProbability(nulls, pair)).toBeGreaterThan(0.25);
    });
  });

  const curve = sector({ seed: 5, noisePpm: 300 });

  it('gives the same bytes for the same seed, and others for another', () => {
    const first = falseAlarms(curve, sun, params, [], 5);
    expect(falseAlarms(curve, sun, params, [], 5)).toEqual(first);
    expect(falseAlarms(curve, sun, { ...params, seed: 2 }, [], 5)).not.toEqual(first);
  });

  it('reports progress that ends at one, and searches nothing where nothing is asked', () => {
    const seen: number[] = [];
    falseAlarms(curve, sun, params, [], 5, (fraction) => seen.push(fraction));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(falseAlarms(curve, sun, params, [], 0)).toBeNull();
  });

  it('refuses fewer trials than make a distribution', () => {
    expect(() => falseAlarms(curve, sun, params, [], 2)).toThrow(
      'trials must be 0 or a whole number from 5, not 2',
    );
  });
});

describe('chooseTrials', () => {
  const grid = {
    cost: 2e7,
    periods: 3e4,
    maxPeriodDays: 45,
    durationsHours: [1, 10],
  } as unknown as SearchGrid;
  const faint = { periodDays: 3, score: 8 } as Signal;
  const strong = { periodDays: 3, score: 40 } as Signal;

  it('asks for as many as wanted, for none where nothing is in doubt, for few where they are dear', () => {
    expect(chooseTrials(7, [strong], grid)).toBe(7);
    expect(chooseTrials(null, [strong], grid)).toBe(0);
    expect(chooseTrials(null, [faint, strong], grid)).toBe(10);
    expect(chooseTrials(null, [faint], { ...grid, cost: 2e9 })).toBe(7);
    expect(chooseTrials(null, [faint], { ...grid, cost: 4e9 })).toBe(0);
  });

  it('bounds the probability of a strong signal, and of no other', () => {
    expect(falseAlarmBound(grid, 12)).toBeLessThan(1e-20);
    expect(falseAlarmBound(grid, 6)).toBeNull();
  });
});
