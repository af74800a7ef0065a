import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from '../detect.js';
import { prepare } from '../prepare.js';
import { seededRandom } from '../random.js';
import { simulate, type SimulatedPlanet, type SimulationOptions } from '../simulate.js';
import { SUN_DENSITY_CGS } from '../star.js';
import {
  axisRatioFromDensity,
  midTransitDepthPpm,
  transitDurationHours,
} from '../transit-model.js';
import type { LightCurve, TransitFit } from '../types.js';
import { jointFit } from './joint.js';
import { JointModel, PER_PLANET } from './joint-model.js';
import { jointPoints } from './joint-points.js';
import type { TransitFitter } from './adapter.js';
import { localFitter } from './local.js';
import { mockFitter } from './mock.js';

const star = { radiusSun: 1, massSun: 1, effectiveTemperatureK: 5772, logg: 4.438 };

interface Planet extends SimulatedPlanet {
  readonly impact: number;
  readonly axisRatio: number;
}

function aPlanet(
  periodDays: number,
  t0Days: number,
  radiusRatio: number,
  impact: number,
  densityCgs = SUN_DENSITY_CGS,
): Planet {
  const axisRatio = axisRatioFromDensity(periodDays, densityCgs);
  return { periodDays, t0Days, radiusRatio, impact, axisRatio };
}

/** The second planet crosses the star with every second transit of the first. */
const OVERLAPPING = [aPlanet(8, 134, 0.05, 0.3), aPlanet(16, 134.06, 0.04, 0.5)];

function aCurve(planets: readonly Planet[], options: SimulationOptions = {}): LightCurve {
  const segments = simulate({ star, noisePpm: 150, planets, segments: [1, 2], ...options });
  return prepare(segments, { ...DEFAULT_PARAMS, detrend: 'none' }).detrended;
}

/** The fits that a search would start from, of the curve as it is. */
function singlesOf(
  curve: LightCurve,
  planets: readonly Planet[],
  fitter: TransitFitter = localFitter,
): TransitFit[] {
  return planets.map((planet) => {
    const durationHours = transitDurationHours(planet);
    return fitter.fit({
      curve,
      star,
      mission: 'Kepler',
      signal: {
        periodDays: planet.periodDays * (1 + 1e-5),
        t0Days: planet.t0Days + 0.003,
        durationHours: 0.9 * durationHours,
        depthPpm: 0.85 * midTransitDepthPpm({ ...planet, limbDarkening: [0.4, 0.25] }),
        whiteSnr: 50,
        snr: 50,
        score: 50,
        sde: 20,
        transitsObserved: 20,
        transitsExpected: 20,
        aliases: [],
      },
    });
  });
}

const pull = (estimate: { value: number; error: number }, value: number) =>
  (estimate.value - value) / estimate.error;

describe('jointFit', () => {
  it('B.48 recovers the radii of planets whose transits overlap, where single fits are wrong', () => {
    const curve = aCurve(OVERLAPPING);
    const singles = singlesOf(curve, OVERLAPPING);
    const fits = jointFit({ curve, star, mission: 'Kepler' }, singles);
    OVERLAPPING.forEach((planet, j) => {
      expect(fits[j].joint, fits[j].message).toBe(true);
      const alone = Math.abs(singles[j].radiusRatio.value - planet.radiusRatio);
      expect(alone).toBeGreaterThan(4 * fits[j].radiusRatio.error);
      expect(Math.abs(pull(fits[j].radiusRatio, planet.radiusRatio))).toBeLessThan(3);
      expect(Math.abs(pull(fits[j].t0Days, planet.t0Days))).toBeLessThan(3.5);
      expect(Math.abs(pull(fits[j].periodDays, planet.periodDays))).toBeLessThan(3.5);
    });
  });

  it('B.48 has one stellar density, the same for every planet, with a smaller error than any alone', () => {
    const planets = [aPlanet(5, 133, 0.05, 0.2), aPlanet(11.3, 135, 0.045, 0.4)];
    const curve = aCurve(planets);
    const singles = singlesOf(curve, planets);
    const [first, second] = jointFit({ curve, star, mission: 'Kepler' }, singles);
    expect(first.stellarDensity.value).toBeCloseTo(second.stellarDensity.value, 10);
    expect(first.stellarDensity.error).toBeCloseTo(second.stellarDensity.error, 10);
    expect(Math.abs(pull(first.stellarDensity, SUN_DENSITY_CGS))).toBeLessThan(3);
    for (const { stellarDensity } of singles) {
      expect(first.stellarDensity.error).toBeLessThan(1.02 * stellarDensity.error);
    }
    expect(first.message).toMatch(/^2 planets together, .* a common density of 1\.\d+ g\/cm\^3\.$/);
  });

  it.each([
    ['white noise', {}],
    ['red noise', { redNoise: { ppm: 100, timescaleDays: 0.25 } }],
  ])('B.48 has errors that mean what they say, in %s', (_, noise) => {
    const pulls = new Map<string, number[]>();
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(500 + seed);
      const density = SUN_DENSITY_CGS * 10 ** (0.15 * random.normal());
      const planets = [
        aPlanet(8, 134, 0.05, 0.7 * random.uniform(), density),
        aPlanet(16, 134.06, 0.04, 0.7 * random.uniform(), density),
      ];
      const curve = aCurve(planets, { seed, ...noise });
      // Where it starts from does not matter, and the search's numbers come at once.
      const singles = singlesOf(curve, planets, mockFitter);
      const fits = jointFit({ curve, star, mission: 'Kepler' }, singles);
      planets.forEach((planet, j) => {
        expect(fits[j].joint, fits[j].message).toBe(true);
        for (const [name, value] of [
          ['periodDays', planet.periodDays],
          ['t0Days', planet.t0Days],
          ['radiusRatio', planet.radiusRatio],
          ['durationHours', transitDurationHours(planet)],
        ] as const) {
          const key = `${name} of planet ${j + 1}`;
          pulls.set(key, [...(pulls.get(key) ?? []), pull(fits[j][name], value)]);
        }
        // Of its logarithm, in which it is known beforehand.
        const { value, error } = fits[j].stellarDensity;
        const logPull = Math.log(value / density) / (error / value);
        pulls.set('density', [...(pulls.get('density') ?? []), logPull]);
      });
    }
    for (const [name, values] of pulls) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const width = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
      );
      expect(width, name).toBeGreaterThan(0.8);
      expect(width, name).toBeLessThan(1.25);
      expect(Math.abs(mean), name).toBeLessThan(0.5);
    }
  });

  it('leaves signals apart that cannot be of one star, and says why', () => {
    const planets = [aPlanet(5, 133, 0.06, 0, 0.4), aPlanet(11.3, 135, 0.06, 0, 6)];
    const curve = aCurve(planets);
    const singles = singlesOf(curve, planets);
    const fits = jointFit({ curve, star: {}, mission: 'Kepler' }, singles);
    fits.forEach((fit, j) => {
      expect(fit.joint).toBe(false);
      expect(fit.message).toMatch(/Not fitted together: a common density costs \d+ in chi2\.$/);
      expect(fit.radiusRatio).toEqual(singles[j].radiusRatio);
    });
  });

  it('shows each planet without the others', () => {
    const curve = aCurve(OVERLAPPING, { noisePpm: 30 });
    const fits = jointFit({ curve, star, mission: 'Kepler' }, singlesOf(curve, OVERLAPPING));
    for (const { folded } of fits) {
      let squares = 0;
      for (let i = 0; i < folded.flux.length; i++) {
        squares += ((folded.flux[i] - folded.model[i]) / folded.fluxError[i]) ** 2;
      }
      expect(squares / folded.flux.length).toBeLessThan(2);
    }
  });

  it('gives the same bytes for the same curve', () => {
    const curve = aCurve(OVERLAPPING);
    const singles = singlesOf(curve, OVERLAPPING);
    const request = { curve, star, mission: 'Kepler' } as const;
    expect(jointFit(request, singles)).toEqual(jointFit(request, singles));
  });
});

describe('JointModel', () => {
  it('B.48 has the Jacobian of central differences, in every parameter', () => {
    const curve = aCurve(OVERLAPPING);
    const points = jointPoints(
      curve,
      OVERLAPPING.map((planet) => ({ ...planet, durationHours: transitDurationHours(planet) })),
    );
    const m = points.flux.length;
    // Instants: the mean over an exposure takes another number of nodes within a stencil.
    const planets = points.planets.map((planet) => ({
      ...planet,
      exposureDays: new Float64Array(planet.index.length),
    }));
    const model = new JointModel({ ...points, planets }, [0.4, 0.25]);
    const at = Float64Array.of(
      ...[0.002, 1e-4, 0.05, 0.1],
      ...[-0.003, 2e-4, 0.04, 0.3],
      ...[Math.log(1.3), 1.0002],
    );
    const jacobian = new Float64Array(at.length * m);
    model.jacobian(at, m, jacobian);
    const steps = [1e-6, 1e-7, 1e-6, 1e-5, 1e-6, 1e-7, 1e-6, 1e-5, 1e-5, 1e-3];
    for (let k = 0; k < at.length; k++) {
      const moved = [-3, -2, -1, 1, 2, 3].map((times) => {
        const out = new Float64Array(m);
        model.residuals(at.with(k, at[k] + times * steps[k]), out);
        return out;
      });
      let largest = 0;
      let worst = 0;
      for (let i = 0; i < m; i++) {
        const difference =
          (45 * (moved[3][i] - moved[2][i]) -
            9 * (moved[4][i] - moved[1][i]) +
            (moved[5][i] - moved[0][i])) /
          (60 * steps[k]);
        largest = Math.max(largest, Math.abs(difference));
        worst = Math.max(worst, Math.abs(jacobian[k * m + i] - difference));
      }
      expect(largest).toBeGreaterThan(0);
      expect(worst / largest, `parameter ${k}`).toBeLessThan(1e-3); // stencils over contacts
    }
    expect(at.length).toBe(2 * PER_PLANET + 2);
  });
});

describe('jointPoints', () => {
  it('takes points of seconds together, each once, and leaves those of half an hour alone', () => {
    const planets = OVERLAPPING.map((planet) => ({
      ...planet,
      durationHours: transitDurationHours(planet),
    }));
    const long = jointPoints(aCurve(OVERLAPPING, { segments: [1] }), planets);
    expect(new Set(long.timeDays).size).toBe(long.timeDays.length);
    expect(long.planets[0].exposureDays[0]).toBeCloseTo(29.4244 / 1440, 10);
    const short = aCurve(OVERLAPPING, { segments: [1], cadenceMinutes: 1 });
    const binned = jointPoints(short, planets);
    expect(binned.flux.length).toBeLessThan(short.flux.length / 20);
    expect(binned.fluxError[10] / short.fluxError[0]).toBeLessThan(0.5);
    expect(binned.planets[0].exposureDays[10]).toBeGreaterThan(4 / 1440);
    const overlap = [...binned.planets[1].index].filter((i) => binned.planets[0].index.includes(i));
    expect(overlap.length).toBeGreaterThan(0.8 * binned.planets[1].index.length);
  });
});
