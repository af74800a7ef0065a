import { describe, expect, it } from 'vitest';
import { median, robustScatter } from './robust.js';
import { seededRandom } from './random.js';
import { invert, scramble, simulate } from './simulate.js';
import { stitch } from './stitch.js';

const relative = (flux: Float64Array) => {
  const level = median(flux);
  return flux.map((value) => value / level - 1);
};

describe('simulate', () => {
  it('gives the same bytes for the same options', () => {
    const options = { seed: 3, redNoise: { ppm: 50, timescaleDays: 0.3 }, segments: [1, 2] };
    expect(simulate(options)).toEqual(simulate(options));
    expect(simulate({ ...options, seed: 4 })[0].flux).not.toEqual(simulate(options)[0].flux);
  });

  it('keeps the cadence, the span and the pauses of the missions', () => {
    const [quarter] = simulate({ segments: [2] });
    expect(quarter.timeDays[1] - quarter.timeDays[0]).toBeCloseTo(29.4244 / 1440, 9);
    expect(quarter.timeDays[0]).toBeCloseTo(131.51 + 93, 9);
    const steps = [...quarter.timeDays].slice(1).map((time, i) => time - quarter.timeDays[i]);
    expect(steps.filter((step) => step > 0.9)).toHaveLength(2);
    const [sector] = simulate({ mission: 'TESS', segments: [27] });
    expect(sector.label).toBe('S27');
    expect(sector.timeDays).toHaveLength(25.2 * 720);
  });

  it('has the white and the red noise that were asked for', () => {
    const [white] = simulate({ noisePpm: 250, seed: 2 });
    expect(1e6 * robustScatter(relative(white.flux))).toBeGreaterThan(235);
    expect(1e6 * robustScatter(relative(white.flux))).toBeLessThan(265);
    const [red] = simulate({ noisePpm: 0, redNoise: { ppm: 400, timescaleDays: 0.2 }, seed: 2 });
    const values = relative(red.flux);
    expect(1e6 * robustScatter(values)).toBeGreaterThan(340);
    expect(1e6 * robustScatter(values)).toBeLessThan(460);
    const lagged = values.slice(10).reduce((sum, value, i) => sum + value * values[i], 0);
    const square = values.reduce((sum, value) => sum + value * value, 0);
    // ten cadences of 29.4 minutes are 0.2 d: e^-1 of the correlation is left
    expect(lagged / square).toBeGreaterThan(0.25);
    expect(lagged / square).toBeLessThan(0.5);
  });

  it('holds transits, eclipses, rotation and flares of the size asked for', () => {
    const quiet = { noisePpm: 0 };
    const planet = { periodDays: 9, t0Days: 135, radiusRatio: 0.1 };
    const deepest = (options: Parameters<typeof simulate>[0]) =>
      Math.min(...relative(simulate(options)[0].flux));
    // k² = 1 % and limb darkening: the centre is brighter than the mean of the disk by a fifth
    expect(deepest({ ...quiet, planets: [planet] })).toBeCloseTo(-0.0125, 3);
    const binary = {
      periodDays: 3,
      t0Days: 132,
      primaryPpm: 300_000,
      secondaryPpm: 100_000,
      durationHours: 6,
    };
    expect(deepest({ ...quiet, binaries: [binary] })).toBeCloseTo(-0.3, 1);
    const spots = relative(
      simulate({ ...quiet, rotation: { periodDays: 5, amplitudePpm: 2000 } })[0].flux,
    );
    expect(Math.max(...spots) - Math.min(...spots)).toBeCloseTo(0.004, 4);
    const flares = relative(
      simulate({ ...quiet, flares: { perDay: 0.5, meanPeakPpm: 3000 } })[0].flux,
    );
    const seen = flares.filter((value, i) => value > 1e-3 && !(flares[i - 1] > value)).length;
    expect(seen).toBeGreaterThan(10); // of some 45, of which few are sampled at their peak
    expect(Math.min(...flares)).toBeGreaterThanOrEqual(0);
  });
});

describe('scramble and invert', () => {
  const { curve } = stitch(
    simulate({ planets: [{ periodDays: 5, t0Days: 132, radiusRatio: 0.1 }] }),
  );

  it('keeps every flux and every time, in another order', () => {
    const scrambled = scramble(curve, seededRandom(1), 3);
    expect(scrambled.timeDays).toBe(curve.timeDays);
    expect(scrambled.flux).not.toEqual(curve.flux);
    expect([...scrambled.flux].sort()).toEqual([...curve.flux].sort());
    expect(() => scramble(curve, seededRandom(1), 0)).toThrow('blockDays must be > 0, not 0');
  });

  it('turns dips into bumps and back', () => {
    expect(Math.max(...invert(curve).flux)).toBeGreaterThan(1.01);
    invert(invert(curve)).flux.forEach((value, i) => expect(value).toBeCloseTo(curve.flux[i], 14));
  });
});
