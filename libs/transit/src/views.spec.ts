import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMS } from './detect.js';
import { findCandidates } from './candidates.js';
import { seededRandom } from './random.js';
import { simulate } from './simulate.js';
import type { LightCurve } from './types.js';
import { candidateViews, GLOBAL_BINS, LOCAL_BINS, VIEW_FEATURES } from './views.js';
import { referenceViews } from './views.reference.js';

const MIDDLE = GLOBAL_BINS / 2;
const HALF = LOCAL_BINS / 2;

const signal = { periodDays: 3.3, t0Days: 1.1, durationHours: 3, depthPpm: 1000 };
/** No point of `curveOf` lies on the edge of a bin, where rounding decides. */
const uneven = { ...signal, periodDays: 3.30017, t0Days: 1.10113 };

/** Flat but for what `fluxAt` says, one point every half hour of 90 days. */
function curveOf(
  fluxAt: (time: number, i: number) => number,
  times = Array.from({ length: 4320 }, (_, i) => i / 48),
): LightCurve {
  return {
    timeDays: Float64Array.from(times),
    flux: Float64Array.from(times, fluxAt),
    fluxError: new Float64Array(times.length).fill(1e-4),
    segment: new Uint16Array(times.length),
    timeOffsetDays: 0,
    exposureDays: Float64Array.of(1 / 48),
  };
}

/** Distance from the nearest middle of this ephemeris, in hours. */
const hoursFrom = (time: number, periodDays: number, t0Days: number) => {
  const cycles = (time - t0Days) / periodDays;
  return 24 * Math.abs(cycles - Math.round(cycles)) * periodDays;
};
const boxAt = (time: number) => (hoursFrom(time, 3.3, 1.1) < 1.5 ? 1 - 1e-3 : 1);
const noisy = (seed: number, ppm: number, fluxAt = boxAt) => {
  const random = seededRandom(seed);
  return (time: number) => fluxAt(time) + (ppm / 1e6) * random.normal();
};
const mean = (values: Float32Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const largest = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('candidateViews', () => {
  it('B.15 shows a box in the middle of both views, a depth deep and as wide as it is', () => {
    const { global, local } = candidateViews(curveOf(boxAt), signal);
    expect(global).toHaveLength(560);
    expect(local).toHaveLength(224);
    expect(VIEW_FEATURES).toBe(784);
    const inDip = (view: Float32Array) => view.filter((value) => value < -0.5).length;
    expect(global[MIDDLE]).toBeCloseTo(-1, 6);
    expect(global[0]).toBe(0);
    // 3 h of 79.2 h in 560 bins; 3 h of 18 h in 112 bins; two bins for the edges.
    expect(Math.abs(inDip(global) - 21.2)).toBeLessThanOrEqual(2);
    for (const half of [local.slice(0, HALF), local.slice(HALF)]) {
      expect(half[HALF / 2]).toBeCloseTo(-1, 6);
      expect(half[0]).toBe(0);
      expect(Math.abs(inDip(half) - 18.7)).toBeLessThanOrEqual(2);
    }
  });

  it('B.15 finds nothing in noise: the level is zero and the scatter that of the bins', () => {
    const { global } = candidateViews(curveOf(noisy(1, 100, () => 1)), signal);
    // 7.7 points a bin, an error of 1.25 sigma/sqrt(7.7) each, in depths of 1000 ppm.
    expect(Math.abs(mean(global))).toBeLessThan((5 * 0.045) / Math.sqrt(GLOBAL_BINS));
    expect(largest(global)).toBeLessThan(5 * 0.06);
  });

  it('B.15 shows the deeper half of the transits first, and both in their own depth', () => {
    const eclipses = (time: number) =>
      hoursFrom(time, 6.6, 1.1) < 1.5 ? 1 - 4e-4 : hoursFrom(time, 6.6, 4.4) < 1.5 ? 1 - 1.6e-3 : 1;
    const { local } = candidateViews(curveOf(eclipses), signal);
    expect(local[HALF / 2]).toBeCloseTo(-1.6, 6);
    expect(local[HALF + HALF / 2]).toBeCloseTo(-0.4, 6);
  });

  it('B.15 shows a second eclipse where it is', () => {
    const eclipses = (time: number) => (hoursFrom(time, 3.3, 2.09) < 1.5 ? 1 - 3e-4 : boxAt(time));
    const { global } = candidateViews(curveOf(eclipses), signal);
    // 0.99 d after the transit, 0.3 of an orbit
    expect(global[MIDDLE + 0.3 * GLOBAL_BINS]).toBeCloseTo(-0.3, 6);
    expect(largest(global.slice(0, 200))).toBeCloseTo(0, 6);
  });

  it.each([
    ['half-hour points', curveOf(noisy(2, 300))],
    [
      'two-minute points',
      curveOf(
        noisy(3, 900),
        Array.from({ length: 9000 }, (_, i) => 5 + i / 720),
      ),
    ],
    [
      'long gaps',
      curveOf(
        noisy(4, 300),
        Array.from({ length: 4320 }, (_, i) => i / 48).filter((time) => time % 9 < 2.4),
      ),
    ],
    ['few points', curveOf(noisy(5, 300), [0.2, 1.05, 1.12, 4.4, 30, 30.1, 33.9])],
    ['one point', curveOf(noisy(6, 300), [7.6])],
  ])('B.15 agrees with the slow twin: %s', (_, curve) => {
    for (const periodDays of [3.3, 0.31, 11.7, NaN]) {
      const one = { ...signal, periodDays };
      const [fast, slow] = [candidateViews(curve, one), referenceViews(curve, one)];
      // float32 of values up to 5; the line between two bins is drawn in another order
      for (const view of ['global', 'local'] as const) {
        expect(largest(fast[view].map((value, b) => value - slow[view][b]))).toBeLessThan(1e-6);
        expect(fast[view].every(Number.isFinite)).toBe(true);
        expect(largest(fast[view])).toBeLessThanOrEqual(5);
      }
    }
  });

  it('B.15 does not depend on the depth, on the time system or on which transit is the first', () => {
    const flux = noisy(7, 200);
    const curve = curveOf(flux);
    const views = candidateViews(curve, uneven);
    const deeper = { ...curve, flux: curve.flux.map((value) => 1 + 4 * (value - 1)) };
    const later = { ...curve, timeDays: curve.timeDays.map((time) => time + 512) };
    const others = [
      candidateViews(deeper, { ...uneven, depthPpm: 4 * uneven.depthPpm }),
      candidateViews(later, { ...uneven, t0Days: uneven.t0Days + 512 }),
      candidateViews(curve, { ...uneven, t0Days: uneven.t0Days + 3 * uneven.periodDays }),
    ];
    for (const other of others) {
      for (const view of ['global', 'local'] as const) {
        expect(largest(other[view].map((value, b) => value - views[view][b]))).toBeLessThan(1e-5);
      }
    }
  });

  it('B.15 turns with time', () => {
    const curve = curveOf(noisy(8, 200));
    const turned = {
      ...curve,
      timeDays: curve.timeDays.map((time) => -time).reverse(),
      flux: curve.flux.slice().reverse(),
    };
    const views = candidateViews(curve, uneven);
    const { global, local } = candidateViews(turned, { ...uneven, t0Days: -uneven.t0Days });
    const back = [...local.slice(0, HALF).reverse(), ...local.slice(HALF).reverse()];
    expect(largest(views.global.map((value, b) => value - global[559 - b]))).toBeLessThan(1e-5);
    expect(largest(views.local.map((value, b) => value - back[b]))).toBeLessThan(1e-5);
  });

  it('B.15 folds a single event at a period that holds the whole curve', () => {
    const event = (time: number) => (Math.abs(time - 60) < 0.3 ? 1 - 1e-3 : 1);
    const { global, local } = candidateViews(curveOf(event), {
      ...signal,
      periodDays: NaN,
      t0Days: 60,
      durationHours: 14.4,
    });
    expect(global[MIDDLE]).toBeCloseTo(-1, 6);
    // 0.6 d of 120.6 d are three bins of 560.
    expect(global.filter((value) => value < -0.5).length).toBeLessThanOrEqual(4);
    expect(local.slice(0, HALF)).toEqual(local.slice(HALF));
    expect(local[HALF / 2]).toBeCloseTo(-1, 6);
  });

  it('B.15 shows what the search finds of a planet: the transit, and flat beside it', () => {
    const planet = { periodDays: 4.2, t0Days: 133, radiusRatio: 0.05, impact: 0.3 };
    const segments = simulate({ seed: 11, noisePpm: 150, planets: [planet] });
    const [{ curve, signal: found }] = findCandidates(segments, DEFAULT_PARAMS);
    expect(Math.abs(found.periodDays / planet.periodDays - 1)).toBeLessThan(1e-3);
    const { global, local } = candidateViews(curve, found);
    expect(global[MIDDLE]).toBeLessThan(-0.8);
    expect(Math.abs(mean(global.slice(20, 240)))).toBeLessThan(0.02);
    expect(mean(local.slice(50, 62))).toBeLessThan(-0.85);
    expect(Math.abs(mean(local.slice(0, 30)))).toBeLessThan(0.05);
  });

  it.each([
    ['depthPpm', { ...signal, depthPpm: 0 }],
    ['durationHours', { ...signal, durationHours: NaN }],
    ['periodDays', { ...signal, periodDays: -1 }],
    ['t0Days', { ...signal, t0Days: NaN }],
  ])('B.15 refuses a signal without a %s', (name, bad) => {
    expect(() => candidateViews(curveOf(boxAt), bad)).toThrow(name);
  });

  it('B.15 refuses an empty curve', () => {
    expect(() => candidateViews(curveOf(boxAt, []), signal)).toThrow('at least one point');
  });
});
