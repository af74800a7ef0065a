import { describe, expect, it } from 'vitest';
import batman from './fixtures/transit-batman.json' with { type: 'json' };
import { limbDarkenedFlux } from './transit-model-disk.js';
import {
  limbDarkenedFluxReference,
  limbDarkenedSlopesReference,
} from './transit-model.reference.js';
import {
  axisRatioFromDensity,
  densityFromOrbit,
  fullTransitDurationHours,
  inclinationDegrees,
  midTransitDepthPpm,
  transitDurationHours,
  transitFlux,
  type TransitModel,
} from './transit-model.js';

const hotJupiter: TransitModel = {
  periodDays: 3.5,
  t0Days: 100,
  radiusRatio: 0.1,
  impact: 0.3,
  axisRatio: 9,
  limbDarkening: [0.4, 0.25],
};

function linspace(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** Sixth-order central difference. */
function difference(f: (x: number) => number, x: number, step: number): number {
  const pair = (k: number) => f(x + k * step) - f(x - k * step);
  return (45 * pair(1) - 9 * pair(2) + pair(3)) / (60 * step);
}

describe('limbDarkenedFlux', () => {
  const radii = [1e-4, 0.003, 0.05, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.7, 0.99, 1, 1.2, 2];

  it('B.24 agrees with the ring-by-ring integral to 1e-12 across every case', () => {
    for (const p of radii) {
      for (const z of linspace(0, 1.05 + p, 120)) {
        const expected = limbDarkenedFluxReference(z, p, 0.4, 0.25);
        expect(
          Math.abs(limbDarkenedFlux(z, p, 0.4, 0.25) - expected),
          `z ${z} p ${p}`,
        ).toBeLessThan(1e-12);
      }
    }
  });

  it('loses no digits beside the contacts and where the edge meets the centre', () => {
    for (const p of radii) {
      for (const corner of [p, Math.abs(1 - p), 1 + p, 1]) {
        for (const offset of [0, 1e-15, -1e-15, 1e-12, -1e-12, 1e-9, -1e-9, 1e-6, -1e-6]) {
          const z = Math.abs(corner + offset);
          const expected = limbDarkenedFluxReference(z, p, 0.6, 0.1);
          expect(
            Math.abs(limbDarkenedFlux(z, p, 0.6, 0.1) - expected),
            `z ${z} p ${p}`,
          ).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('is the area of the planet where the star is uniform', () => {
    expect(limbDarkenedFlux(0.2, 0.1, 0, 0)).toBeCloseTo(1 - 0.01, 14);
  });

  it('hides a purely linear limb at the centre as the closed form says', () => {
    // Integral of mu over a central disk: 2 pi (1 - (1 - p^2)^1.5) / 3; of the star: 2 pi / 3.
    expect(limbDarkenedFlux(0, 0.5, 1, 0)).toBeCloseTo(0.75 ** 1.5, 14);
  });

  it('is 1 without a planet, beyond the contact, and 0 behind a larger body', () => {
    expect(limbDarkenedFlux(0, 0, 0.4, 0.2)).toBe(1);
    expect(limbDarkenedFlux(1.1, 0.1, 0.4, 0.2)).toBe(1);
    expect(limbDarkenedFlux(0.1, 1.2, 0.4, 0.2)).toBe(0);
  });
});

describe('limbDarkenedFlux with slopes', () => {
  const radii = [1e-3, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.7, 0.99, 1, 1.2];
  const slopesAt = (z: number, p: number) => {
    const slopes = { byRadius: NaN, byDistanceSquared: NaN };
    const flux = limbDarkenedFlux(z, p, 0.4, 0.25, slopes);
    return { ...slopes, flux };
  };

  it('B.24 agrees with the integral along the edge of the planet to 1e-10 of the radius ratio', () => {
    for (const p of radii) {
      const besides = [p, Math.abs(1 - p), 1 + p, 1].flatMap((corner) =>
        [1e-2, 1e-4, 1e-6].flatMap((offset) => [corner - offset, corner + offset]),
      );
      for (const z of [1e-5, 1e-3, ...linspace(0.01, 1 + p, 150), ...besides]) {
        if (!(z > 0 && z < 1 + p && z > p - 1)) continue;
        const { byRadius, byDistanceSquared } = slopesAt(z, p);
        const expected = limbDarkenedSlopesReference(z, p, 0.4, 0.25);
        const miss = (value: number, right: number) => Math.abs(value - right) / p;
        expect(miss(byRadius, expected.byRadius), `z ${z} p ${p}`).toBeLessThan(1e-10);
        expect(miss(2 * z * byDistanceSquared, expected.byDistance), `z ${z} p ${p}`).toBeLessThan(
          1e-10,
        );
      }
    }
  });

  it('B.24 agrees with sixth-order central differences, as near to the contacts as they reach', () => {
    for (const p of radii) {
      const contacts = [0, p, Math.abs(1 - p), 1 + p];
      const besides = contacts.flatMap((at) => [at - 0.003, at + 0.003]);
      for (const z of [...linspace(0.01, 1 + p, 90), ...besides]) {
        const clear = Math.min(p, ...contacts.map((contact) => Math.abs(z - contact)));
        if (!(z > 0 && clear > 1e-3 * Math.min(1, p))) continue;
        const step = 0.05 * clear;
        const byZ = difference((at) => limbDarkenedFlux(at, p, 0.4, 0.25), z, step);
        const byP = difference((at) => limbDarkenedFlux(z, at, 0.4, 0.25), p, step);
        const { byRadius, byDistanceSquared } = slopesAt(z, p);
        const allowed = 1e-7 * p + 1e-14 / step;
        expect(Math.abs(2 * z * byDistanceSquared - byZ), `z ${z} p ${p}`).toBeLessThan(allowed);
        expect(Math.abs(byRadius - byP), `z ${z} p ${p}`).toBeLessThan(allowed);
      }
    }
  });

  it('is finite where the centres meet, and changes no flux', () => {
    for (const p of [1e-3, 0.1, 0.5, 0.9]) {
      const near = slopesAt(1e-4, p);
      const at = slopesAt(0, p);
      expect(at.byDistanceSquared / near.byDistanceSquared).toBeCloseTo(1, 6);
      expect(at.byRadius / near.byRadius).toBeCloseTo(1, 6);
      expect(at.flux).toBe(limbDarkenedFlux(0, p, 0.4, 0.25));
    }
    expect(slopesAt(1.2, 0.1)).toEqual({ byRadius: 0, byDistanceSquared: 0, flux: 1 });
    expect(slopesAt(0.1, 1.2)).toEqual({ byRadius: 0, byDistanceSquared: 0, flux: 0 });
  });
});

describe('transitFlux', () => {
  it('is symmetric about mid-transit and the same in every cycle', () => {
    const before = transitFlux(hotJupiter, Float64Array.of(100 - 0.05, 100 + 0.05));
    const later = transitFlux(hotJupiter, Float64Array.of(100 + 3.5 * 40 + 0.05));
    expect(before[0]).toBeCloseTo(before[1], 12);
    expect(later[0]).toBeCloseTo(before[1], 10);
  });

  it('is 1 out of transit, also half an orbit away where the star hides the planet', () => {
    expect([...transitFlux(hotJupiter, Float64Array.of(100.4, 101.75, 98.25))]).toEqual([1, 1, 1]);
  });

  it('starts and ends exactly at the first and fourth contact', () => {
    const half = transitDurationHours(hotJupiter) / 48;
    const [outside, inside] = transitFlux(
      hotJupiter,
      Float64Array.of(100 + half + 1e-7, 100 + half - 1e-4),
    );
    expect(outside).toBe(1);
    expect(inside).toBeLessThan(1);
    expect(inside).toBeGreaterThan(1 - 1e-5);
  });

  it.each([
    ['30 minutes', 29.4 / 1440],
    ['2 minutes', 2 / 1440],
    ['longer than the transit', 0.3],
  ])('averages over an exposure of %s as 4001 instants do', (_, exposure) => {
    for (const impact of [0, 0.6, 0.95, 1.05]) {
      const model = { ...hotJupiter, impact };
      const mids = linspace(99.75, 100.25, 101);
      const averaged = transitFlux(model, mids, exposure);
      for (let i = 0; i < mids.length; i++) {
        const instants = transitFlux(
          model,
          Float64Array.from(
            { length: 4001 },
            (_, k) => mids[i] + ((k + 0.5) / 4001 - 0.5) * exposure,
          ),
        );
        const mean = instants.reduce((sum, value) => sum + value, 0) / 4001;
        // Depth 1e-2: a part in a thousand of it, and far below any photometry.
        expect(Math.abs(averaged[i] - mean)).toBeLessThan(6e-6);
      }
    }
  });

  it.each(batman.curves.map((curve) => [curve.name, curve] as const))(
    'B.24 gives the flux that batman gives: %s',
    (_, { radiusRatio, impact, limbDarkening: [u1, u2], exposureDays, timeDays, flux }) => {
      const { periodDays, t0Days, axisRatio } = batman;
      const orbit = { periodDays, t0Days, axisRatio };
      const model = { ...orbit, radiusRatio, impact, limbDarkening: [u1, u2] as const };
      const ours = transitFlux(model, Float64Array.from(timeDays), exposureDays);
      // Both are exact at an instant, save for rounding and batman's elliptic integrals (7e-9 seen);
      // over an exposure both are good to a part in a million of the flux (exposure.ts).
      const tolerance = exposureDays === 0 ? 1e-8 : 1e-6;
      flux.forEach((value, i) => {
        expect(Math.abs(ours[i] - value), `at ${timeDays[i]}`).toBeLessThan(tolerance);
      });
    },
  );

  it('keeps the area of the dip whatever the exposure', () => {
    const times = linspace(99.5, 100.5, 20001);
    const missing = (exposure: number) =>
      transitFlux(hotJupiter, times, exposure).reduce((sum, value) => sum + (1 - value), 0);
    expect(missing(0.02) / missing(0)).toBeCloseTo(1, 4);
  });

  it('takes one exposure per point', () => {
    const times = Float64Array.of(99.95, 99.95);
    const both = transitFlux(hotJupiter, times, Float64Array.of(0, 0.1));
    expect(both[0]).toBe(transitFlux(hotJupiter, times, 0)[0]);
    expect(both[1]).toBe(transitFlux(hotJupiter, times, 0.1)[1]);
  });

  it('answers NaN for a missing time and nothing else', () => {
    const flux = transitFlux(hotJupiter, Float64Array.of(NaN, 100));
    expect(flux[0]).toBeNaN();
    expect(flux[1]).toBeLessThan(1);
  });

  it('is flat for a planet that misses the star', () => {
    const missing = { ...hotJupiter, impact: 1.2 };
    expect(transitDurationHours(missing)).toBe(0);
    expect([...transitFlux(missing, Float64Array.of(100), 0.02)]).toEqual([1]);
  });

  it.each([
    ['periodDays', { periodDays: 0 }, 'periodDays must be positive, not 0'],
    ['t0Days', { t0Days: NaN }, 't0Days must be finite, not NaN'],
    ['radiusRatio', { radiusRatio: -0.1 }, 'radiusRatio must be at least 0, not -0.1'],
    ['axisRatio', { axisRatio: 1 }, 'axisRatio must be greater than 1, not 1'],
    ['impact', { impact: 9 }, 'impact must be at least 0 and less than axisRatio (9), not 9'],
    ['limbDarkening', { limbDarkening: [NaN, 0] as const }, 'limbDarkening must be two finite'],
  ])('refuses a bad %s by name', (_, change, message) => {
    expect(() => transitFlux({ ...hotJupiter, ...change }, Float64Array.of(1))).toThrow(message);
  });

  it('refuses a negative exposure, one as long as the period, and a wrong count', () => {
    const times = Float64Array.of(100, 101);
    expect(() => transitFlux(hotJupiter, times, -1)).toThrow('exposureDays must be at least 0');
    expect(() => transitFlux(hotJupiter, times, 3.5)).toThrow('less than the period (3.5)');
    expect(() => transitFlux(hotJupiter, times, new Float64Array(3))).toThrow(
      'exposureDays has 3 values for 2 times',
    );
  });
});

describe('what a model implies', () => {
  it('gives the Earth its 13 hours, its inclination and the density of the Sun', () => {
    const earth = { periodDays: 365.25, radiusRatio: 0.00917, impact: 0, axisRatio: 215.03 };
    expect(transitDurationHours(earth)).toBeCloseTo(13.1, 1);
    expect(densityFromOrbit(365.25, 215.03)).toBeCloseTo(1.41, 2);
    expect(axisRatioFromDensity(365.25, densityFromOrbit(365.25, 215.03))).toBeCloseTo(215.03, 8);
    expect(inclinationDegrees(0, 215)).toBeCloseTo(90, 12);
    expect(inclinationDegrees(0.5, 1)).toBeCloseTo(60, 10);
  });

  it('has no flat bottom where the transit grazes', () => {
    expect(fullTransitDurationHours({ ...hotJupiter, impact: 0.95 })).toBe(0);
    expect(fullTransitDurationHours(hotJupiter)).toBeGreaterThan(0);
    expect(fullTransitDurationHours(hotJupiter)).toBeLessThan(transitDurationHours(hotJupiter));
  });

  it('is deepest at mid-transit, deeper than the area where the limb is dark', () => {
    expect(midTransitDepthPpm({ ...hotJupiter, limbDarkening: [0, 0] })).toBeCloseTo(10_000, 8);
    expect(midTransitDepthPpm(hotJupiter)).toBeGreaterThan(11_000);
    expect(midTransitDepthPpm({ ...hotJupiter, impact: 1.2 })).toBe(0);
  });
});
