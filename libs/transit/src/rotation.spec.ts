import { describe, expect, it } from 'vitest';
import { dropUpwardOutliers, LEVEL_DAYS } from './clean.js';
import { measureRotation, rotationAmplitudePpm } from './rotation.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';

/** @param spots relative flux at a time, on top of the simulation. */
function rotationOf(options: SimulationOptions, spots: (time: number) => number = () => 1) {
  const { curve } = stitch(simulate(options));
  const flux = curve.flux.map((value, i) => value * spots(curve.timeDays[i]));
  const cleaned = dropUpwardOutliers({ ...curve, flux });
  return measureRotation(cleaned.curve, cleaned.level, LEVEL_DAYS);
}

const wave = (time: number, periodDays: number) => Math.sin((2 * Math.PI * time) / periodDays);

describe('the rotation of a star', () => {
  it.each([1.1, 2.3, 5, 11, 27])('B.12 is measured: period %d d, 0.3 %', (periodDays) => {
    const rotation = { periodDays, amplitudePpm: 3000 };
    const found = rotationOf({ segments: [1, 2, 3], noisePpm: 200, rotation })!;
    expect(Math.abs(found.periodDays / periodDays - 1)).toBeLessThan(0.02);
    expect(Math.abs(rotationAmplitudePpm(found) / 3000 - 1)).toBeLessThan(0.2);
  });

  it('is the whole turn where spots on both sides make two dips of it', () => {
    const found = rotationOf({ segments: [1, 2], noisePpm: 200 }, (time) => {
      return 1 + 0.004 * wave(time, 4) + 0.002 * wave(time + 1, 8);
    })!;
    expect(found.periodDays).toBeCloseTo(8, 0);
    const [first, second] = found.harmonicsPpm;
    expect(first).toBeGreaterThan(1700);
    expect(first).toBeLessThan(2300);
    expect(second).toBeGreaterThan(3600);
    expect(second).toBeLessThan(4400);
  });

  it('is seen through spots that come and go, and a slow drift ten times as large', () => {
    const found = rotationOf({ segments: [1, 2], noisePpm: 200 }, (time) => {
      return 1 + 0.002 * (1 + 0.8 * wave(time, 31)) * wave(time, 3) + 0.02 * wave(time, 200);
    })!;
    expect(found.periodDays).toBeCloseTo(3, 1);
  });

  it('is seen in two sectors years apart', () => {
    const rotation = { periodDays: 3.1, amplitudePpm: 4000 };
    const found = rotationOf({ mission: 'TESS', segments: [1, 27], cadenceMinutes: 10, rotation })!;
    expect(found.periodDays).toBeCloseTo(3.1, 1);
  });

  it.each([
    ['white noise', {}],
    ['noise that is correlated over days', { redNoise: { ppm: 200, timescaleDays: 1 } }],
    ['a sector of such noise', { mission: 'TESS', redNoise: { ppm: 100, timescaleDays: 0.3 } }],
    ['an hour of data', { mission: 'TESS', cadenceMinutes: 2000 }],
  ] as const)('is not made up from %s', (_, options) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(rotationOf({ cadenceMinutes: 30, ...options, seed })).toBeNull();
    }
  });

  it.each([
    ['a deep planet', { planets: [{ periodDays: 3.3, t0Days: 133, radiusRatio: 0.12 }] }],
    [
      'an eclipsing binary',
      {
        binaries: [
          {
            periodDays: 1.1,
            t0Days: 132,
            primaryPpm: 20_000,
            secondaryPpm: 8000,
            durationHours: 4,
          },
        ],
      },
    ],
  ])('is not what repeats in %s', (_, options) => {
    expect(rotationOf({ segments: [1, 2], noisePpm: 150, ...options })).toBeNull();
  });
});
