import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { someExamples } from '../fixtures/made-up.js';
import { trainForest } from '../trees/forest.js';
import { classificationReport } from './classification.js';
import { areaUnder, curveOf, MOST_POINTS, thinned } from './curves.js';
import { permutationImportances } from './importances.js';
import { regressionMetrics } from './regression.js';

describe('what a classifier is worth', () => {
  // Rows: truth, probability of class 1; said: 0 0 1 1 0.
  const truth = Float64Array.of(0, 0, 1, 1, 1);
  const second = [0.1, 0.4, 0.6, 0.9, 0.3];
  const said = Float64Array.from(second.flatMap((p) => [1 - p, p]));
  const report = classificationReport(truth, said, ['no', 'yes']);

  it('E.14 is counted by hand', () => {
    expect(report.confusion).toEqual([
      [2, 0],
      [1, 2],
    ]);
    expect(report.metrics.accuracy).toBeCloseTo(4 / 5, 12);
    expect(report.metrics.balanced_accuracy).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(report.classes[0].precision).toBeCloseTo(2 / 3, 12);
    expect(report.classes[1].precision).toBe(1);
    expect(report.metrics.precision).toBeCloseTo(5 / 6, 12);
    expect(report.classes[1].f1Score).toBeCloseTo(0.8, 12);
    // Of six pairs of a yes and a no, only 0.3 against 0.4 is the wrong way round.
    expect(report.metrics.macro_auc).toBeCloseTo(5 / 6, 12);
    const logs = [0.9, 0.6, 0.6, 0.9, 0.3].map((p) => -Math.log(p));
    expect(report.metrics.log_loss).toBeCloseTo(logs.reduce((a, b) => a + b) / 5, 12);
    expect(report.metrics.brier).toBeCloseTo((2 * (0.01 + 0.16 + 0.16 + 0.01 + 0.49)) / 5, 12);
  });

  it('counts rows of one score as one point, half right', () => {
    const points = curveOf(Float64Array.of(0.5, 0.5, 0.5, 0.5), Uint8Array.of(1, 0, 1, 0));
    expect(points).toHaveLength(2);
    expect(areaUnder(points)).toBe(0.5);
  });

  it('keeps at most 200 points of a curve, its ends and its area', () => {
    const random = seededRandom(4);
    const isPositive = Uint8Array.from({ length: 5000 }, () => Number(random.uniform() < 0.3));
    const scores = Float64Array.from(isPositive, (own) => own + random.normal());
    const whole = curveOf(scores, isPositive);
    const thin = thinned(whole);
    expect(whole.length).toBe(5001);
    expect(thin.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(thin[0]).toEqual(whole[0]);
    expect(thin.at(-1)).toEqual(whole.at(-1));
    expect(areaUnder(thin)).toBeCloseTo(areaUnder(whole), 2);
  });

  it('keeps the one corner of a perfect curve', () => {
    const isPositive = Uint8Array.from({ length: 1000 }, (_, i) => (i < 300 ? 1 : 0));
    const scores = Float64Array.from({ length: 1000 }, (_, i) => -i);
    const thin = thinned(curveOf(scores, isPositive));
    expect(thin).toContainEqual(
      expect.objectContaining({ falsePositiveRate: 0, truePositiveRate: 1, precision: 1 }),
    );
    expect(areaUnder(thin)).toBe(1);
  });
});

describe('what a regression is worth', () => {
  it('is counted by hand', () => {
    const metrics = regressionMetrics(Float64Array.of(1, 2, 3), Float64Array.of(1, 3, 5));
    expect(metrics.mae).toBe(1);
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(metrics.r2).toBeCloseTo(1 - 5 / 2, 12);
  });
});

describe('importances', () => {
  it('fall where a feature matters and not where it is noise', () => {
    const examples = someExamples({ rows: 400, classes: 2, features: 4, apart: 4 });
    const forest = trainForest(examples, { kind: 'random_forest', trees: 20, seed: 1 });
    const before = Float32Array.from(examples.values);
    const columns = [0, 1, 2, 3].map((first) => ({ first, width: 1 }));
    const falls = permutationImportances(forest, examples, columns, 3, seededRandom(1));
    expect(Math.min(falls[0], falls[1])).toBeGreaterThan(10 * Math.max(falls[2], falls[3]));
    expect(forest.gains[0] + forest.gains[1]).toBeGreaterThan(0.8);
    expect(examples.values).toEqual(before);
  });
});
