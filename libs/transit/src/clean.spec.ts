import { describe, expect, it } from 'vitest';
import { dropBadPoints, dropUpwardOutliers } from './clean.js';
import { simulate } from './simulate.js';
import { stitch } from './stitch.js';
import type { LightCurve } from './types.js';

/** A quarter of white noise, with some fluxes replaced. */
function curveWith(changes: Record<number, number>, seed = 3): LightCurve {
  const { curve } = stitch(simulate({ noisePpm: 100, seed }));
  const flux = curve.flux.slice();
  for (const [index, value] of Object.entries(changes)) flux[Number(index)] = value;
  return { ...curve, flux };
}

describe('dropBadPoints', () => {
  it('B.12 counts missing and flagged points apart and drops both', () => {
    const [segment] = simulate();
    const flux = segment.flux.slice(0, 6);
    flux[1] = NaN;
    const { segment: kept, cleaning } = dropBadPoints({
      ...segment,
      timeDays: Float64Array.of(1, 2, 3, NaN, 5, 6),
      flux,
      fluxError: null,
      flagged: Uint8Array.of(0, 1, 1, 0, 0, 0),
    });
    expect([...kept.timeDays]).toEqual([1, 5, 6]);
    expect(cleaning).toEqual({ nonFinite: 2, flagged: 1 });
  });
});

describe('dropUpwardOutliers', () => {
  it('drops a single point far above its neighbours', () => {
    const { curve, outliers } = dropUpwardOutliers(curveWith({ 1000: 1.002 }));
    expect(outliers).toBe(1);
    expect(Math.max(...curve.flux)).toBeLessThan(1.001);
  });

  it('keeps every point below, however deep', () => {
    const dip = { 900: 0.5, 1500: 0.999, 1501: 0.998, 2000: 0.2 };
    const { curve, outliers } = dropUpwardOutliers(curveWith(dip));
    expect(outliers).toBe(0);
    for (const value of Object.values(dip)) expect([...curve.flux]).toContain(value);
  });

  it('drops a flare with its decay', () => {
    const flare = { 700: 1.004, 701: 1.002, 702: 1.001, 703: 1.0005, 704: 1.0003, 705: 1.00015 };
    const before = curveWith(flare);
    const { curve, outliers } = dropUpwardOutliers(before);
    expect(outliers).toBeGreaterThanOrEqual(5);
    const times = [...curve.timeDays];
    for (const index of [700, 701, 702, 703]) expect(times).not.toContain(before.timeDays[index]);
  });

  it('leaves a strong rotator and a deep transit whole', () => {
    const rotator = simulate({
      noisePpm: 100,
      rotation: { periodDays: 1.2, amplitudePpm: 20_000 },
      planets: [{ periodDays: 7, t0Days: 133, radiusRatio: 0.15 }],
    });
    const { curve } = stitch(rotator);
    expect(dropUpwardOutliers(curve).outliers).toBeLessThan(0.001 * curve.flux.length);
  });
});
