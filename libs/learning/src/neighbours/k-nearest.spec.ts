import { describe, expect, it } from 'vitest';
import type { Examples } from '../examples.js';
import { someExamples } from '../fixtures/made-up.js';
import { runGraph } from '../golden.js';
import { exported } from '../train.js';
import { trainNearest } from './k-nearest.js';

const STEP = 1 / 4096;

const line = (values: number[], targets: number[]): Examples => ({
  rows: values.length,
  features: 1,
  values: Float32Array.from(values),
  targets: Float64Array.from(targets),
  classes: 0,
});

describe('nearest neighbours', () => {
  it('are those of a search through all distances', () => {
    const examples = someExamples({ rows: 150, features: 3, classes: 2 });
    const test = someExamples({ rows: 20, features: 3, classes: 2, seed: 9 });
    const said = trainNearest(examples, { neighbours: 5 }).predict(test.values);
    for (let i = 0; i < test.rows; i++) {
      const distance = (row: number) =>
        [0, 1, 2].reduce(
          (sum, f) => sum + (examples.values[3 * row + f] - test.values[3 * i + f]) ** 2,
          0,
        );
      const nearest = [...Array(150).keys()].sort((a, b) => distance(a) - distance(b)).slice(0, 5);
      const share = nearest.filter((row) => examples.targets[row] === 1).length / 5;
      expect(said[2 * i + 1]).toBeCloseTo(share, 6);
    }
  });

  it('D.22 round halves and break ties as their graph does', async () => {
    const model = trainNearest(line([0, STEP, 3 * STEP, 3 * STEP], [10, 20, 30, 40]), {
      neighbours: 1,
    });
    // Half a step goes to the even one; two steps are as far from one as from three.
    const asked = Float32Array.of(0.5 * STEP, 2 * STEP, 2.5 * STEP, 3 * STEP, -9e9, 9e9);
    const own = [...model.predict(asked)];
    expect(own).toEqual([10, 20, 20, 30, 10, 30]);
    expect([...(await runGraph(exported(model, 'value', 1), asked, 1))]).toEqual(own);
  });
});
