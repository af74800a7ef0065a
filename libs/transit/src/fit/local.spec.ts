import { describe, expect, it } from 'vitest';
import {
  axisRatioFromDensity,
  fullTransitDurationHours,
  midTransitDepthPpm,
  transitDurationHours,
  transitFlux,
  type TransitModel,
} from '../transit-model.js';
import { seededRandom } from '../random.js';
import type { LightCurve, Signal, TransitFit } from '../types.js';
import type { FitRequest } from './adapter.js';
import { limbDarkeningOf } from '../limb-darkening.js';
import { localFitter } from './local.js';
import { mockFitter } from './mock.js';

const truth: TransitModel = {
  periodDays: 4.1234,
  t0Days: 2.5,
  radiusRatio: 0.08,
  impact: 0.4,
  axisRatio: axisRatioFromDensity(4.1234, 1.41),
  limbDarkening: limbDarkeningOf({ effectiveTemperatureK: 5772, logg: 4.438 }, 'Kepler')
    .coefficients,
};
const exposure = 29.4 / 1440;
const sun = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 };

interface Scene {
  model?: Partial<TransitModel>;
  days?: number;
  noise?: number;
  redNoise?: number;
  seed?: number;
  statedError?: number;
  exposureDays?: number;
}

function aCurve(scene: Scene = {}): LightCurve {
  const { days = 80, noise = 2e-4, redNoise = 0, seed = 1, exposureDays = exposure } = scene;
  const random = seededRandom(seed);
  const n = Math.floor(days / exposureDays);
  const timeDays = Float64Array.from({ length: n }, (_, i) => i * exposureDays);
  const flux = transitFlux({ ...truth, ...scene.model }, timeDays, exposureDays);
  let drift = 0;
  const memory = Math.exp(-exposureDays / 0.25);
  for (let i = 0; i < n; i++) {
    drift = memory * drift + Math.sqrt(1 - memory * memory) * redNoise * random.normal();
    flux[i] += noise * random.normal() + drift;
  }
  return {
    timeDays,
    flux,
    fluxError: new Float64Array(n).fill(scene.statedError ?? noise),
    segment: new Uint16Array(n),
    timeOffsetDays: 0,
    exposureDays: Float64Array.of(exposureDays),
  };
}

/** What a search would hand over: near the truth, a box's depth. */
function aSignal(model: TransitModel, days: number, change: Partial<Signal> = {}): Signal {
  const duration = transitDurationHours(model);
  return {
    // Over the whole curve the predicted middles drift by a fifth of a transit.
    periodDays: model.periodDays * (1 + (0.2 * duration) / 24 / days),
    t0Days: model.t0Days + 0.004,
    durationHours: Math.max(1, duration * 0.9),
    depthPpm: Math.max(100, 0.85 * midTransitDepthPpm(model)),
    whiteSnr: 100,
    snr: 100,
    score: 100,
    sde: 20,
    transitsObserved: 19,
    transitsExpected: 19,
    aliases: [],
    ...change,
  };
}

function aRequest(scene: Scene = {}, change: Partial<FitRequest> = {}): FitRequest {
  const model = { ...truth, ...scene.model };
  return {
    curve: aCurve(scene),
    signal: aSignal(model, scene.days ?? 80),
    star: sun,
    mission: 'Kepler',
    ...change,
  };
}

const pull = (estimate: { value: number; error: number }, value: number) =>
  Math.abs(estimate.value - value) / estimate.error;

describe('localFitter', () => {
  it('B.24 recovers what was injected within its errors, which cover 68 %', () => {
    let within = 0;
    let all = 0;
    const periodPulls: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const fit = localFitter.fit(aRequest({ seed, noise: 3e-4 }));
      expect(fit.success, fit.message).toBe(true);
      for (const [estimate, value] of [
        [fit.periodDays, truth.periodDays],
        [fit.t0Days, truth.t0Days],
        [fit.radiusRatio, truth.radiusRatio],
        [fit.axisRatio, truth.axisRatio],
        [fit.durationHours, transitDurationHours(truth)],
        [fit.depthPpm, midTransitDepthPpm(truth)],
      ] as const) {
        // 240 values: one beyond 3 sigma is expected, one beyond 4 is not.
        expect(pull(estimate, value), `seed ${seed}: ${fit.message}`).toBeLessThan(4);
        all++;
        if (pull(estimate, value) < 1) within++;
      }
      periodPulls.push(pull(fit.periodDays, truth.periodDays));
    }
    // 40 pulls have an rms of 1 within 11 %: three times that.
    const rms = Math.sqrt(periodPulls.reduce((sum, value) => sum + value * value, 0) / 40);
    expect(rms).toBeGreaterThan(0.67);
    expect(rms).toBeLessThan(1.33);
    expect(within / all).toBeGreaterThan(0.6);
    expect(within / all).toBeLessThan(0.85); // the prior knows the true density here
  });

  it.each([
    ['white noise', 0],
    ['noise that remembers a quarter of a day, two thirds of the white', 2e-4],
  ])('B.24 has errors that mean what they say, in %s', (_, redNoise) => {
    const pulls = new Map<string, number[]>();
    for (let seed = 1; seed <= 120; seed++) {
      const random = seededRandom(1000 + seed);
      // The star is one of those that its density allows.
      const density = 1.41 * 10 ** (0.15 * random.normal());
      const axisRatio = axisRatioFromDensity(truth.periodDays, density);
      const scene = {
        seed,
        noise: 3e-4,
        redNoise,
        model: { axisRatio, impact: 0.8 * random.uniform() },
      };
      const model = { ...truth, ...scene.model };
      const fit = localFitter.fit(aRequest(scene));
      expect(fit.success, fit.message).toBe(true);
      for (const [name, value] of [
        ['periodDays', model.periodDays],
        ['t0Days', model.t0Days],
        ['radiusRatio', model.radiusRatio],
        ['axisRatio', axisRatio],
        ['durationHours', transitDurationHours(model)],
        ['fullDurationHours', fullTransitDurationHours(model)],
        ['depthPpm', midTransitDepthPpm(model)],
        ['stellarDensity', density],
      ] as const) {
        const { value: fitted, error } = fit[name];
        pulls.set(name, [...(pulls.get(name) ?? []), (fitted - value) / error]);
      }
    }
    for (const [name, values] of pulls) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const width = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
      );
      expect(width, name).toBeGreaterThan(0.8);
      expect(width, name).toBeLessThan(1.25);
      // The impact parameter ends at 0, which leaves its companions a little to one side.
      expect(Math.abs(mean), name).toBeLessThan(0.5);
    }
  });

  it.each([
    ['a grazing giant', { radiusRatio: 0.12, impact: 0.95 }],
    ['a deep central transit', { radiusRatio: 0.16, impact: 0 }],
    ['a super-Earth', { radiusRatio: 0.015, impact: 0.3 }],
    ['an ultra-short period', { periodDays: 0.6, axisRatio: axisRatioFromDensity(0.6, 1.41) }],
  ])('B.24 finds the depth and duration of %s', (_, model) => {
    const scene = { model, noise: 5e-5 };
    const fit = localFitter.fit(aRequest(scene));
    const injected = { ...truth, ...model };
    expect(fit.success, fit.message).toBe(true);
    expect(pull(fit.depthPpm, midTransitDepthPpm(injected))).toBeLessThan(4);
    expect(pull(fit.durationHours, transitDurationHours(injected))).toBeLessThan(4);
    expect(pull(fit.periodDays, injected.periodDays)).toBeLessThan(4);
  });

  it('lets the density of the star decide the impact that the shape leaves open', () => {
    const scene = { noise: 6e-4, days: 40 };
    const known = localFitter.fit(aRequest(scene));
    const unknown = localFitter.fit(aRequest(scene, { star: {} }));
    expect(known.axisRatio.error).toBeLessThan(unknown.axisRatio.error);
    expect(unknown.message).toContain('an assumed density of 1.41 g/cm^3 within a factor of 4.0');
    expect(known.message).toContain("the star's density of 1.41 g/cm^3 within a factor of 1.4");
  });

  it('widens the errors when the points scatter more than they say, and when they remember', () => {
    const honest = localFitter.fit(aRequest({ noise: 3e-4, statedError: 3e-4 }));
    const boastful = localFitter.fit(aRequest({ noise: 3e-4, statedError: 1e-4 }));
    const red = localFitter.fit(aRequest({ noise: 3e-4, redNoise: 3e-4 }));
    expect(boastful.radiusRatio.error / honest.radiusRatio.error).toBeGreaterThan(0.9);
    expect(red.depthPpm.error).toBeGreaterThan(1.1 * honest.depthPpm.error);
  });

  it('shows the folded curve that was fitted, centred on the transit', () => {
    const { folded } = localFitter.fit(aRequest());
    const deepest = folded.model.indexOf(folded.model.reduce((a, b) => Math.min(a, b)));
    expect(Math.abs(folded.hours[deepest])).toBeLessThan(0.3);
    expect(folded.flux.length).toBe(folded.model.length);
    for (let i = 0; i < folded.flux.length; i++) {
      expect(Math.abs(folded.flux[i] - folded.model[i])).toBeLessThan(6 * folded.fluxError[i]);
    }
  });

  it('gives what follows for the planet only where the star is known', () => {
    const known = localFitter.fit(aRequest());
    expect(known.planetRadiusEarth?.value).toBeCloseTo(109.076 * known.radiusRatio.value, 10);
    expect(known.equilibriumTemperatureK?.value).toBeCloseTo(
      5772 / Math.sqrt(2 * known.axisRatio.value),
      6,
    );
    const unknown = localFitter.fit(aRequest({}, { star: {} }));
    expect(unknown.planetRadiusEarth).toBeNull();
    expect(unknown.equilibriumTemperatureK).toBeNull();
    expect(unknown.semiMajorAxisAu).toBeNull();
    expect(unknown.insolationEarth).toBeNull();
  });

  it.each([
    ['one', 1],
    ['forty', 40],
  ])('does not follow %s points that are no transit', (_, count) => {
    const request = aRequest();
    const flux = Float64Array.from(request.curve.flux);
    const { timeDays } = request.curve;
    for (let k = 0; k < count; k++) {
      const middle = truth.t0Days + (k % 18) * truth.periodDays;
      flux[timeDays.findIndex((time) => time > middle) + (k % 7) - 3] = 1.2 + 0.3 * k;
    }
    const fit = localFitter.fit({ ...request, curve: { ...request.curve, flux } });
    expect(pull(fit.radiusRatio, truth.radiusRatio)).toBeLessThan(4);
    expect(pull(fit.depthPpm, midTransitDepthPpm(truth))).toBeLessThan(4);
  });

  it('keeps the points of a deep transit whose limb is darker than the tables say', () => {
    const model = { radiusRatio: 0.15, limbDarkening: [0.2, 0.1] as const };
    const dark = localFitter.fit(aRequest({ noise: 1e-5, model }));
    const expected = localFitter.fit(aRequest({ noise: 1e-5, model: { radiusRatio: 0.15 } }));
    expect(dark.success).toBe(true);
    expect(dark.degreesOfFreedom).toBeGreaterThan(0.99 * expected.degreesOfFreedom);
  });

  it('does not reject the transit itself where it is deep and the noise is tiny', () => {
    const fit = localFitter.fit(aRequest({ noise: 1e-6, model: { radiusRatio: 0.2 } }));
    expect(fit.success).toBe(true);
    expect(fit.radiusRatio.value).toBeCloseTo(0.2, 3);
  });

  it('gives the same bytes for the same curve', () => {
    expect(localFitter.fit(aRequest())).toEqual(localFitter.fit(aRequest()));
  });

  it('leaves the period without an error where there is one transit', () => {
    const scene = { days: 5, noise: 1e-4 };
    const fit = localFitter.fit(aRequest(scene));
    expect(fit.success, fit.message).toBe(true);
    expect(fit.periodDays.error).toBeNaN();
    expect(fit.periodDays.value).toBeGreaterThan(4);
    expect(pull(fit.t0Days, truth.t0Days)).toBeLessThan(4);
  });
});

describe('localFitter on a single event', () => {
  const scene = { days: 12, noise: 1e-4, model: { periodDays: 60, axisRatio: 65, t0Days: 5 } };
  const request = aRequest(scene);
  const signal = { ...request.signal, periodDays: NaN, transitsObserved: 1, transitsExpected: 1 };

  it('measures depth, duration and radius, and no period', () => {
    const fit = localFitter.fit({ ...request, signal });
    const injected = { ...truth, ...scene.model };
    expect(fit.success, fit.message).toBe(true);
    expect(pull(fit.depthPpm, midTransitDepthPpm(injected))).toBeLessThan(4);
    expect(pull(fit.durationHours, transitDurationHours(injected))).toBeLessThan(4);
    expect(pull(fit.t0Days, 5)).toBeLessThan(4);
    expect([fit.periodDays.value, fit.axisRatio.value, fit.stellarDensity.value]).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
    expect(fit.equilibriumTemperatureK).toBeNull();
    expect(fit.inclinationDeg.value).toBeGreaterThan(88);
    expect(fit.inclinationDeg.error).toBeNaN();
    expect(fit.message).toContain('A single event: its period, a/R* and density are unknown');
  });

  it('is echoed by the mock without a period too', () => {
    const fit = mockFitter.fit({ ...request, signal });
    expect(fit.periodDays.value).toBeNaN();
    expect(fit.folded.model.every(Number.isFinite)).toBe(true);
    expect(fit.durationHours.value).toBe(signal.durationHours);
  });
});

describe('localFitter on curves that have no transit to fit', () => {
  const numbersOf = (fit: TransitFit) => [
    ...[fit.periodDays, fit.t0Days, fit.radiusRatio, fit.impact, fit.axisRatio].map((e) => e.value),
    ...[fit.durationHours, fit.depthPpm, fit.stellarDensity].map((e) => e.value),
    ...[fit.inclinationDeg.value, fit.fullDurationHours.value, fit.chi2, fit.degreesOfFreedom],
    ...fit.folded.model,
  ];

  it('B.44 says so when every point near the transits is masked', () => {
    const request = aRequest();
    const keep = [...request.curve.timeDays.keys()].filter((i) => {
      const cycles = (request.curve.timeDays[i] - truth.t0Days) / truth.periodDays;
      return Math.abs(cycles - Math.round(cycles)) > 0.1;
    });
    const pick = (values: Float64Array) => Float64Array.from(keep, (i) => values[i]);
    const { curve } = request;
    const fit = localFitter.fit({
      ...request,
      curve: {
        ...curve,
        timeDays: pick(curve.timeDays),
        flux: pick(curve.flux),
        fluxError: pick(curve.fluxError),
        segment: new Uint16Array(keep.length),
      },
    });
    expect(fit.success).toBe(false);
    expect(fit.message).toBe(
      'Too few points to fit: 0 in transit and 0 beside it, 3 and 3 are needed.',
    );
    expect(fit.periodDays.value).toBe(request.signal.periodDays);
    expect(numbersOf(fit).every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['pure noise', { model: { radiusRatio: 0 } }],
    ['a constant', { model: { radiusRatio: 0 }, noise: 0, statedError: 1e-4 }],
    ['two transits', { days: 8 }],
    ['a total eclipse', { model: { radiusRatio: 1.5 } }],
  ])('never answers NaN for %s', (_, scene) => {
    const request = aRequest(scene);
    const signal = aSignal(truth, 80);
    const fit = localFitter.fit({ ...request, signal });
    expect(numbersOf(fit).every(Number.isFinite)).toBe(true);
    expect(fit.message.length).toBeGreaterThan(10);
  });

  it('survives a signal longer than its period and an exposure longer than a transit', () => {
    const request = aRequest();
    const long = localFitter.fit({
      ...request,
      signal: aSignal(truth, 80, { durationHours: 200 }),
    });
    expect(numbersOf(long).every(Number.isFinite)).toBe(true);
    const coarse = { ...request.curve, exposureDays: Float64Array.of(0.5) };
    expect(numbersOf(localFitter.fit({ ...request, curve: coarse })).every(Number.isFinite)).toBe(
      true,
    );
  });

  it('refuses errors that are not positive, by name', () => {
    const request = aRequest();
    const curve = { ...request.curve, fluxError: new Float64Array(request.curve.flux.length) };
    expect(() => localFitter.fit({ ...request, curve })).toThrow(
      new RangeError('fluxError must be positive, not 0 at point 115'),
    );
  });
});
