import { describe, expect, it } from 'vitest';
import { correlatedNoise, redSnr } from './noise.js';
import { searchPoints } from './points.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';

const pointsOf = (options: SimulationOptions) => searchPoints(stitch(simulate(options)).curve);

describe('correlatedNoise', () => {
  it('finds none in white noise', () => {
    const { redness } = correlatedNoise(pointsOf({ segments: [1, 2, 3, 4], seed: 2 }), 0.2);
    expect(redness).toBeLessThan(1.08); // 1700 bins: 5 sigma of a MAD is 0.1
  });

  it('measures red noise on the time scale of a transit (Pont, Zucker & Queloz 2006)', () => {
    const redNoise = { ppm: 100, timescaleDays: 0.5 };
    const points = pointsOf({ segments: [1, 2, 3, 4], noisePpm: 100, redNoise, seed: 3 });
    const { redVariance } = correlatedNoise(points, 0.25);
    // Variance of the mean of an Ornstein-Uhlenbeck process over T: 2(a - 1 + e^-a)/a², a = T/tau
    const expected = 1e-8 * ((2 * (0.5 - 1 + Math.exp(-0.5))) / 0.25);
    expect(redVariance / expected).toBeGreaterThan(0.8);
    expect(redVariance / expected).toBeLessThan(1.2);
  });

  it('says nothing of a curve with too few bins', () => {
    expect(correlatedNoise(pointsOf({}), 10)).toEqual({ redVariance: 0, redness: 1 });
  });

  it('averages red noise over transits, not within one', () => {
    const noise = { redVariance: 3e-8, redness: 2 };
    expect(redSnr(1e-3, 1e-8, noise, 1)).toBeCloseTo(1e-3 / 2e-4, 9);
    expect(redSnr(1e-3, 1e-8, noise, 3)).toBeCloseTo(1e-3 / Math.sqrt(2e-8), 9);
  });
});

it('gives error bars the size of the measured scatter, file by file', () => {
  const segments = simulate({ segments: [1, 2], noisePpm: 200, seed: 8 });
  const optimistic = segments.map((segment, k) => ({
    ...segment,
    fluxError: segment.fluxError!.map((error) => error / (k ? 10 : 0.5)),
  }));
  const { weight } = searchPoints(stitch(optimistic).curve);
  for (const value of [weight[0], weight[weight.length - 1]]) {
    expect(1e6 / Math.sqrt(value)).toBeGreaterThan(190);
    expect(1e6 / Math.sqrt(value)).toBeLessThan(210);
  }
});

it('leaves error bars as they are that the scatter does not contradict', () => {
  const kept = Array.from({ length: 20 }, (_, seed) => {
    const { curve } = stitch(simulate({ noisePpm: 200, seed }));
    return searchPoints(curve).weight[0] * curve.fluxError[0] ** 2;
  }).filter((ratio) => Math.abs(ratio - 1) < 1e-12);
  expect(kept.length).toBeGreaterThan(9); // two thirds of them are within one sigma
});
