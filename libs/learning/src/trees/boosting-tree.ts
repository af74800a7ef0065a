/**
 * One tree of gradient boosting, grown leaf by leaf where most is gained, from histograms of
 * gradients; the larger child's histogram is its parent's less its sibling's.
 *
 * Ke et al. 2017, NeurIPS 30 (histograms, leaf-wise growth); Chen & Guestrin 2016, KDD (the gain of a
 * Newton step with an L2 penalty, and a direction for what is missing).
 *
 * Pure: no I/O, no clock; randomness is passed in. N is rows, F features.
 */
import type { Random } from '#transit';
import { ABOVE_ALL, type Bins, MISSING_BIN } from './bins.js';
import type { Split, TreeNodes } from './tree-nodes.js';

export interface BoostingLimits {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2: number;
  readonly learningRate: number;
  /** Features that a tree may split by, drawn for each, from 1 to F. */
  readonly featuresPerTree: number;
}

interface FoundSplit extends Split {
  readonly gain: number;
  readonly bin: number;
}

interface Leaf {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly histogram: Float64Array;
  readonly gradient: number;
  readonly hessian: number;
  readonly split: FoundSplit | null;
}

/** Gradient, hessian and rows of a bin lie side by side. */
const STRIDE = 3;
/** A side with less curvature is decided by rounding. */
const LEAST_HESSIAN = 1e-3;
const LEAST_GAIN = 1e-10;

/** Keeps its scratch between trees. */
export class BoostingGrower {
  private readonly order: Int32Array;
  private readonly buffer: Int32Array;
  private readonly gradients: Float64Array;
  private readonly hessians: Float64Array;
  /** Where the bins of a feature begin in a histogram; the last of each is for what is missing. */
  private readonly offsets: Int32Array;
  /** (F * N,) where a row adds to the histogram of a feature. */
  private readonly places: Uint16Array;
  /** Shuffled; a tree may split by the first `featuresPerTree`. */
  private readonly drawn: Int32Array;
  private readonly spare: Float64Array[] = [];
  /** (F,) */
  readonly gains: Float64Array;

  constructor(
    private readonly data: Bins,
    private readonly limits: BoostingLimits,
    private readonly nodes: TreeNodes,
    private readonly random: Random,
  ) {
    const { rows, edges } = data;
    this.drawn = Int32Array.from(edges, (_, f) => f);
    this.order = new Int32Array(rows);
    this.buffer = new Int32Array(rows);
    this.gradients = new Float64Array(rows);
    this.hessians = new Float64Array(rows);
    this.gains = new Float64Array(edges.length);
    this.offsets = new Int32Array(edges.length + 1);
    edges.forEach((own, f) => (this.offsets[f + 1] = this.offsets[f] + own.length + 2));
    this.places = Uint16Array.from(data.bins, (bin, at) => {
      const missing = edges[Math.floor(at / rows)].length + 1;
      return STRIDE * (bin === MISSING_BIN ? missing : bin);
    });
  }

  /**
   * @param gradient (N,) of the loss by what has been said so far, times the weight
   * @param hessian (N,) likewise
   * @param raw (N * outputs,) to whose column `output` the leaves are added
   */
  grow(
    gradient: Float64Array,
    hessian: Float64Array,
    raw: Float64Array,
    outputs: number,
    output: number,
    firstOutput: number,
  ): void {
    const { nodes, limits, order } = this;
    const { rows } = this.data;
    for (let i = 0; i < rows; i++) order[i] = i;
    this.drawFeatures();
    nodes.startTree(firstOutput);
    const histogram = this.emptyHistogram();
    this.fill(histogram, 0, rows, gradient, hessian);
    let [sumGradient, sumHessian] = [0, 0];
    for (let i = 0; i < rows; i++) {
      sumGradient += gradient[i];
      sumHessian += hessian[i];
    }
    const root = { id: nodes.add(), start: 0, end: rows, depth: 0, histogram };
    const leaves = [this.withSplit({ ...root, gradient: sumGradient, hessian: sumHessian })];
    while (leaves.length < limits.maxLeaves) {
      const place = mostGaining(leaves);
      if (place < 0) break;
      const [left, right] = this.splitLeaf(leaves[place], gradient, hessian);
      leaves[place] = left;
      leaves.push(right);
    }
    for (const leaf of leaves) {
      const value = (-limits.learningRate * leaf.gradient) / (leaf.hessian + limits.l2);
      const at = nodes.addLeaf(leaf.id);
      nodes.values[at] = value;
      const added = nodes.values[at];
      for (let i = leaf.start; i < leaf.end; i++) raw[order[i] * outputs + output] += added;
      this.spare.push(leaf.histogram);
    }
  }

  private drawFeatures(): void {
    const { drawn, random } = this;
    const wanted = this.limits.featuresPerTree;
    for (let f = 0; f < wanted && wanted < drawn.length; f++) {
      const other = f + random.integer(drawn.length - f);
      const feature = drawn[other];
      drawn[other] = drawn[f];
      drawn[f] = feature;
    }
  }

  private splitLeaf(leaf: Leaf, gradient: Float64Array, hessian: Float64Array): [Leaf, Leaf] {
    const split = leaf.split!;
    const { start, end } = leaf;
    this.gains[split.feature] += split.gain;
    const middle = this.partition(leaf, split);
    const [left, right] = [this.nodes.add(), this.nodes.add()];
    this.nodes.split(leaf.id, split, left, right);

    const isLeftSmaller = middle - start <= end - middle;
    const smaller = this.emptyHistogram();
    const [from, to] = isLeftSmaller ? [start, middle] : [middle, end];
    const sums = this.fill(smaller, from, to, gradient, hessian);
    const larger = leaf.histogram;
    for (let b = 0; b < larger.length; b++) larger[b] -= smaller[b];
    const rest = {
      gradient: leaf.gradient - sums.gradient,
      hessian: leaf.hessian - sums.hessian,
    };
    const depth = leaf.depth + 1;
    const ofLeft = isLeftSmaller ? { histogram: smaller, ...sums } : { histogram: larger, ...rest };
    const ofRight = isLeftSmaller
      ? { histogram: larger, ...rest }
      : { histogram: smaller, ...sums };
    return [
      this.withSplit({ id: left, start, end: middle, depth, ...ofLeft }),
      this.withSplit({ id: right, start: middle, end, depth, ...ofRight }),
    ];
  }

  private emptyHistogram(): Float64Array {
    const spare = this.spare.pop();
    if (spare) return spare.fill(0);
    return new Float64Array(this.offsets[this.offsets.length - 1] * STRIDE);
  }

  /** Gathers the gradients once, then adds them up feature by feature. */
  private fill(
    histogram: Float64Array,
    start: number,
    end: number,
    gradient: Float64Array,
    hessian: Float64Array,
  ): { gradient: number; hessian: number } {
    const { order, gradients, hessians, offsets, places } = this;
    const { rows } = this.data;
    const count = end - start;
    const sums = { gradient: 0, hessian: 0 };
    for (let i = 0; i < count; i++) {
      const row = order[start + i];
      sums.gradient += gradients[i] = gradient[row];
      sums.hessian += hessians[i] = hessian[row];
    }
    for (let d = 0; d < this.limits.featuresPerTree; d++) {
      const f = this.drawn[d];
      const column = f * rows;
      const first = offsets[f] * STRIDE;
      for (let i = 0; i < count; i++) {
        const at = first + places[column + order[start + i]];
        histogram[at] += gradients[i];
        histogram[at + 1] += hessians[i];
        histogram[at + 2] += 1;
      }
    }
    return sums;
  }

  private withSplit(leaf: Omit<Leaf, 'split'>): Leaf {
    const { maxDepth, minSamplesLeaf } = this.limits;
    const isFinal = leaf.depth >= maxDepth || leaf.end - leaf.start < 2 * minSamplesLeaf;
    return { ...leaf, split: isFinal ? null : this.bestSplit(leaf) };
  }

  private bestSplit(leaf: Omit<Leaf, 'split'>): FoundSplit | null {
    const { edges } = this.data;
    let best: FoundSplit | null = null;
    for (let d = 0; d < this.limits.featuresPerTree; d++) {
      const f = this.drawn[d];
      const missing = (this.offsets[f] + edges[f].length + 1) * STRIDE;
      best = this.scan(leaf, f, false, best);
      if (leaf.histogram[missing + 2] > 0) best = this.scan(leaf, f, true, best);
    }
    return best;
  }

  /** @returns `best`, or what is better */
  private scan(
    { histogram, start, end, gradient, hessian }: Omit<Leaf, 'split'>,
    feature: number,
    isMissingLeft: boolean,
    best: FoundSplit | null,
  ): FoundSplit | null {
    const { minSamplesLeaf, l2 } = this.limits;
    const edges = this.data.edges[feature];
    const first = this.offsets[feature] * STRIDE;
    const missing = first + (edges.length + 1) * STRIDE;
    const rows = end - start;
    let leftGradient = isMissingLeft ? histogram[missing] : 0;
    let leftHessian = isMissingLeft ? histogram[missing + 1] : 0;
    let leftRows = isMissingLeft ? histogram[missing + 2] : 0;
    // Behind the last bin there is a split only where the missing go right alone.
    const isMissingRight = !isMissingLeft && histogram[missing + 2] > 0;
    const last = isMissingRight ? edges.length : edges.length - 1;
    const own = (gradient * gradient) / (hessian + l2);
    let most = best?.gain ?? LEAST_GAIN;
    let place = -1;
    for (let b = 0; b <= last; b++) {
      const at = first + b * STRIDE;
      leftGradient += histogram[at];
      leftHessian += histogram[at + 1];
      leftRows += histogram[at + 2];
      if (leftRows < minSamplesLeaf) continue;
      if (rows - leftRows < minSamplesLeaf) break;
      const rightGradient = gradient - leftGradient;
      const rightHessian = hessian - leftHessian;
      if (leftHessian < LEAST_HESSIAN || rightHessian < LEAST_HESSIAN) continue;
      const gain =
        (leftGradient * leftGradient) / (leftHessian + l2) +
        (rightGradient * rightGradient) / (rightHessian + l2) -
        own;
      if (gain > most) {
        most = gain;
        place = b;
      }
    }
    if (place < 0) return best;
    const threshold = place === edges.length ? ABOVE_ALL : edges[place];
    return { feature, threshold, isMissingLeft, gain: most, bin: place };
  }

  /** Stable, through a buffer; returns where the rows that go right begin. */
  private partition({ start, end }: Leaf, { feature, bin, isMissingLeft }: FoundSplit): number {
    const { order, buffer } = this;
    const { bins, rows } = this.data;
    const column = feature * rows;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = order[i];
      const own = bins[column + row];
      if (own === MISSING_BIN ? isMissingLeft : own <= bin) order[left++] = row;
      else buffer[right++] = row;
    }
    order.set(buffer.subarray(0, right), left);
    return left;
  }
}

/** The leaf whose split gains most; -1 where none can be split. */
function mostGaining(leaves: readonly Leaf[]): number {
  let best = -1;
  leaves.forEach(({ split }, place) => {
    if (split && (best < 0 || split.gain > leaves[best].split!.gain)) best = place;
  });
  return best;
}
