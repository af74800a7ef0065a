/**
 * The best split of a node by one feature, from the sums of its bins: O(rows + bins it touches).
 *
 * Pure: no I/O, no clock, no randomness.
 */
import { ABOVE_ALL, type Bins, MISSING_BIN } from './bins.js';
import type { Candidate, NodeRows, Splitter } from './forest-tree.js';

const BINS = 256;
const WORDS = BINS / 32;

export class HistogramSplitter implements Splitter {
  /** A bin's rows, weight and sums, side by side; zero between calls. */
  private readonly histogram: Float64Array;
  /** One bit a bin: whether a row is in it. */
  private readonly touched = new Int32Array(WORDS);
  private readonly present = new Uint8Array(BINS);
  private readonly stride: number;
  private readonly left: Float64Array;

  constructor(
    private readonly data: Bins,
    private readonly sums: number,
    private readonly minSamplesLeaf: number,
  ) {
    this.stride = sums + 2;
    this.histogram = new Float64Array(BINS * this.stride);
    this.left = new Float64Array(sums);
  }

  best(feature: number, node: NodeRows): Candidate | null {
    const bins = this.fill(feature, node);
    const isMissing = bins > 0 && this.present[bins - 1] === MISSING_BIN;
    const valued = isMissing ? bins - 1 : bins;
    let found: Candidate | null = null;
    if (bins > 1) {
      const right = this.scan(feature, node, valued, false);
      const left = isMissing ? this.scan(feature, node, valued, true) : null;
      found = left && left.score > right.score ? left : right;
    }
    for (let b = 0; b < bins; b++) {
      const at = this.present[b] * this.stride;
      this.histogram.fill(0, at, at + this.stride);
    }
    return found;
  }

  /** Returns how many bins have rows; `present` lists them in ascending order. */
  private fill(feature: number, node: NodeRows): number {
    const { histogram, touched, present, stride } = this;
    const { order, start, end, weights, amounts, slots } = node;
    const { bins, rows } = this.data;
    const offset = feature * rows;
    touched.fill(0);
    for (let i = start; i < end; i++) {
      const bin = bins[offset + order[i]];
      const at = bin * stride;
      const j = i - start;
      touched[bin >> 5] |= 1 << (bin & 31);
      histogram[at] += 1;
      histogram[at + 1] += weights[j];
      histogram[at + 2 + slots[j]] += amounts[j];
    }
    let count = 0;
    for (let word = 0; word < WORDS; word++) {
      let bits = touched[word];
      while (bits !== 0) {
        const lowest = bits & -bits;
        present[count++] = word * 32 + 31 - Math.clz32(lowest);
        bits ^= lowest;
      }
    }
    return count;
  }

  /** Tries every place between two bins that have rows. */
  private scan(feature: number, node: NodeRows, valued: number, isMissingLeft: boolean): Candidate {
    const { histogram, present, left, stride, sums } = this;
    const rows = node.end - node.start;
    let count = 0;
    let weight = 0;
    left.fill(0);
    const missing = MISSING_BIN * stride;
    if (isMissingLeft) {
      count = histogram[missing];
      weight = histogram[missing + 1];
      for (let k = 0; k < sums; k++) left[k] = histogram[missing + 2 + k];
    }
    // Behind the last bin there is a split only where the missing go right alone.
    const isMissingRight = !isMissingLeft && histogram[missing] > 0;
    const last = isMissingRight ? valued : valued - 1;
    let best = -Infinity;
    let bestPlace = -1;
    for (let b = 0; b < last; b++) {
      const at = present[b] * stride;
      count += histogram[at];
      weight += histogram[at + 1];
      let leftSquares = 0;
      let rightSquares = 0;
      for (let k = 0; k < sums; k++) {
        const sum = left[k] + histogram[at + 2 + k];
        const rest = node.sums[k] - sum;
        left[k] = sum;
        leftSquares += sum * sum;
        rightSquares += rest * rest;
      }
      if (count < this.minSamplesLeaf || rows - count < this.minSamplesLeaf) continue;
      const score = leftSquares / weight + rightSquares / (node.weight - weight);
      if (score > best) {
        best = score;
        bestPlace = b;
      }
    }
    return {
      feature,
      score: best,
      threshold: bestPlace < 0 ? 0 : this.threshold(feature, bestPlace, valued),
      isMissingLeft,
    };
  }

  /** The middle one of the edges between two bins that have rows. */
  private threshold(feature: number, place: number, valued: number): number {
    if (place === valued - 1) return ABOVE_ALL;
    const middle = (this.present[place] + this.present[place + 1] - 1) >> 1;
    return this.data.edges[feature][middle];
  }
}
