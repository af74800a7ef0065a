/**
 * One tree of a forest, grown depth first until its leaves are pure or too small.
 *
 * Breiman 2001, Machine Learning 45, 5 (random forests); Geurts et al. 2006, Machine Learning 63, 3
 * (extremely randomised trees). How a node is split is a `Splitter`'s matter.
 *
 * Classes and a regression are one case: a row adds its `amount` to a `slot` of a node's sums, its
 * weight to the sum of its class, or its weight times its target to the only one. The impurity left
 * by a split falls as sum(sums^2) / weight of its sides rises: Gini's for classes, the variance for
 * a regression.
 *
 * Pure: no I/O, no clock; randomness is passed in. N is rows, F features, K sums.
 */
import type { Random } from '#transit';
import type { Split, TreeNodes } from './tree-nodes.js';

/** Rows as a forest sees them. */
export interface ForestRows {
  readonly rows: number;
  readonly features: number;
  /** (F * N,) feature by feature. */
  readonly columns: Float32Array;
  /** (N,) which sum a row adds to. */
  readonly slots: Uint16Array;
  /** (N,) the target of a regression; null for classes, whose amount is the weight. */
  readonly targets: Float64Array | null;
  readonly sums: number;
}

/** The rows of one node, side by side. */
export interface NodeRows {
  readonly order: Int32Array;
  start: number;
  end: number;
  /** Of row order[start + i], at i. */
  readonly weights: Float64Array;
  readonly amounts: Float64Array;
  readonly slots: Uint16Array;
  /** Of the whole node. */
  weight: number;
  readonly sums: Float64Array;
}

export interface Candidate extends Split {
  /** sum(sums^2) / weight, of both sides together. */
  readonly score: number;
}

export interface Splitter {
  /** The best split by one feature; null where its values are all the same; NaN never is a score. */
  best(feature: number, node: NodeRows, random: Random): Candidate | null;
}

export interface TreeLimits {
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  /** Features that differ within the node looked at, from 1 to F. */
  readonly featuresPerSplit: number;
}

/** What is left of a sum of squares by rounding counts as pure. */
const PURE = 1e-12;

/** Keeps its scratch between trees. */
export class ForestGrower {
  private readonly node: NodeRows;
  private readonly featureOrder: Int32Array;
  /** (F,) */
  readonly gains: Float64Array;

  constructor(
    private readonly rows: ForestRows,
    private readonly splitter: Splitter,
    private readonly limits: TreeLimits,
    private readonly nodes: TreeNodes,
  ) {
    const n = rows.rows;
    this.featureOrder = Int32Array.from({ length: rows.features }, (_, f) => f);
    this.gains = new Float64Array(rows.features);
    this.node = {
      order: new Int32Array(n),
      start: 0,
      end: 0,
      weights: new Float64Array(n),
      amounts: new Float64Array(n),
      slots: new Uint16Array(n),
      weight: 0,
      sums: new Float64Array(rows.sums),
    };
  }

  /**
   * @param weights (N,) of this tree; rows of weight 0 are not in it
   * @param share what each leaf's shares or mean are multiplied by
   */
  grow(weights: Float64Array, share: number, random: Random): void {
    const { nodes, node, limits } = this;
    let count = 0;
    for (let i = 0; i < this.rows.rows; i++) if (weights[i] > 0) node.order[count++] = i;
    nodes.startTree(0);
    const stack = [{ id: nodes.add(), start: 0, end: count, depth: 0 }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { id, start, end, depth } = next;
      const isPure = this.enter(start, end, weights);
      const isLeaf = isPure || depth >= limits.maxDepth || end - start < 2 * limits.minSamplesLeaf;
      const split = isLeaf ? null : this.bestSplit(random);
      if (!split) {
        this.close(id, share);
        continue;
      }
      this.gains[split.feature] += Math.max(0, split.score - this.ownScore());
      const middle = this.partition(split);
      const left = nodes.add();
      const right = nodes.add();
      nodes.split(id, split, left, right);
      stack.push({ id: right, start: middle, end, depth: depth + 1 });
      stack.push({ id: left, start, end: middle, depth: depth + 1 });
    }
  }

  /** Gathers the node's rows; returns whether they are all the same. */
  private enter(start: number, end: number, weights: Float64Array): boolean {
    const { node } = this;
    const { slots, targets } = this.rows;
    node.start = start;
    node.end = end;
    node.weight = 0;
    node.sums.fill(0);
    let squares = 0;
    for (let i = start; i < end; i++) {
      const row = node.order[i];
      const weight = weights[row];
      const amount = targets ? weight * targets[row] : weight;
      node.weights[i - start] = weight;
      node.amounts[i - start] = amount;
      node.slots[i - start] = slots[row];
      node.weight += weight;
      node.sums[slots[row]] += amount;
      squares += targets ? amount * targets[row] : weight;
    }
    return squares - this.ownScore() <= PURE * Math.max(1, squares);
  }

  private ownScore(): number {
    const { sums, weight } = this.node;
    let squares = 0;
    for (let k = 0; k < sums.length; k++) squares += sums[k] * sums[k];
    return squares / weight;
  }

  /** Draws features without replacement until enough of them differ within the node. */
  private bestSplit(random: Random): Candidate | null {
    const { featureOrder, node, limits, splitter } = this;
    let best: Candidate | null = null;
    let looked = 0;
    for (let f = 0; f < featureOrder.length && looked < limits.featuresPerSplit; f++) {
      const other = f + random.integer(featureOrder.length - f);
      const feature = featureOrder[other];
      featureOrder[other] = featureOrder[f];
      featureOrder[f] = feature;
      const candidate = splitter.best(feature, node, random);
      if (!candidate) continue;
      looked++;
      if (!best || candidate.score > best.score) best = candidate;
    }
    return best && best.score > -Infinity ? best : null;
  }

  /** Puts the rows that go left first; returns where those that go right begin. */
  private partition({ feature, threshold, isMissingLeft }: Split): number {
    const { order, start, end } = this.node;
    const offset = feature * this.rows.rows;
    const { columns } = this.rows;
    let low = start;
    let high = end;
    while (low < high) {
      const row = order[low];
      const value = columns[offset + row];
      if (value <= threshold || (value !== value && isMissingLeft)) {
        low++;
      } else {
        order[low] = order[--high];
        order[high] = row;
      }
    }
    return low;
  }

  private close(id: number, share: number): void {
    const at = this.nodes.addLeaf(id);
    const { sums, weight } = this.node;
    for (let k = 0; k < sums.length; k++) this.nodes.values[at + k] = (share * sums[k]) / weight;
  }
}
