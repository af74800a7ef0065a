import { describe, expect, it } from 'vitest';
import { EXPOSURE_ERROR, exposureNodes, placeNodes } from './exposure.js';
import { limbDarkenedFlux } from './transit-model-disk.js';
import { meanFluxReference } from './transit-model.reference.js';
import {
  fullTransitDurationHours,
  transitDurationHours,
  transitFlux,
  type TransitModel,
} from './transit-model.js';

function scene(radiusRatio: number, impact: number, limbDarkening: readonly [number, number]) {
  const model: TransitModel = {
    periodDays: 4,
    t0Days: 0,
    radiusRatio,
    impact,
    axisRatio: 10,
    limbDarkening,
  };
  const outer = transitDurationHours(model) / 48;
  const inner = fullTransitDurationHours(model) / 48;
  const instant = (days: number) => {
    const z2 = impact ** 2 + (100 - impact ** 2) * Math.sin((Math.PI * days) / 2) ** 2;
    return limbDarkenedFlux(Math.sqrt(z2), radiusRatio, ...limbDarkening);
  };
  const exact = (from: number, to: number) =>
    meanFluxReference(instant, [-outer, -inner, inner, outer], from, to);
  return { model, outer, inner, instant, exact };
}

const EXPOSURES = [2 / 1440, 10 / 1440, 29.4 / 1440, 0.1, 0.3];

describe('the mean over an exposure', () => {
  it.each([
    [0.005, 1e-6],
    [0.01, 1e-6],
    [0.03, 1e-6],
    [0.1, 1e-6],
    [0.3, 1e-6],
    [0.9, 2e-5 * 0.81], // no planet: 2e-5 of the depth
  ])(
    'B.24 of a planet of %d stellar radii is as near to a converged integral as stated',
    (radiusRatio, allowed) => {
      for (const impact of [0, 0.5, 1 - radiusRatio, 1 - 0.7 * radiusRatio, 1]) {
        const { model, outer, exact } = scene(radiusRatio, impact, [0.4, 0.25]);
        for (const exposure of EXPOSURES) {
          for (let k = 0; k < 14; k++) {
            const mid = ((k + 0.3) / 14) * (outer + exposure / 2);
            const right = exact(mid - exposure / 2, mid + exposure / 2);
            const miss = Math.abs(transitFlux(model, Float64Array.of(mid), exposure)[0] - right);
            const where = `impact ${impact}, exposure ${exposure}, at ${mid}`;
            expect(miss, where).toBeLessThan(allowed);
            expect(miss, where).toBeLessThan(1.5 * EXPOSURE_ERROR.ofDepth * radiusRatio ** 2);
          }
        }
      }
    },
  );

  it('keeps the bound that was asked for, for a small planet on a uniform star', () => {
    const { outer, inner, instant, exact } = scene(0.005, 0.2, [0, 0]);
    const nodes = exposureNodes();
    const fewest: number[] = [];
    for (const tolerance of [1e-1, 1e-2, 1e-3, 1e-4, 1e-5]) {
      let count = 0;
      for (const exposure of [1e-4, 1e-3, 0.02, 0.3]) {
        for (let k = 0; k <= 20; k++) {
          const mid = inner - exposure / 2 + (k / 20) * (outer - inner + exposure);
          placeNodes(nodes, mid - exposure / 2, mid + exposure / 2, outer, inner, tolerance);
          let missing = 0;
          for (let n = 0; n < nodes.count; n++) {
            missing += nodes.weights[n] * (1 - instant(nodes.days[n]));
          }
          const right = 1 - exact(mid - exposure / 2, mid + exposure / 2);
          expect(Math.abs(missing - right)).toBeLessThan(tolerance * 0.005 ** 2);
          count += nodes.count;
        }
      }
      fewest.push(count);
    }
    // A part in ten needs two nodes a piece, four digits more cost no more than thrice that.
    expect(fewest).toEqual([...fewest].sort((a, b) => a - b));
    expect(fewest[4]).toBeLessThan(3 * fewest[0]);
  });

  it('needs a fifth of the equal steps that Kipping 2010 asks for', () => {
    const { model, outer, inner, instant, exact } = scene(0.1, 0, [0.4, 0.25]);
    const exposure = 29.4 / 1440;
    // Equation 40 for 1 ppm: sqrt(depth / ingress · exposure / (8 sigma)).
    const depth = 1 - instant(0);
    const kipping = Math.ceil(
      Math.sqrt(((depth / (outer - inner)) * exposure) / (8 * EXPOSURE_ERROR.flux)),
    );
    const nodes = exposureNodes();
    let most = 0;
    let worst = 0;
    let worstOfEqual = 0;
    for (let k = 0; k < 40; k++) {
      const mid = outer + (k / 40 - 0.7) * exposure;
      const right = exact(mid - exposure / 2, mid + exposure / 2);
      const tolerance = EXPOSURE_ERROR.flux / depth;
      placeNodes(nodes, mid - exposure / 2, mid + exposure / 2, outer, inner, tolerance);
      most = Math.max(most, nodes.count);
      let equal = 0;
      for (let n = 0; n < nodes.count; n++) {
        equal += instant(mid + ((n + 0.5) / nodes.count - 0.5) * exposure) / nodes.count;
      }
      const ours = transitFlux(model, Float64Array.of(mid), exposure)[0];
      worst = Math.max(worst, Math.abs(ours - right));
      worstOfEqual = Math.max(worstOfEqual, Math.abs(equal - right));
    }
    expect(most).toBeLessThanOrEqual(kipping / 5);
    expect(worst).toBeLessThan(EXPOSURE_ERROR.flux);
    expect(worstOfEqual).toBeGreaterThan(20 * EXPOSURE_ERROR.flux);
  });

  it('weighs the part of an exposure that is in transit, and nothing outside', () => {
    const nodes = exposureNodes();
    const total = () => nodes.weights.subarray(0, nodes.count).reduce((sum, w) => sum + w, 0);
    placeNodes(nodes, -1, 1, 0.1, 0.07, 1e-6);
    expect(total()).toBeCloseTo(0.1, 7);
    placeNodes(nodes, 0.05, 0.09, 0.1, 0.07, 1e-6);
    expect(total()).toBeCloseTo(1, 7);
    placeNodes(nodes, 0.1, 0.2, 0.1, 0.07, 1e-6);
    expect(nodes.count).toBe(0);
  });
});
