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
  private readonly left: Float64Array;

  constructor(
    private readonly data: ForestRows,
    private readonly minSamplesLeaf: number,
  ) {
    this.left = new Float64Array(data.sums);
  }

  best(feature: number, node: NodeRows, random: Random): Candidate | null {
    const { columns, rows } = this.data;
    const { order, start, end, weights, amounts, slots, sums } = node;
    const offset = feature * rows;
    let least = Infinity;
    let most = -Infinity;
    let missing = 0;
    for (let i = start; i < end; i++) {
      const value = columns[offset + order[i]];
      if (value < least) least = value;
      if (value > most) most = value;
      if (value !== value) missing++;
    }
    if (missing === end - start || (missing === 0 && least === most)) return null;
    let threshold = ABOVE_ALL;
    if (least < most) {
      const drawn = Math.fround(least + random.uniform() * (most - least));
      threshold = drawn < most ? drawn : least;
    }
    const isMissingLeft = missing > 0 && least < most && random.uniform() < 0.5;

    const { left } = this;
    left.fill(0);
    let count = 0;
    let weight = 0;
    for (let i = start; i < end; i++) {
      const value = columns[offset + order[i]];
      if (value <= threshold || (value !== value && isMissingLeft)) {
        const j = i - start;
        count++;
        weight += weights[j];
        left[slots[j]] += amounts[j];
      }
    }
    const isTooSmall = count < this.minSamplesLeaf || end - start - count < this.minSamplesLeaf;
    let leftSquares = 0;
    let rightSquares = 0;
    for (let k = 0; k < sums.length; k++) {
      leftSquares += left[k] * left[k];
      rightSquares += (sums[k] - left[k]) ** 2;
    }
    const score = leftSquares / weight + rightSquares / (node.weight - weight);
    return { feature, threshold, isMissingLeft, score: isTooSmall ? -Infinity : score };
  }
}
