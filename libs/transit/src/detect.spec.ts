import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS, detect, detectAsync } from './detect.js';
import { mockFitter } from './fit/mock.js';
import { seededRandom } from './random.js';
import { axisRatioFromDensity, transitFlux, type TransitModel } from './transit-model.js';
import type { Segment, Stage } from './types.js';

const EXPOSURE_DAYS = 30 / 1440;

interface Scene {
  readonly planets?: readonly Partial<TransitModel>[];
  readonly change?: (timeDays: number) => number;
  readonly noise?: number;
  readonly days?: number;
  readonly seed?: number;
}

function planet(change: Partial<TransitModel> = {}): TransitModel {
  const periodDays = change.periodDays ?? 4.3;
  return {
    periodDays,
    t0Days: 102.2,
    radiusRatio: 0.06,
    impact: 0.3,
    axisRatio: axisRatioFromDensity(periodDays, 1.41),
    limbDarkening: [0.49, 0.18],
    ...change,
  };
}

function aSegment(scene: Scene = {}): Segment {
  const { planets = [{}], change = () => 1, noise = 3e-4, days = 60, seed = 1 } = scene;
  const random = seededRandom(seed);
  const n = Math.floor(days / EXPOSURE_DAYS);
  const timeDays = Float64Array.from({ length: n }, (_, i) => 100 + i * EXPOSURE_DAYS);
  const flux = new Float64Array(n).fill(5000);
  for (const one of planets) {
    transitFlux(planet(one), timeDays, EXPOSURE_DAYS).forEach((value, i) => (flux[i] *= value));
  }
  for (let i = 0; i < n; i++) flux[i] *= change(timeDays[i]) * (1 + noise * random.normal());
  return {
    target: 'KIC 1',
    mission: 'Kepler',
    label: 'Q3',
    timeSystem: 'BKJD',
    timeOffsetDays: 2454833,
    timeDays,
    flux,
    fluxError: new Float64Array(n).fill(5000 * noise),
    flagged: null,
    exposureDays: EXPOSURE_DAYS,
    fluxColumn: 'PDCSAP_FLUX',
    star: { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 },
  };
}

describe('detect', () => {
  it('B.46 finds, fits and accepts a planet', () => {
    const result = detect([aSegment()]);
    expect(result).toMatchObject({ target: 'KIC 1', mission: 'Kepler', warnings: [] });
    expect(result.candidates).toHaveLength(1);
    const [{ signal, fit, decision, rank }] = result.candidates;
    expect(rank).toBe(1);
    expect(Math.abs(signal.periodDays - 4.3)).toBeLessThan(0.005);
    expect(Math.abs(fit.radiusRatio.value - 0.06)).toBeLessThan(4 * fit.radiusRatio.error);
    expect(fit.backend).toBe('local');
    expect(decision.action, decision.reasons.join(' ')).toBe('accept');
    expect(result.residual).not.toBeNull();
    expect(result.rmsPpm).toBeGreaterThan(250);
    expect(result.rmsPpm).toBeLessThan(350);
  });

  it('B.48 finds two planets, each in a curve without the one before', () => {
    const second = { periodDays: 9.7, t0Days: 104, radiusRatio: 0.045 };
    const { candidates, detrended } = detect([aSegment({ planets: [{}, second] })]);
    expect(candidates.map(({ decision }) => decision.action)).toEqual(['accept', 'accept']);
    expect(candidates.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(candidates[0].curve.timeDays.length).toBe(detrended.timeDays.length);
    expect(candidates[1].curve.timeDays.length).toBeLessThan(detrended.timeDays.length);
  });

  it('B.48 fits each planet without the transits of the others, also of those found later', () => {
    // A single deep transit beside one of the planet's, in what is fitted around it.
    const once = {
      periodDays: 300,
      t0Days: 102.2 + 6 * 4.3 + 0.28,
      radiusRatio: 0.09,
      axisRatio: 400,
    };
    const { candidates } = detect([aSegment({ planets: [{}, once] })]);
    const { fit } = candidates.find(({ signal }) => Math.abs(signal.periodDays - 4.3) < 0.01)!;
    const alone = detect([aSegment()]).candidates[0].fit;
    expect(fit.chi2 / fit.degreesOfFreedom).toBeLessThan(1.3);
    expect(Math.abs(fit.radiusRatio.value - alone.radiusRatio.value)).toBeLessThan(
      2 * alone.radiusRatio.error,
    );
  });

  it('B.48 fits the planets of a star together, and judges each by itself', () => {
    const planets = [{}, { periodDays: 7.1, t0Days: 103.4, radiusRatio: 0.05 }];
    const segments = [aSegment({ planets, days: 90 })];
    const together = detect(segments).candidates;
    expect(together.map(({ fit }) => fit.joint)).toEqual([true, true]);
    const [first, second] = together.map(({ fit }) => fit);
    expect(first.stellarDensity.value).toBeCloseTo(second.stellarDensity.value, 8);
    for (const { fit, signal } of together) {
      const injected = signal.periodDays < 6 ? 0.06 : 0.05;
      expect(Math.abs(fit.radiusRatio.value - injected) / fit.radiusRatio.error).toBeLessThan(3.5);
    }
    const apart = detect(segments, {}, () => {}, {
      fitter: {
        name: 'other',
        fit: (request) => ({ ...mockFitter.fit(request), backend: 'other' }),
      },
    }).candidates;
    expect(apart.map(({ fit }) => fit.joint)).toEqual([false, false]);
  });

  it('B.48 vets a small planet as if a large one were not there', () => {
    const small = { radiusRatio: 0.03 };
    const large = { periodDays: 9.7, t0Days: 104, radiusRatio: 0.1 };
    const uniqueness = (planets: readonly Partial<TransitModel>[]) => {
      const { candidates } = detect([aSegment({ planets })]);
      const found = candidates.find(({ signal }) => Math.abs(signal.periodDays - 4.3) < 0.01)!;
      return found.vetting.find(({ test }) => test === 'uniqueness')!.value!;
    };
    expect(uniqueness([small, large])).toBeGreaterThan(0.6 * uniqueness([small]));
  });

  it('finds nothing to accept in noise', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { candidates } = detect([aSegment({ planets: [], seed })], { sensitivity: 'never' });
      expect(candidates.filter(({ decision }) => decision.action === 'accept')).toEqual([]);
    }
  });

  it('B.26 rejects an eclipsing binary for its second eclipse or its alternating depth', () => {
    const binary = (depth: number, period: number, from: number) => (time: number) => {
      const cycles = (time - from) / period;
      return Math.abs(cycles - Math.round(cycles)) * period < 0.08 ? 1 - depth : 1;
    };
    const primary = binary(0.02, 4.3, 101);
    const secondary = binary(0.012, 4.3, 101 + 2.15);
    const { candidates } = detect([
      aSegment({ planets: [], change: (time) => primary(time) * secondary(time) }),
    ]);
    expect(candidates[0].decision.action).toBe('reject');
    expect(candidates[0].decision.reasons[0]).toMatch(/eclipsing binary/i);
  });

  it('leaves a single transit to a human', () => {
    const once = { periodDays: 200, t0Days: 130, radiusRatio: 0.08 };
    const { candidates } = detect([aSegment({ planets: [once] })]);
    expect(candidates.map(({ decision }) => decision.action)).toEqual(['human_review']);
    expect(candidates[0].signal.periodDays).toBeNaN();
    expect(candidates[0].decision.reasons).toContain('A single event: its period is unknown.');
  });

  it('gives the same bytes for the same input', () => {
    expect(detect([aSegment()])).toEqual(detect([aSegment()]));
  });

  it('reports progress that never goes back, from 0 to 1', () => {
    const seen: [Stage, number][] = [];
    detect([aSegment()], {}, (stage, fraction) => seen.push([stage, fraction]));
    const fractions = seen.map(([, fraction]) => fraction);
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(new Set(seen.map(([stage]) => stage))).toEqual(
      new Set<Stage>(['clean', 'detrend', 'search', 'fit', 'vet', 'classify', 'decide']),
    );
  });

  it('measures what could have been found: where nothing was, or always, or never', () => {
    const quiet = [aSegment({ planets: [], days: 20 })];
    const held = [aSegment({ days: 20 })];
    const stages: Stage[] = [];
    const fractions: number[] = [];
    const { candidates, sensitivity } = detect(quiet, {}, (stage, fraction) => {
      stages.push(stage);
      fractions.push(fraction);
    });
    expect(candidates).toEqual([]);
    expect(sensitivity).toMatchObject({ planned: 100, interrupted: false, starRadiusSun: 1 });
    expect(sensitivity!.injected).toBeGreaterThan(25);
    // Several reports an injection.
    expect(stages.filter((stage) => stage === 'sensitivity').length).toBeGreaterThan(
      3 * sensitivity!.injected,
    );
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(detect(quiet, { sensitivity: 'never' }).sensitivity).toBeNull();
    expect(detect(held).sensitivity).toBeNull();
    const always = detect(held, { sensitivity: 'always' });
    expect(always.candidates).toHaveLength(1);
    expect(always.sensitivity?.cells).toHaveLength(64);
  });

  it('keeps of an interrupted map what is done, and says so', () => {
    const quiet = [aSegment({ planets: [], days: 20 })];
    let asked = 0;
    const { sensitivity } = detect(quiet, {}, undefined, { isInterrupted: () => ++asked === 7 });
    expect(sensitivity).toMatchObject({ planned: 100, injected: 7, interrupted: true });
    const whole = detect(quiet).sensitivity!;
    for (const [i, { injected, recovered }] of sensitivity!.cells.entries()) {
      expect(injected).toBeLessThanOrEqual(1);
      expect(recovered).toBeLessThanOrEqual(whole.cells[i].recovered);
    }
  });

  it('B.27 takes another backend, at once or awaited, without any other change', async () => {
    const segments = [aSegment()];
    const local = detect(segments);
    const mocked = detect(segments, {}, undefined, { fitter: mockFitter });
    expect(mocked.candidates[0].signal).toEqual(local.candidates[0].signal);
    expect(mocked.candidates[0].fit.backend).toBe('mock');
    expect(mocked.candidates[0].decision.action).toBe('human_review');
    const awaited = await detectAsync(segments, {}, undefined, {
      fitter: { name: 'later', fit: (request) => Promise.resolve(mockFitter.fit(request)) },
    });
    expect(awaited).toEqual(mocked);
  });

  it('says what it assumed', () => {
    const { warnings } = detect([{ ...aSegment(), star: {} }]);
    expect(warnings).toContain(
      'Nothing is known of the star; radius, mass and temperature of the Sun are assumed.',
    );
  });

  it('uses the defaults for what is not given, also where it is undefined', () => {
    const spare = detect([aSegment()], { minPeriodDays: undefined, seed: undefined });
    expect(spare.grid.minPeriodDays).toBe(DEFAULT_PARAMS.minPeriodDays);
  });

  it.each([
    ['no files', [], {}, 'segments must hold at least one file'],
    [
      'no planets',
      [aSegment()],
      { maxPlanets: 0 },
      'maxPlanets must be a whole number from 1, not 0',
    ],
    ['no threshold', [aSegment()], { minSnr: NaN }, 'minSnr must be positive, not NaN'],
    ['periods in no order', [aSegment()], { minPeriodDays: 40 }, 'The shortest period must be'],
  ])('refuses %s by name', (_, segments, params, message) => {
    expect(() => detect(segments, params)).toThrow(RangeError);
    expect(() => detect(segments, params)).toThrow(message);
  });
});
