import { describe, expect, it } from 'vitest';
import { leastSquares } from './levenberg-marquardt.js';

/** NIST Statistical Reference Datasets, nonlinear regression, Misra1a: y = b1 (1 - exp(-b2 x)). */
const misraX = [
  77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760,
];
const misraY = [
  10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78,
];
const misra = (p: Float64Array, out: Float64Array) => {
  for (let i = 0; i < misraX.length; i++)
    out[i] = p[0] * (1 - Math.exp(-p[1] * misraX[i])) - misraY[i];
};

describe('leastSquares', () => {
  it.each([
    ['far', 500, 0.0001],
    ['near', 250, 0.0005],
  ])('reproduces the certified values of NIST Misra1a from the %s start', (_, b1, b2) => {
    const fit = leastSquares({
      start: Float64Array.of(b1, b2),
      residualCount: misraX.length,
      residuals: misra,
    });
    expect(fit.converged).toBe(true);
    expect(fit.parameters[0] / 2.3894212918e2).toBeCloseTo(1, 7);
    expect(fit.parameters[1] / 5.5015643181e-4).toBeCloseTo(1, 7);
    expect(fit.chi2).toBeCloseTo(1.2455138894e-1, 9);
    const variance = fit.chi2 / (misraX.length - 2);
    expect(Math.sqrt(fit.covariance[0] * variance) / 2.7070075241).toBeCloseTo(1, 5);
    expect(Math.sqrt(fit.covariance[3] * variance) / 7.2668688436e-6).toBeCloseTo(1, 5);
  });

  it('finds the same with analytic derivatives as with differences', () => {
    const problem = { start: Float64Array.of(500, 0.0001), residualCount: 14, residuals: misra };
    const analytic = leastSquares({
      ...problem,
      jacobian: (p, out) => {
        for (let i = 0; i < 14; i++) {
          out[i] = 1 - Math.exp(-p[1] * misraX[i]);
          out[14 + i] = p[0] * misraX[i] * Math.exp(-p[1] * misraX[i]);
        }
      },
    });
    const numeric = leastSquares(problem);
    expect(analytic.parameters[0] / numeric.parameters[0]).toBeCloseTo(1, 8);
    expect(analytic.covariance[1] / numeric.covariance[1]).toBeCloseTo(1, 5);
  });

  it("walks Rosenbrock's valley to its end", () => {
    const fit = leastSquares({
      start: Float64Array.of(-1.2, 1),
      residualCount: 2,
      residuals: (p, out) => {
        out[0] = 10 * (p[1] - p[0] * p[0]);
        out[1] = 1 - p[0];
      },
    });
    expect(fit.parameters[0]).toBeCloseTo(1, 8);
    expect(fit.parameters[1]).toBeCloseTo(1, 8);
  });

  const line = (p: Float64Array, out: Float64Array) => {
    for (let i = 0; i < 5; i++) out[i] = p[0] + p[1] * i - (2 + 3 * i);
  };

  it('stops at a bound, and finds the best of the others there', () => {
    const fit = leastSquares({
      start: Float64Array.of(0, 0),
      upper: Float64Array.of(Infinity, 1),
      residualCount: 5,
      residuals: line,
    });
    expect(fit.parameters[1]).toBe(1);
    expect(fit.parameters[0]).toBeCloseTo(6, 8); // mean of (2 + 3 i) - i
    // Of a straight line through five unit errors at 0 to 4, bound or not.
    expect(fit.covariance[3]).toBeCloseTo(1 / 10, 8);
    expect(fit.covariance[0]).toBeCloseTo(3 / 5, 8);
  });

  it('holds a parameter whose bounds are equal', () => {
    const fit = leastSquares({
      start: Float64Array.of(0, 1),
      lower: Float64Array.of(-Infinity, 1),
      upper: Float64Array.of(Infinity, 1),
      residualCount: 5,
      residuals: line,
    });
    expect(fit.parameters[1]).toBe(1);
    expect(fit.covariance[3]).toBeNaN();
    expect(fit.covariance[0]).toBeCloseTo(1 / 5, 8);
  });

  it('leaves a bound again where the minimum is inside', () => {
    const fit = leastSquares({
      start: Float64Array.of(0, 0),
      lower: Float64Array.of(0, 0),
      residualCount: 5,
      residuals: line,
    });
    expect([...fit.parameters].map((value) => Number(value.toFixed(8)))).toEqual([2, 3]);
  });

  it('says NaN for what the data do not constrain, and still fits the rest', () => {
    const fit = leastSquares({
      start: Float64Array.of(0, 7),
      residualCount: 4,
      residuals: (p, out) => out.fill(p[0] - 5),
    });
    expect(fit.parameters[0]).toBeCloseTo(5, 8);
    expect(fit.parameters[1]).toBe(7);
    expect(fit.covariance[3]).toBeNaN();
    expect(fit.covariance[0]).toBeCloseTo(0.25, 8);
  });

  it('says NaN for two parameters of which only the sum is constrained', () => {
    const fit = leastSquares({
      start: Float64Array.of(1, 1),
      residualCount: 3,
      residuals: (p, out) => out.fill(p[0] + p[1] - 5),
    });
    expect(fit.parameters[0] + fit.parameters[1]).toBeCloseTo(5, 8);
    expect(fit.covariance[0]).toBeNaN();
  });

  it('steps back from where the residuals are not finite', () => {
    const fit = leastSquares({
      start: Float64Array.of(0.1),
      residualCount: 1,
      residuals: (p, out) => {
        out[0] = Math.log(p[0]) - 2;
      },
    });
    expect(fit.parameters[0]).toBeCloseTo(Math.exp(2), 6);
  });

  it('starts inside the bounds even where the caller does not', () => {
    const fit = leastSquares({
      start: Float64Array.of(-9, 0),
      lower: Float64Array.of(0, 0),
      residualCount: 5,
      residuals: line,
    });
    expect(fit.parameters[0]).toBeCloseTo(2, 8);
  });

  it('does not claim convergence when it ran out of iterations', () => {
    const fit = leastSquares({
      start: Float64Array.of(500, 0.0001),
      residualCount: 14,
      residuals: misra,
      maxIterations: 2,
    });
    expect(fit.converged).toBe(false);
    expect(fit.iterations).toBe(2);
  });

  it('refuses arguments that cannot be right, by name', () => {
    const problem = { start: Float64Array.of(1, 1), residualCount: 5, residuals: line };
    expect(() => leastSquares({ ...problem, residualCount: 1 })).toThrow(
      'residualCount must be at least the 2 parameters, not 1',
    );
    expect(() => leastSquares({ ...problem, lower: new Float64Array(3) })).toThrow(
      'lower has 3 values for 2 parameters',
    );
    expect(() =>
      leastSquares({ ...problem, lower: Float64Array.of(0, 2), upper: Float64Array.of(1, 1) }),
    ).toThrow('lower[1] = 2 is above upper[1] = 1');
    expect(() => leastSquares({ ...problem, start: Float64Array.of(NaN, 0) })).toThrow('start[0]');
    expect(() => leastSquares({ ...problem, residuals: (_, out) => out.fill(NaN) })).toThrow(
      'residuals at the start must be finite',
    );
  });
});
