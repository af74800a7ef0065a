import { describe, expect, it } from 'vitest';
import { transitDerivatives } from './transit-derivatives.js';
import { limbDarkenedFlux } from './transit-model-disk.js';
import { meanFluxReference } from './transit-model.reference.js';
import { transitFlux, type TransitModel } from './transit-model.js';

const LIMB_DARKENING = [0.4, 0.25] as const;
const NAMES = ['byRadiusRatio', 'byImpactSquared', 'byReachSquared', 'byTime', 'byRate'] as const;

/** The quantities by which is differentiated: k, b^2, R, the time, 2 pi / P. */
type Vector = [number, number, number, number, number];

const vectorOf = (radiusRatio: number, impact: number, time: number): Vector => [
  radiusRatio,
  impact ** 2,
  100 - impact ** 2,
  time,
  Math.PI / 2, // a period of 4 days
];

const modelOf = ([radiusRatio, impactSquared, reachSquared, , rate]: Vector): TransitModel => ({
  periodDays: (2 * Math.PI) / rate,
  t0Days: 0,
  radiusRatio,
  impact: Math.sqrt(impactSquared),
  axisRatio: Math.sqrt(impactSquared + reachSquared),
  limbDarkening: LIMB_DARKENING,
});

/** The slow twin: the converged mean over the exposure. */
function flux(at: Vector, exposure: number): number {
  const [radiusRatio, impactSquared, reachSquared, time, rate] = at;
  const instant = (days: number) => {
    const square = impactSquared + reachSquared * Math.sin(rate * days) ** 2;
    return limbDarkenedFlux(Math.sqrt(square), radiusRatio, ...LIMB_DARKENING);
  };
  if (exposure === 0) return instant(time);
  const contact = (distance: number) => {
    const square = (distance ** 2 - impactSquared) / reachSquared;
    return square > 0 ? Math.asin(Math.sqrt(square)) / rate : 0;
  };
  const [outer, inner] = [contact(1 + radiusRatio), contact(Math.abs(1 - radiusRatio))];
  const contacts = [-outer, -inner, 0, inner, outer];
  return meanFluxReference(instant, contacts, time - exposure / 2, time + exposure / 2);
}

/** Sixth-order central difference by one quantity. */
function difference(at: Vector, which: number, step: number, exposure: number): number {
  const moved = (k: number) =>
    flux(at.map((value, i) => (i === which ? value + k * step : value)) as Vector, exposure);
  const pair = (k: number) => moved(k) - moved(-k);
  return (45 * pair(1) - 9 * pair(2) + pair(3)) / (60 * step);
}

/** How fast the flux changes with each quantity at most: the misses are measured in it. */
const SCALES = (radiusRatio: number): Vector => [
  2 * radiusRatio,
  radiusRatio,
  radiusRatio / 100,
  16 * 2 * radiusRatio,
  2 * radiusRatio,
];

const CASES = [
  ['a small planet', 0.01, 0.3],
  ['a central transit', 0.1, 0],
  ['an oblique transit', 0.1, 0.7],
  ['a transit that touches the limb from inside', 0.1, 0.9],
  ['a grazing transit', 0.1, 1.02],
  ['half a star', 0.5, 0.5],
  ['nearly a whole star', 0.95, 0.3],
] as const;

describe('transitDerivatives', () => {
  it.each(CASES)(
    'B.24 of %s agree with sixth-order central differences at instants, to 1e-6',
    (_, radiusRatio, impact) => {
      for (const phase of [0.02, 0.3, 0.6, 0.75, 0.8, 0.9, 0.97, 0.995]) {
        const half = Math.sqrt((1 + radiusRatio) ** 2 - impact ** 2) / 10 / (Math.PI / 2);
        const at = vectorOf(radiusRatio, impact, phase * half);
        const out = transitDerivatives(modelOf(at), Float64Array.of(at[3]), Float64Array.of(0));
        const scales = SCALES(radiusRatio);
        const z = Math.sqrt(at[1] + at[2] * Math.sin(at[4] * at[3]) ** 2);
        const clear = Math.min(1 + radiusRatio - z, Math.abs(1 - radiusRatio - z), radiusRatio);
        if (clear < 1e-4 * radiusRatio) continue;
        // The step keeps the stencil away from the contacts.
        const reaches: Vector = [1, 2 * Math.max(z, 0.05), 200 * Math.max(z, 0.05), 0.06, 1];
        NAMES.forEach((name, which) => {
          if (which === 1 && at[1] === 0) return; // b^2 cannot be less than 0
          const step = 0.02 * clear * Math.min(reaches[which], at[which] || 1);
          const miss = Math.abs(out[name][0] - difference(at, which, step, 0)) / scales[which];
          expect(miss, `${name} at ${phase}`).toBeLessThan(1e-6);
        });
      }
    },
  );

  it.each(CASES)(
    'B.24 of %s agree with differences of the converged mean over an exposure, to 2e-3',
    (_, radiusRatio, impact) => {
      for (const exposure of [2 / 1440, 29.4 / 1440, 0.1]) {
        const half = Math.sqrt((1 + radiusRatio) ** 2 - impact ** 2) / 10 / (Math.PI / 2);
        for (const phase of [0, 0.5, 0.8, 0.95, 1, 1.04]) {
          const at = vectorOf(radiusRatio, impact, phase * half);
          const times = Float64Array.of(at[3]);
          const out = transitDerivatives(modelOf(at), times, Float64Array.of(exposure));
          const scales = SCALES(radiusRatio);
          NAMES.forEach((name, which) => {
            if (which === 1 && at[1] === 0) return;
            const step = [1e-4 * radiusRatio, 1e-5, 1e-2, 1e-6, 1e-5][which];
            const miss =
              Math.abs(out[name][0] - difference(at, which, step, exposure)) / scales[which];
            expect(miss, `${name} at ${phase}, exposure ${exposure}`).toBeLessThan(2e-3);
          });
        }
      }
    },
  );

  it('gives the flux that transitFlux gives, and nothing out of transit', () => {
    const model = modelOf(vectorOf(0.1, 0.4, 0));
    const times = Float64Array.from({ length: 200 }, (_, i) => (i - 100) * 0.002);
    const exposures = times.map((_, i) => (i % 3 === 0 ? 0 : 0.02));
    const out = transitDerivatives(model, times, exposures);
    const expected = transitFlux(model, times, exposures);
    for (let i = 0; i < 200; i++) {
      expect(out.flux[i]).toBeCloseTo(expected[i], 14);
      if (expected[i] === 1) for (const name of NAMES) expect(out[name][i]).toBe(0);
    }
  });
});
