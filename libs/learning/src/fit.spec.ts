import type { ModelConfig } from '#contracts';
import { describe, expect, it } from 'vitest';
import type { Examples } from './examples.js';
import { fitModel } from './fit.js';
import { someExamples } from './fixtures/made-up.js';
import { runGraph } from './golden.js';
import { scoreOf } from './metrics/score.js';
import { exported } from './train.js';

const CLASSIFIERS: readonly ModelConfig[] = [
  { selectedModel: 'random_forest', nEstimators: 30 },
  { selectedModel: 'extra_trees', nEstimators: 30 },
  { selectedModel: 'gradient_boosting', nEstimators: 30 },
  { selectedModel: 'logistic_regression' },
  { selectedModel: 'k_nearest', neighbours: 7 },
];
const REGRESSORS: readonly ModelConfig[] = CLASSIFIERS.map((config) =>
  config.selectedModel === 'logistic_regression' ? { selectedModel: 'ridge' } : config,
);

const CASES = [
  ...CLASSIFIERS.flatMap((config) => [
    { config, classes: 2 },
    { config, classes: 3 },
  ]),
  ...REGRESSORS.map((config) => ({ config, classes: 0 })),
].map((one) => ({ ...one, name: one.config.selectedModel }));

const outputOf = ({ classes }: Examples) => (classes > 0 ? 'probabilities' : 'value');

describe.each(CASES)('$name of $classes classes', ({ config, classes }) => {
  const examples = someExamples({ rows: 400, classes, missingShare: 0.1 });
  const test = someExamples({ rows: 300, classes, missingShare: 0.1, seed: 8 });
  const model = fitModel(config, examples, { seed: 3 });
  const bytes = exported(model, outputOf(examples), examples.features);

  it('D.22 says the same to 1e-5 as its ONNX graph, of missing values too', async () => {
    const own = model.predict(test.values);
    const theirs = await runGraph(bytes, test.values, test.features);
    expect(theirs).toHaveLength(own.length);
    let worst = 0;
    for (let i = 0; i < own.length; i++) {
      worst = Math.max(worst, Math.abs(own[i] - theirs[i]) / Math.max(1, Math.abs(own[i])));
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it('D.22 says the same as its graph exactly at its thresholds', async () => {
    // Values of the training rows themselves, and the float32 next to them.
    const near = examples.values.map((value, i) => (i % 2 ? value : value * (1 + 2 ** -23)));
    const own = model.predict(near);
    const theirs = await runGraph(bytes, near, test.features);
    own.forEach((value, i) =>
      expect(Math.abs(theirs[i] - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-5),
    );
  });

  it('D.3 learns', () => {
    const [score] = Object.values(scoreOf(test, model.predict(test.values)));
    expect(score).toBeGreaterThan(classes > 0 ? 0.75 : 0.3);
  });

  it('D.3 gives the same bytes for the same seed', () => {
    const again = exported(
      fitModel(config, examples, { seed: 3 }),
      outputOf(examples),
      examples.features,
    );
    expect(Buffer.from(again).equals(Buffer.from(bytes))).toBe(true);
  });

  it('D.20 reports each epoch with the metrics of rows it does not learn from', () => {
    const seen: { done: number; total: number; keys: string[] }[] = [];
    fitModel(config, examples, {
      seed: 3,
      watch: test,
      report: (done, total, metrics) => seen.push({ done, total, keys: Object.keys(metrics) }),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.map(({ done }) => done)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.every(({ done, total }) => done <= total)).toBe(true);
    expect(seen[0].keys).toContain(classes > 0 ? 'accuracy' : 'r2');
  });
});

describe('a seed', () => {
  it.each(['random_forest', 'extra_trees'] as const)('changes what %s grows', (selectedModel) => {
    const examples = someExamples({ rows: 200, classes: 2 });
    const test = someExamples({ rows: 50, classes: 2, seed: 8 });
    const config = { selectedModel, nEstimators: 5 };
    const said = (seed: number) => [...fitModel(config, examples, { seed }).predict(test.values)];
    expect(said(1)).not.toEqual(said(2));
  });
});
