import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { type Examples, pick } from '../examples.js';
import { someExamples } from '../fixtures/made-up.js';
import { scoreOf } from '../metrics/score.js';
import { between, binned, binOf, edgesOf, MISSING_BIN } from './bins.js';
import { trainBoosting } from './boosting.js';
import type { Ensemble } from './ensemble.js';
import { trainForest } from './forest.js';
import { bestSplitByDefinition, impurity } from './tree.reference.js';
import { LEAF } from './tree-nodes.js';

/** Rows that the root of the first tree sends left. */
function leftOfRoot({ nodes }: Ensemble, { values, features, rows }: Examples): number[] {
  const [feature, threshold] = [nodes.feature[0], nodes.threshold[0]];
  return Array.from({ length: rows }, (_, row) => row).filter((row) => {
    const value = values[row * features + feature];
    return value <= threshold || (Number.isNaN(value) && nodes.isMissingLeft[0] === 1);
  });
}

const CASES = [0, 2, 3].flatMap((classes) =>
  [0, 0.2].flatMap((missingShare) => [1, 5].map((leaf) => ({ classes, missingShare, leaf }))),
);

describe('the first split', () => {
  it.each(CASES.filter(({ leaf }) => leaf === 1))(
    'is the best by definition: forest, $classes classes, $missingShare missing',
    ({ classes, missingShare }) => {
      for (let seed = 1; seed <= 5; seed++) {
        const examples = someExamples({ rows: 40, features: 3, classes, missingShare, seed });
        const options = { trees: 1, maxDepth: 1, maxFeatures: 'all', seed } as const;
        const forest = trainForest(examples, { kind: 'random_forest', ...options });
        const drawn = bootstrap(examples, seed);
        const left = leftOfRoot(forest, drawn);
        const right = Array.from(drawn.targets.keys()).filter((row) => !left.includes(row));
        const value = (some: readonly number[], rest: readonly number[]) =>
          -impurity(drawn, some) - impurity(drawn, rest);
        const reference = bestSplitByDefinition(drawn, 1, value)!;
        expect(value(left, right) / reference.value).toBeCloseTo(1, 6);
      }
    },
  );

  it.each(CASES.filter(({ classes }) => classes !== 3))(
    'is the best Newton step: boosting, $classes classes, $missingShare missing, leaves of $leaf',
    ({ classes, missingShare, leaf }) => {
      for (let seed = 1; seed <= 5; seed++) {
        const examples = someExamples({ rows: 40, features: 3, classes, missingShare, seed });
        const { targets } = examples;
        const boosted = trainBoosting(examples, {
          ...{ rounds: 1, maxLeaves: 2, minSamplesLeaf: leaf, l2: 0 },
        });
        const mean = targets.reduce((a, b) => a + b, 0) / targets.length;
        const hessian = classes === 0 ? 1 : mean * (1 - mean);
        const score = (rows: readonly number[]) =>
          rows.reduce((sum, row) => sum + (mean - targets[row]), 0) ** 2 / (rows.length * hessian);
        const value = (left: readonly number[], right: readonly number[]) =>
          score(left) + score(right);
        const left = leftOfRoot(boosted, examples);
        const right = Array.from(targets.keys()).filter((row) => !left.includes(row));
        const reference = bestSplitByDefinition(examples, leaf, value)!;
        expect(value(left, right) / reference.value).toBeCloseTo(1, 5);
        expect(Math.min(left.length, right.length)).toBeGreaterThanOrEqual(leaf);
      }
    },
  );

  it('is followed by the better one of its two leaves, as by definition', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const examples = someExamples({ rows: 60, features: 3, classes: 0, seed });
      const options = { rounds: 1, minSamplesLeaf: 1, l2: 0, learningRate: 1 };
      const left = leftOfRoot(trainBoosting(examples, { ...options, maxLeaves: 2 }), examples);
      const right = Array.from(examples.targets.keys()).filter((row) => !left.includes(row));
      const errors = [left, right].map((rows) => {
        const own = pick(examples, rows);
        const all = Array.from({ length: own.rows }, (_, row) => row);
        const value = (a: readonly number[], b: readonly number[]) =>
          -impurity(own, a) - impurity(own, b);
        return { whole: impurity(own, all), divided: -bestSplitByDefinition(own, 1, value)!.value };
      });
      const [a, b] = errors;
      const expected = Math.min(a.divided + b.whole, a.whole + b.divided);
      const said = trainBoosting(examples, { ...options, maxLeaves: 3 }).predict(examples.values);
      const found = said.reduce((sum, value, i) => sum + (value - examples.targets[i]) ** 2, 0);
      expect(found / expected).toBeCloseTo(1, 4);
    }
  });

  it('of a leaf is minus the learning rate times gradient over hessian and penalty', () => {
    const examples = someExamples({ rows: 60, features: 2, classes: 0 });
    const { targets } = examples;
    const options = { rounds: 1, maxLeaves: 2, minSamplesLeaf: 1, l2: 3, learningRate: 0.5 };
    const boosted = trainBoosting(examples, options);
    const left = leftOfRoot(boosted, examples);
    const base = boosted.base[0];
    const residual = left.reduce((sum, row) => sum + (targets[row] - base), 0);
    const leaf = boosted.nodes.left[boosted.nodes.left[0]];
    expect(boosted.nodes.values[leaf]).toBeCloseTo((0.5 * residual) / (left.length + 3), 2);
  });
});

/** The rows that the first tree of a forest of this seed draws. */
function bootstrap(examples: Examples, seed: number): Examples {
  const random = seededRandom(seed);
  return pick(
    examples,
    Array.from({ length: examples.rows }, () => random.integer(examples.rows)),
  );
}

describe('bins', () => {
  it('lie between values, so that float32 decides alike', () => {
    const next = 1 + 2 ** -23;
    expect(between(1, next)).toBe(1);
    expect(between(1, 3)).toBe(2);
    expect(between(-3.4e38, 3.4e38)).toBe(0);
    expect([...edgesOf(Float32Array.of(3, 1, NaN, 3, 2))]).toEqual([1.5, 2.5]);
    expect([...edgesOf(Float32Array.of(NaN, NaN))]).toEqual([]);
  });

  it('are as many as the edges below a value, and one for NaN', () => {
    const edges = Float32Array.of(1.5, 2.5);
    const values = [1, 1.5, 2, 2.5, 9, NaN];
    expect(values.map((value) => binOf(edges, value))).toEqual([0, 0, 1, 1, 2, MISSING_BIN]);
  });

  it('hold about as many rows each where values are many', () => {
    const examples = someExamples({ rows: 5000, features: 1, classes: 2 });
    const { bins, edges } = binned(examples);
    expect(edges[0].length).toBeGreaterThan(200);
    expect(edges[0].length).toBeLessThan(MISSING_BIN);
    const counts = new Array(256).fill(0);
    for (const bin of bins) counts[bin]++;
    expect(Math.max(...counts)).toBeLessThan(60);
  });
});

describe('trees', () => {
  it.each(['random_forest', 'extra_trees'] as const)('%s keep to their limits', (kind) => {
    const examples = someExamples({ rows: 300, classes: 3 });
    const { nodes } = trainForest(examples, {
      kind,
      trees: 3,
      maxDepth: 3,
      minSamplesLeaf: 10,
      seed: 1,
    });
    const depth = (node: number): number =>
      nodes.feature[node] === LEAF
        ? 0
        : 1 + Math.max(depth(nodes.left[node]), depth(nodes.right[node]));
    for (const root of nodes.roots) expect(depth(root)).toBeLessThanOrEqual(3);
    expect(nodes.leaves).toBeGreaterThan(3);
  });

  it('of a forest say shares that sum to 1', () => {
    const examples = someExamples({ rows: 200, classes: 3, missingShare: 0.2 });
    const forest = trainForest(examples, { kind: 'random_forest', trees: 10, seed: 1 });
    const said = forest.predict(examples.values);
    for (let i = 0; i < said.length; i += 3) {
      expect(said[i] + said[i + 1] + said[i + 2]).toBeCloseTo(1, 6);
    }
  });

  it('learn from what is missing itself', () => {
    const examples = someExamples({ rows: 300, features: 2, classes: 2, apart: 0 });
    for (let i = 0; i < 300; i++) if (examples.targets[i] === 1) examples.values[2 * i] = NaN;
    const one = { trees: 20, seed: 1 };
    const models = [
      trainForest(examples, { kind: 'random_forest', ...one }),
      trainForest(examples, { kind: 'extra_trees', ...one }),
      trainBoosting(examples, { rounds: 20 }),
    ];
    for (const model of models) {
      expect(scoreOf(examples, model.predict(examples.values)).accuracy).toBe(1);
      expect(model.gains[0]).toBeGreaterThan(0.5);
    }
  });

  it('of boosting stop early, at the rounds that were best for rows not learnt from', () => {
    const noise = someExamples({ rows: 200, classes: 2, apart: 0 });
    const watch = someExamples({ rows: 200, classes: 2, apart: 0, seed: 9 });
    let rounds = 0;
    const stopped = trainBoosting(noise, { rounds: 200, watch, report: (done) => (rounds = done) });
    expect(rounds).toBeLessThan(100);
    expect(stopped.nodes.roots.length).toBeLessThan(rounds);
    // What it owes to each feature is what the rounds that are left owe to it.
    const again = trainBoosting(noise, { rounds: stopped.nodes.roots.length });
    expect(stopped.gains).toEqual(again.gains);
  });

  it('follow weights: a class that counts a hundred times is said more often', () => {
    const examples = someExamples({ rows: 300, classes: 2, apart: 0.5 });
    const weights = Float64Array.from(examples.targets, (k) => (k === 1 ? 100 : 1));
    const test = someExamples({ rows: 300, classes: 2, apart: 0.5, seed: 5 });
    const share = (model: { predict(values: Float32Array): Float64Array }) =>
      model.predict(test.values).filter((value, at) => at % 2 === 1 && value > 0.5).length / 300;
    const options = { rounds: 20 };
    expect(share(trainBoosting({ ...examples, weights }, options))).toBeGreaterThan(
      share(trainBoosting(examples, options)) + 0.2,
    );
  });
});
