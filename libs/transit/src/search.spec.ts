import { describe, expect, it } from 'vitest';
import { Scratch } from '#kernels';
import { DEFAULT_PARAMS } from './detect.js';
import { prepare } from './prepare.js';
import { seededRandom } from './random.js';
import { search, searchGrid, type SearchResult } from './search.js';
import { simulate, type SimulatedPlanet, type SimulationOptions } from './simulate.js';
import type { DetectionParams, Signal } from './types.js';

function find(options: SimulationOptions, params: Partial<DetectionParams> = {}): SearchResult {
  const all = { ...DEFAULT_PARAMS, ...params };
  const { detrended, star, detrending } = prepare(simulate(options), all);
  return search(detrended, star, { ...all, windowDays: detrending.windowDays });
}

const signalsOf = ({ rounds }: SearchResult): Signal[] =>
  rounds.flatMap(({ signal }) => (signal ? [signal] : []));

function expectEphemeris(signal: Signal | undefined, planet: SimulatedPlanet) {
  expect(signal).toBeDefined();
  const { periodDays, t0Days, durationHours } = signal!;
  expect(Math.abs(periodDays / planet.periodDays - 1)).toBeLessThan(0.002);
  const cycles = (t0Days - planet.t0Days) / planet.periodDays;
  const offDays = Math.abs(cycles - Math.round(cycles)) * planet.periodDays;
  expect(offDays).toBeLessThan(durationHours / 48);
}

/** The SNR that an ideal filter would have: all the flux that the planet takes away, over σ. */
function noiseForSnr(planet: SimulatedPlanet, snr: number): number {
  const [{ flux }] = simulate({ noisePpm: 0, planets: [planet] });
  const level = [...flux].sort((a, b) => a - b)[flux.length >> 1];
  const power = flux.reduce((sum, value) => sum + (1 - value / level) ** 2, 0);
  return (1e6 * Math.sqrt(power)) / snr;
}

describe('search', () => {
  it('B.48 finds three planets of one quarter, the strongest first, and then nothing', () => {
    const planets = [
      { periodDays: 3.217, t0Days: 132.2, radiusRatio: 0.05 },
      { periodDays: 7.94, t0Days: 134.6, radiusRatio: 0.04 },
      { periodDays: 17.3, t0Days: 141.1, radiusRatio: 0.045 },
    ];
    const result = find({ noisePpm: 250, planets, seed: 11 });
    const signals = signalsOf(result);
    expect(signals).toHaveLength(3);
    for (const planet of planets) {
      const found = signals.find(
        ({ periodDays }) => Math.abs(periodDays / planet.periodDays - 1) < 0.01,
      );
      expectEphemeris(found, planet);
    }
    expect(result.rounds.at(-1)!.signal).toBeNull();
    expect(result.rounds.at(-1)!.periodogram.snr.length).toBeGreaterThan(1000);
    const [first] = signals;
    expect(first.periodDays).toBeCloseTo(3.217, 2);
    expect(first.t0Days).toBeGreaterThan(131.4);
    expect(first.t0Days).toBeLessThan(131.5 + 3.217);
    expect(first.transitsExpected).toBe(28);
    expect(first.sde).toBeGreaterThan(5);
    // k² = 2500 ppm; the template's depth is that of mid-transit, 15 to 25 % more
    expect(first.depthPpm).toBeGreaterThan(2500);
    expect(first.depthPpm).toBeLessThan(3200);
  });

  it('B.46 recovers more than nine in ten injections with an SNR of 8 to 14 in white noise', () => {
    let recovered = 0;
    const trials = 50;
    for (let trial = 0; trial < trials; trial++) {
      const random = seededRandom(5000 + trial);
      const periodDays = 0.6 * (28 / 0.6) ** random.uniform();
      const planet = {
        periodDays,
        t0Days: 131.51 + random.uniform() * periodDays,
        impact: 0.8 * random.uniform(),
        radiusRatio: 0.02,
      };
      const noisePpm = noiseForSnr(planet, 8 + 6 * random.uniform());
      const options = { planets: [planet], noisePpm, seed: 9000 + trial };
      const [signal] = signalsOf(find(options, { maxPlanets: 1, minSnr: 6 }));
      if (signal && Math.abs(signal.periodDays / periodDays - 1) < 0.01) recovered++;
    }
    expect(recovered / trials).toBeGreaterThan(0.9);
  });

  it.each([
    { kind: 'white noise', options: { noisePpm: 200 } },
    { kind: 'red noise', options: { noisePpm: 200, redNoise: { ppm: 70, timescaleDays: 0.25 } } },
    { kind: 'TESS', options: { mission: 'TESS', cadenceMinutes: 10, noisePpm: 800 } as const },
  ])('finds nothing in 25 curves of $kind', ({ options }) => {
    for (let seed = 1; seed <= 25; seed++) {
      expect(signalsOf(find({ ...options, seed }))).toEqual([]);
    }
  });

  it('finds a period below one day in four years of Kepler, to a second', () => {
    const planet = { periodDays: 0.743518, t0Days: 131.9, radiusRatio: 0.0062 };
    const segments = Array.from({ length: 16 }, (_, k) => k + 1);
    const result = find({ planets: [planet], segments, noisePpm: 150, seed: 5 }, { maxPlanets: 1 });
    const [signal] = signalsOf(result);
    expectEphemeris(signal, planet);
    expect(Math.abs(signal.periodDays - planet.periodDays)).toBeLessThan(1e-5);
    expect(result.grid.periods).toBeGreaterThan(500_000);
    expect(result.grid.cost).toBeGreaterThan(5e8);
  });

  it('joins sectors that are two years apart in one ephemeris', () => {
    const planet = { periodDays: 4.3217, t0Days: 1327.3, radiusRatio: 0.06 };
    const options = { mission: 'TESS', cadenceMinutes: 10, segments: [1, 27] } as const;
    const result = find({ ...options, planets: [planet], noisePpm: 900, seed: 3 });
    const [signal, ...others] = signalsOf(result);
    expectEphemeris(signal, planet);
    expect(others).toEqual([]);
    expect(Math.abs(signal.periodDays - planet.periodDays)).toBeLessThan(2e-4);
    expect(signal.transitsObserved).toBe(12);
    expect(signal.transitsExpected).toBeGreaterThan(165);
  });

  it('reports an eclipsing binary once, at its own period, and says why not at half of it', () => {
    const binary = {
      periodDays: 2.4,
      t0Days: 132.1,
      primaryPpm: 200_000,
      secondaryPpm: 140_000,
      durationHours: 5,
    };
    const signals = signalsOf(find({ binaries: [binary], noisePpm: 200 }));
    expect(signals).toHaveLength(1);
    expect(signals[0].periodDays).toBeCloseTo(2.4, 3);
    expect(Math.abs(signals[0].t0Days - 132.1)).toBeLessThan(0.02);
    const half = signals[0].aliases.find(({ ratio }) => ratio === 0.5)!;
    expect(half.verdict).toMatch(
      /^Half the period mixes dips of different depths: \d+ ppm, \d+ ppm \(difference [\d.]+ sigma\)/,
    );
  });

  it('reports a single transit without inventing a period, after what repeats', () => {
    const single = { periodDays: 500, t0Days: 170, radiusRatio: 0.1 };
    const planet = { periodDays: 5.6, t0Days: 133.3, radiusRatio: 0.03 };
    const signals = signalsOf(find({ planets: [single, planet], noisePpm: 150, seed: 2 }));
    expect(signals).toHaveLength(2);
    expectEphemeris(signals[0], planet);
    expect(signals[1].periodDays).toBeNaN();
    expect(signals[1].transitsObserved).toBe(1);
    expect(Math.abs(signals[1].t0Days - 170)).toBeLessThan(0.03);
    expect(signals[1].snr).toBeGreaterThan(signals[0].snr);
  });

  it('does not make one planet out of two single transits of different depths', () => {
    const planets = [
      { periodDays: 500, t0Days: 150, radiusRatio: 0.1 },
      { periodDays: 500, t0Days: 180, radiusRatio: 0.06 },
    ];
    const signals = signalsOf(find({ planets, noisePpm: 150, seed: 2 }));
    expect(signals.map(({ transitsObserved }) => transitsObserved)).toEqual([1, 1]);
    expect(signals.map(({ periodDays }) => periodDays)).toEqual([NaN, NaN]);
  });

  it('takes two glitches of one point each neither for a planet nor for single transits', () => {
    const [segment] = simulate({ noisePpm: 150 });
    const flux = segment.flux.slice();
    flux[800] *= 0.99;
    flux[2900] *= 0.99;
    const { detrended, detrending } = prepare([{ ...segment, flux }], DEFAULT_PARAMS);
    const params = { ...DEFAULT_PARAMS, windowDays: detrending.windowDays };
    expect(signalsOf(search(detrended, {}, params))).toEqual([]);
  });

  it('goes on past a pair to a planet of more transits where only those count', () => {
    const pair = { periodDays: 37.3, t0Days: 156.4, radiusRatio: 0.05 };
    const planet = { periodDays: 5.6, t0Days: 133.3, radiusRatio: 0.015 };
    const { detrended } = prepare(simulate({ planets: [pair, planet], seed: 2 }), DEFAULT_PARAMS);
    const params = { ...DEFAULT_PARAMS, maxPlanets: 1 };
    const transits = (leastTransits?: number) =>
      signalsOf(search(detrended, {}, params, () => {}, { leastTransits })).map(
        ({ transitsObserved }) => transitsObserved,
      );
    expect(transits()).toEqual([2]);
    expect(transits(3)).toEqual([2, 16]);
  });

  it('does not depend on the zero point of time or on the size of the error bars', () => {
    const planet = { periodDays: 3.217, t0Days: 132.2, radiusRatio: 0.04 };
    const { detrended } = prepare(simulate({ planets: [planet], noisePpm: 250 }), DEFAULT_PARAMS);
    const params = { ...DEFAULT_PARAMS, maxPlanets: 1 };
    const [expected] = signalsOf(search(detrended, {}, params));
    const changed = {
      ...detrended,
      timeDays: detrended.timeDays.map((time) => time + 2048),
      fluxError: detrended.fluxError.map((error) => 16 * error),
    };
    const [signal] = signalsOf(search(changed, {}, params));
    expect(signal.periodDays).toBeCloseTo(expected.periodDays, 4);
    expect(signal.t0Days - 2048).toBeCloseTo(expected.t0Days, 2);
    // Errors that are right are taken as they are, others are measured, to 1.4 % in 4,300 points.
    expect(Math.abs(signal.snr / expected.snr - 1)).toBeLessThan(0.02);
  });

  it('gives the same bytes for the same input', () => {
    const options = { planets: [{ periodDays: 3.2, t0Days: 132.2, radiusRatio: 0.04 }] };
    expect(find(options)).toEqual(find(options));
  });

  it('gives the same bytes in memory that other searches have used, and keeps nothing in it', () => {
    const redNoise = { ppm: 150, timescaleDays: 0.3 };
    const planet = { periodDays: 3.217, radiusRatio: 0.04 };
    const single = { periodDays: 400, t0Days: 170, radiusRatio: 0.06 };
    const curves = [
      { mission: 'TESS' as const, planets: [{ ...planet, t0Days: 1326.2 }] },
      { planets: [{ ...planet, t0Days: 132.2 }, single] },
    ].map(
      (options) =>
        prepare(simulate({ ...options, noisePpm: 250, redNoise }), DEFAULT_PARAMS).detrended,
    );
    const scratch = new Scratch();
    scratch.during(() => scratch.float64(1e6).fill(NaN));
    const shared = curves.map((curve) => search(curve, {}, DEFAULT_PARAMS, () => {}, { scratch }));
    scratch.during(() => scratch.float64(1e6).fill(NaN));
    expect(shared).toEqual(curves.map((curve) => search(curve, {}, DEFAULT_PARAMS)));
    expect(signalsOf(shared[1]).map(({ transitsObserved }) => transitsObserved)).toContain(1);
  });

  it('B.13 finds the same planet by direct box search', () => {
    const planet = { periodDays: 3.217, t0Days: 132.2, radiusRatio: 0.04 };
    const result = find({ planets: [planet], noisePpm: 250 }, { method: 'bls', maxPlanets: 1 });
    expectEphemeris(signalsOf(result)[0], planet);
    expect(result.rounds[0].periodogram.method).toBe('bls');
    expect(result.grid.oversampling).toBe(3);
  });

  it('says before it runs what it will try and what that costs', () => {
    const { detrended, detrending } = prepare(simulate({ segments: [1, 2] }), DEFAULT_PARAMS);
    for (const method of ['folding', 'bls'] as const) {
      const params = {
        ...DEFAULT_PARAMS,
        method,
        minPeriodDays: 5,
        windowDays: detrending.windowDays,
      };
      const grid = searchGrid(detrended, {}, params);
      expect(search(detrended, {}, params).grid).toEqual(grid);
      expect(grid.cost).toBeGreaterThan(grid.periods);
    }
    const cost = (minPeriodDays: number) =>
      searchGrid(detrended, {}, { ...DEFAULT_PARAMS, minPeriodDays }).cost;
    expect(cost(0.5)).toBeGreaterThan(1.5 * cost(5));
  });

  it('reports progress that never goes back', () => {
    const { detrended } = prepare(simulate({ segments: [1, 2, 3] }), DEFAULT_PARAMS);
    const fractions: number[] = [];
    search(detrended, {}, DEFAULT_PARAMS, (stage, fraction) => {
      expect(stage).toBe('search');
      fractions.push(fraction);
    });
    expect(fractions.length).toBeGreaterThan(10);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
  });

  it('refuses periods out of order and a curve that is too short', () => {
    const { detrended } = prepare(simulate(), DEFAULT_PARAMS);
    expect(() => search(detrended, {}, { ...DEFAULT_PARAMS, maxPeriodDays: 0.4 })).toThrow(
      'must be above 0 and below the longest, 0.4 d (as chosen, or half the baseline), not 0.5 d',
    );
    const short = { ...detrended, timeDays: detrended.timeDays.slice(0, 49) };
    expect(() => search(short, {}, DEFAULT_PARAMS)).toThrow('at least 50 points, not 49');
  });
});
