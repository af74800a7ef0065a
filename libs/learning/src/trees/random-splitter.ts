/**
 * A split at a random threshold between the least and the most value of a node, missing values to a
 * random side: Geurts et al. 2006, Machine Learning 63, 3.
 *
 * Pure: no I/O, no clock; randomness is passed in.
 */
import type { Random } from '#transit';
import { ABOVE_ALL } from './bins.js';
import type { Candidate, ForestRows, NodeRows, Splitter } from './forest-tree.js';

export class RandomSplitter implements Splitter {
  /** Sums of the right side, then of the left: which is added to is an index, not a branch. */
  private readonly sides: Float64Array;
  /** Of the node's rows, side by side. */
  private readonly values: Float32Array;

  constructor(
    private readonly data: ForestRows,
    private readonly minSamplesLeaf: number,
  ) {
    this.sides = new Float64Array(2 * data.sums);
    this.values = new Float32Array(data.rows);
  }

  best(feature: number, node: NodeRows, random: Random): Candidate | null {
    const { columns, rows } = this.data;
    const { order, start, end } = node;
    const { values } = this;
    const offset = feature * rows;
    const count = end - start;
    let least = Infinity;
    let most = -Infinity;
    let missing = 0;
    for (let j = 0; j < count; j++) {
      const value = columns[offset + order[start + j]];
      values[j] = value;
      if (value < least) least = value;
      if (value > most) most = value;
      if (value !== value) missing++;
    }
    if (missing === count || (missing === 0 && least === most)) return null;
    let threshold = ABOVE_ALL;
    if (least < most) {
      const drawn = Math.fround(least + random.uniform() * (most - least));
      threshold = drawn < most ? drawn : least;
    }
    const isMissingLeft = missing > 0 && least < most && random.uniform() < 0.5;
    if (isMissingLeft) {
      for (let j = 0; j < count; j++) if (values[j] !== values[j]) values[j] = -Infinity;
    }
    return { feature, threshold, isMissingLeft, score: this.score(node, threshold) };
  }

  /** -Infinity where a side is too small. */
  private score(node: NodeRows, threshold: number): number {
    const { sides, values } = this;
    const { sums, weights, amounts, slots } = node;
    const count = node.end - node.start;
    const classes = sums.length;
    for (let k = 0; k < 2 * classes; k++) sides[k] = 0;
    let rows = 0;
    let weight = 0;
    for (let j = 0; j < count; j++) {
      const isLeft = Number(values[j] <= threshold);
      rows += isLeft;
      weight += isLeft * weights[j];
      sides[isLeft * classes + slots[j]] += amounts[j];
    }
    const smaller = Math.min(rows, count - rows);
    if (smaller < this.minSamplesLeaf || smaller === 0) return -Infinity;
    let left = 0;
    let right = 0;
    for (let k = 0; k < classes; k++) {
      right += sides[k] * sides[k];
      left += sides[classes + k] * sides[classes + k];
    }
    return left / weight + right / (node.weight - weight);
  }
}
