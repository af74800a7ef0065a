import { describe, expect, it } from 'vitest';
import type { TransitPoints } from './fold.js';
import { deriveOrbit, ORBITALS } from './orbit-shape.js';
import {
  orbitByShape,
  orbitOfShape,
  Parameter,
  PARAMETERS,
  type ShapeContext,
  shapeFlux,
  ShapeModel,
} from './shape.js';

const context: ShapeContext = {
  periodDays: 4,
  referenceEpoch: 10,
  limbDarkening: [0.4, 0.25],
};

const parametersOf = (radiusRatio: number, graze: number, durationDays = 0.12) =>
  Float64Array.of(0.002, 1e-5, radiusRatio, graze, Math.log(durationDays), 1.0003);

/** A transit seen in twenty epochs, off the contacts by no rule. */
function pointsOf(exposureDays: number): TransitPoints {
  const m = 161;
  const column = (f: (i: number) => number) => Float64Array.from({ length: m }, (_, i) => f(i));
  return {
    fromMidDays: column((i) => (i / 80 - 1) * 0.0897),
    epoch: column((i) => i % 21),
    flux: column(() => 1),
    fluxError: column((i) => 1e-4 * (1 + (i % 3))),
    exposureDays: column(() => exposureDays),
  };
}

/** Sixth-order central difference. */
function difference(f: (x: number) => Float64Array, x: number, step: number): Float64Array {
  const at = [-3, -2, -1, 1, 2, 3].map((k) => f(x + k * step));
  return at[0].map(
    (_, i) =>
      (45 * (at[3][i] - at[2][i]) - 9 * (at[4][i] - at[1][i]) + (at[5][i] - at[0][i])) /
      (60 * step),
  );
}

const SHAPES = [
  ['a small planet', parametersOf(0.01, 0.2)],
  ['a central transit', parametersOf(0.1, 1e-3)],
  ['a grazing transit', parametersOf(0.1, 0.93)],
  ['a large body', parametersOf(0.8, 0.3)],
  ['a transit of a third of the orbit', parametersOf(0.1, 0.3, 1.3)],
] as const;
const STEPS = [1e-6, 1e-8, 1e-6, 1e-5, 1e-5, 1e-3];

describe('the Jacobian of the fit', () => {
  it.each(SHAPES)(
    'B.24 of %s is that of central differences, in every parameter',
    (_, parameters) => {
      for (const [exposure, allowed] of [
        [0, 1e-5], // a stencil may straddle a contact
        [0.02, 1e-2], // both carry the error of the nodes, a part in a thousand of the depth
      ]) {
        const points = pointsOf(exposure);
        const m = points.flux.length;
        const jacobian = new Float64Array(PARAMETERS * m);
        new ShapeModel(context, points).jacobian(parameters, m, jacobian);
        for (let k = 0; k < PARAMETERS; k++) {
          const byDifference = difference(
            (x) => shapeFlux(parameters.with(k, x), context, points),
            parameters[k],
            STEPS[k],
          ).map((value, i) => value / points.fluxError[i]);
          const column = jacobian.subarray(k * m, (k + 1) * m);
          let largest = 0;
          let worst = 0;
          for (let i = 0; i < m; i++) {
            largest = Math.max(largest, Math.abs(byDifference[i]));
            worst = Math.max(worst, Math.abs(column[i] - byDifference[i]));
          }
          expect(worst / largest, `parameter ${k}, exposure ${exposure}`).toBeLessThan(allowed);
        }
      }
    },
  );

  it('is recomputed where the parameters moved, and its residuals are those of the flux', () => {
    const points = pointsOf(0.02);
    const m = points.flux.length;
    const model = new ShapeModel(context, points);
    const [, , [, first], [, second]] = SHAPES;
    const [moved, fresh, residuals] = [0, 0, 0].map(() => new Float64Array(PARAMETERS * m));
    model.jacobian(first, m, moved);
    model.residuals(second, residuals);
    model.jacobian(second, m, moved);
    new ShapeModel(context, points).jacobian(second, m, fresh);
    expect(moved).toEqual(fresh);
    const flux = shapeFlux(second, context, points);
    for (let i = 0; i < m; i++) {
      expect(residuals[i]).toBeCloseTo((flux[i] - 1) / points.fluxError[i], 9);
    }
  });
});

describe('what follows from an orbit', () => {
  it.each(SHAPES)('has the derivatives of central differences: %s', (_, parameters) => {
    const orbit = orbitOfShape(parameters, context);
    const names = Object.keys(deriveOrbit(orbit, [0.4, 0.25])) as (keyof ReturnType<
      typeof deriveOrbit
    >)[];
    for (let o = 0; o < ORBITALS; o++) {
      const byDifference = difference(
        (x) => {
          const derived = deriveOrbit(orbit.with(o, x), [0.4, 0.25]);
          return Float64Array.from(names, (name) => derived[name].value);
        },
        orbit[o],
        1e-4 * orbit[o],
      );
      const derived = deriveOrbit(orbit, [0.4, 0.25]);
      names.forEach((name, i) => {
        const size =
          Math.abs(byDifference[i]) + 1e-6 * Math.abs(derived[name].value / orbit[o]) + 1e-12;
        expect(
          Math.abs(derived[name].slopes[o] - byDifference[i]) / size,
          `${name} by ${o}`,
        ).toBeLessThan(1e-6);
      });
    }
    const byShape = orbitByShape(parameters, context);
    for (let k = Parameter.Period; k <= Parameter.LogDuration; k++) {
      const byDifference = difference(
        (x) => orbitOfShape(parameters.with(k, x), context),
        parameters[k],
        [0, 1e-4, 1e-4, 1e-4, 1e-4][k],
      );
      for (let o = 0; o < ORBITALS; o++) {
        const size = Math.abs(byDifference[o]) + 1e-3 * orbit[o];
        expect(Math.abs(byShape[o * PARAMETERS + k] - byDifference[o]) / size).toBeLessThan(1e-7);
      }
    }
  });
});
