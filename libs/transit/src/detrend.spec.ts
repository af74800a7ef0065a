import { describe, expect, it } from 'vitest';
import { chooseDetrending, defaultWindowDays, leftOfRotationPpm } from './detrend-window.js';
import { referenceTrend } from './detrend.reference.js';
import { detrend, followTrend, stretches } from './detrend.js';
import { simulate, type SimulationOptions } from './simulate.js';
import { stitch } from './stitch.js';

const curveOf = (options: SimulationOptions) => stitch(simulate(options)).curve;

/** Mean flux of the points nearest to the transits' middles, as a depth in ppm. */
function bottomPpm(flux: Float64Array, timeDays: Float64Array, period: number, t0: number) {
  const bottom = [...flux].filter((_, i) => {
    const cycles = (timeDays[i] - t0) / period;
    return Math.abs(cycles - Math.round(cycles)) * period < 0.02;
  });
  return 1e6 * (1 - bottom.reduce((a, b) => a + b) / bottom.length);
}

describe('detrend', () => {
  it.each(['biweight', 'median'] as const)(
    'B.12 agrees with the definition of the %s',
    (method) => {
      const curve = curveOf({
        segments: [1, 2],
        cadenceMinutes: 120,
        noisePpm: 300,
        rotation: { periodDays: 6, amplitudePpm: 3000 },
        planets: [{ periodDays: 5.5, t0Days: 133, radiusRatio: 0.1 }],
      });
      const expected = referenceTrend(curve, method, 1.3);
      const trend = followTrend(curve, { method, windowDays: 1.3 });
      // The fast one stops within 2e-6 MAD; the MAD of a window is some 300 ppm.
      const tolerance = method === 'median' ? 1e-15 : 1e-9;
      trend.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance));
    },
  );

  it('follows the location of a window with many equal values', () => {
    const curve = { ...curveOf({}), flux: new Float64Array(curveOf({}).flux.length).fill(2) };
    const { curve: flat } = detrend(curve, { method: 'biweight', windowDays: 1 });
    expect(new Set(flat.flux)).toEqual(new Set([1]));
  });

  it('does not reach across a long gap or into another file', () => {
    const curve = curveOf({ segments: [1, 3], noisePpm: 10 });
    const stepped = { ...curve, flux: curve.flux.map((f, i) => f * (curve.segment[i] ? 2 : 1)) };
    const trend = followTrend(stepped, { method: 'biweight', windowDays: 2 });
    trend.forEach((value, i) => expect(value).toBeCloseTo(curve.segment[i] ? 2 : 1, 3));
    const follows = {
      ...stepped,
      timeDays: curve.timeDays.map((time, i) => time - 96 * curve.segment[i]),
    };
    const close = followTrend(follows, { method: 'biweight', windowDays: 12 });
    close.forEach((value, i) => expect(value).toBeCloseTo(curve.segment[i] ? 2 : 1, 3));
    expect(stretches(curve, 0.5)).toHaveLength(6); // two pauses in each of two quarters
    expect(stretches(curve, 5)).toHaveLength(2);
  });

  it('scales with the flux and ignores its unit', () => {
    const curve = curveOf({ rotation: { periodDays: 9, amplitudePpm: 5000 } });
    const scaled = { ...curve, flux: curve.flux.map((f) => 4096 * f) };
    const options = { method: 'biweight', windowDays: 1 } as const;
    expect([...detrend(scaled, options).curve.flux]).toEqual([
      ...detrend(curve, options).curve.flux,
    ]);
  });

  it.each([
    { radiusRatio: 0.1, leastShare: 0.99 },
    { radiusRatio: 0.02, leastShare: 0.96 },
  ])(
    'keeps $leastShare of the depth of a transit a seventh as long as the window, radius $radiusRatio',
    ({ radiusRatio, leastShare }) => {
      const planet = { periodDays: 6.3, t0Days: 133.7, radiusRatio };
      const noiseless = curveOf({ noisePpm: 0, segments: [1, 2], planets: [planet] });
      const curve = curveOf({ noisePpm: 60, segments: [1, 2], planets: [planet], seed: 4 });
      const depth = (c: typeof curve) => bottomPpm(c.flux, c.timeDays, 6.3, 133.7);
      const before = depth(noiseless);
      const after = depth(detrend(curve, { method: 'biweight', windowDays: 1 }).curve);
      expect(after / before).toBeGreaterThan(leastShare);
      expect(after / before).toBeLessThan(1.02);
    },
  );

  it('keeps the whole depth where the transits are ignored', () => {
    const curve = curveOf({
      noisePpm: 0,
      planets: [{ periodDays: 6.3, t0Days: 133.7, radiusRatio: 0.02 }],
    });
    const ignored = Uint8Array.from(curve.timeDays, (time) => {
      const cycles = (time - 133.7) / 6.3;
      return Math.abs(cycles - Math.round(cycles)) * 6.3 < 0.15 ? 1 : 0;
    });
    const { curve: flat } = detrend(curve, { method: 'biweight', windowDays: 1, ignored });
    flat.flux.forEach((value, i) => expect(value).toBeCloseTo(curve.flux[i], 12));
  });

  it.each([
    { passes: 1, share: 0.1 }, // 1 - sinc(1/4)
    { passes: 2, share: 0.01 },
  ] as const)('B.12 leaves $share of a slow variation after $passes pass(es)', (each) => {
    const rotation = { periodDays: 8, amplitudePpm: 1000 };
    const curve = curveOf({ noisePpm: 500, segments: [1, 2, 3, 4, 5, 6], rotation });
    const { curve: flat } = detrend(curve, { method: 'biweight', windowDays: 2, ...each });
    let left = 0;
    flat.timeDays.forEach((time, i) => {
      left += (2 * (flat.flux[i] - 1) * Math.sin((2 * Math.PI * time) / 8)) / flat.flux.length;
    });
    // One sigma of the sum is 500 ppm · √(2 / 26,000) = 4 ppm.
    expect(Math.abs(1e6 * left - 1000 * each.share)).toBeLessThan(20);
  });

  it('B.12 leaves no step at the edges of a slope where the trend is followed twice', () => {
    const curve = curveOf({ noisePpm: 0 });
    const sloped = { ...curve, flux: curve.timeDays.map((time) => 1 + 0.001 * (time - 175)) };
    const worst = (passes: 1 | 2) =>
      detrend(sloped, { method: 'biweight', windowDays: 2, passes }).curve.flux.reduce(
        (most, value) => Math.max(most, Math.abs(value - 1)),
        0,
      );
    expect(worst(1)).toBeGreaterThan(4e-4); // half a window's slope over two
    expect(worst(2)).toBeLessThan(2e-5);
  });

  it('changes nothing when told to do nothing, and refuses a window of no length', () => {
    const curve = curveOf({});
    const { curve: same, detrending } = detrend(curve, { method: 'none', windowDays: 1 });
    expect([...same.flux]).toEqual([...curve.flux]);
    expect(detrending.trend[0]).toBe(1);
    expect(() => detrend(curve, { method: 'median', windowDays: 0 })).toThrow(
      'windowDays must be > 0, not 0',
    );
  });
});

describe('the window', () => {
  it('is three times the longest transit searched, within half a day and three days', () => {
    // P = 40 d around the Sun: 0.0755 d · 40^(1/3) · 1.8 · 3 (the star is unknown)
    expect(defaultWindowDays({}, 40)).toBeCloseTo(1.395, 2);
    expect(defaultWindowDays({}, 1)).toBe(0.5);
    expect(defaultWindowDays({}, 500)).toBe(3);
  });

  const quiet = null;

  it('stays long for a quiet star and for an eclipsing binary', () => {
    const choice = chooseDetrending(curveOf({ noisePpm: 100 }), 1.4, quiet);
    expect(choice).toMatchObject({ windowDays: 1.4, passes: 1 });
    const binary = {
      periodDays: 0.61,
      t0Days: 132,
      primaryPpm: 300_000,
      secondaryPpm: 250_000,
      durationHours: 5,
    };
    expect(chooseDetrending(curveOf({ binaries: [binary] }), 1.8, quiet)).toMatchObject({
      windowDays: 1.8,
      passes: 1,
    });
  });

  it('becomes short for a star that changes within two days without a period', () => {
    const curve = curveOf({ rotation: { periodDays: 1.9, amplitudePpm: 10_000 } });
    const choice = chooseDetrending(curve, 1.4, quiet);
    expect(choice.windowDays).toBeLessThan(0.5);
    expect(choice.reason).toContain('Transits longer than 3.6 h are lost.');
  });

  it.each([
    { periodDays: 25, amplitudePpm: 500, windowDays: 1.4, passes: 1 },
    { periodDays: 12, amplitudePpm: 3000, windowDays: 1.4, passes: 2 },
    { periodDays: 5, amplitudePpm: 3000, windowDays: 0.62, passes: 2 },
    { periodDays: 1.9, amplitudePpm: 10_000, windowDays: 0.3, passes: 2 },
  ] as const)('B.12 follows a star that turns in $periodDays d as closely as it must', (each) => {
    const { periodDays, amplitudePpm } = each;
    const curve = curveOf({ rotation: { periodDays, amplitudePpm } });
    const rotation = { periodDays, harmonicsPpm: [amplitudePpm, 0, 0], peakHeight: 1.5 };
    const choice = chooseDetrending(curve, 1.4, rotation);
    expect(choice.passes).toBe(each.passes);
    expect(choice.windowDays).toBeCloseTo(each.windowDays, 2);
    // 100 ppm in 29 minutes are 44 ppm in 2.5 hours; a tenth of it may be left.
    const left = leftOfRotationPpm(rotation, choice.windowDays, choice.passes);
    if (choice.windowDays > 0.3) expect(left).toBeLessThan(4.5);
  });

  it('stays long where what repeats is not taken away by following it', () => {
    const curve = curveOf({ noisePpm: 100 });
    const imagined = { periodDays: 5, harmonicsPpm: [5000, 0, 0], peakHeight: 1.5 };
    expect(chooseDetrending(curve, 1.4, imagined)).toMatchObject({ windowDays: 1.4, passes: 1 });
  });
});
