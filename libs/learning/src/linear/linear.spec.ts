import { describe, expect, it } from 'vitest';
import { someExamples } from '../fixtures/made-up.js';
import { minimise } from './lbfgs.js';
import { logisticLoss, trainLogistic } from './logistic-regression.js';
import { trainRidge } from './ridge.js';

describe('logistic regression', () => {
  it('has the gradient that differences of its loss have, weighted too', () => {
    const examples = someExamples({ rows: 50, features: 3, classes: 3 });
    const weights = Float64Array.from({ length: 50 }, (_, i) => 1 + (i % 4));
    const loss = logisticLoss({ ...examples, weights }, 0.7);
    const at = Float64Array.from({ length: 12 }, (_, d) => Math.sin(d));
    const gradient = new Float64Array(12);
    const scratch = new Float64Array(12);
    loss(at, gradient);
    for (let d = 0; d < at.length; d++) {
      const moved = (step: number) => at.map((value, e) => value + (e === d ? step : 0));
      const slope = (loss(moved(1e-5), scratch) - loss(moved(-1e-5), scratch)) / 2e-5;
      expect(gradient[d]).toBeCloseTo(slope, 7);
    }
  });

  it('ends where the gradient is zero', () => {
    const examples = someExamples({ rows: 200, features: 3, classes: 2 });
    const { weights, intercepts } = trainLogistic(examples, { l2: 2 });
    const gradient = new Float64Array(8);
    logisticLoss(examples, 2)(Float64Array.from([...weights, ...intercepts]), gradient);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-5);
  });
});

describe('L-BFGS', () => {
  it('finds the valley of Rosenbrock', () => {
    const rosenbrock = ([x, y]: Float64Array, gradient: Float64Array) => {
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    };
    const { parameters, converged } = minimise(rosenbrock, Float64Array.of(-1.2, 1), 200, 1e-8);
    expect(converged).toBe(true);
    expect(parameters[0]).toBeCloseTo(1, 6);
    expect(parameters[1]).toBeCloseTo(1, 6);
  });
});

describe('ridge', () => {
  it('recovers a line without penalty, and shrinks it with one', () => {
    const examples = someExamples({ rows: 100, features: 3, classes: 0 });
    const { values } = examples;
    const targets = Float64Array.from(
      { length: 100 },
      (_, i) => 4 + 2 * values[3 * i] - values[3 * i + 2],
    );
    const line = { ...examples, targets };
    const { weights, intercepts } = trainRidge(line, { l2: 0 });
    [2, 0, -1].forEach((weight, f) => expect(weights[f]).toBeCloseTo(weight, 5));
    expect(intercepts[0]).toBeCloseTo(4, 5);
    expect(Math.abs(trainRidge(line, { l2: 100 }).weights[0])).toBeLessThan(1.9);
  });

  it('gives columns that are equal the same weight, and one of zeros none', () => {
    const examples = someExamples({ rows: 100, features: 3, classes: 0 });
    const { values } = examples;
    for (let i = 0; i < 100; i++) {
      values[3 * i + 1] = values[3 * i];
      values[3 * i + 2] = 0;
    }
    const { weights } = trainRidge(examples, { l2: 1 });
    expect(weights[0]).toBeCloseTo(weights[1], 3);
    expect(weights[2]).toBe(0);
  });

  it('lets a row of weight three count as three rows', () => {
    const examples = someExamples({ rows: 30, features: 2, classes: 0 });
    const weights = new Float64Array(30).fill(1);
    weights[0] = 3;
    const thrice = {
      ...examples,
      rows: 32,
      values: Float32Array.from([
        ...examples.values,
        ...[0, 1, 0, 1].map((f) => examples.values[f]),
      ]),
      targets: Float64Array.from([...examples.targets, examples.targets[0], examples.targets[0]]),
    };
    const [a, b] = [trainRidge({ ...examples, weights }), trainRidge(thrice)];
    a.weights.forEach((weight, f) => expect(weight).toBeCloseTo(b.weights[f], 2));
  });
});
