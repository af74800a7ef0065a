/**
 * Grown trees, as arrays. A row goes left where its value is at most the threshold, and where it is
 * missing as the node says. L is leaves, V the values a leaf holds.
 */
const FIRST_CAPACITY = 1024;
export const LEAF = -1;

/** Nodes of all trees, one tree after the other. */
export class TreeNodes {
  count = 0;
  leaves = 0;
  /** Feature of a split, or LEAF. */
  feature = new Int32Array(FIRST_CAPACITY);
  threshold = new Float32Array(FIRST_CAPACITY);
  isMissingLeft = new Uint8Array(FIRST_CAPACITY);
  /** Of a split: its node; of a leaf: its place among the leaves. */
  left = new Int32Array(FIRST_CAPACITY);
  right = new Int32Array(FIRST_CAPACITY);
  /** (L * V,) */
  values = new Float32Array(FIRST_CAPACITY);
  readonly roots: number[] = [];
  /** By tree: the output that the first value of its leaves adds to. */
  readonly firstOutputs: number[] = [];

  constructor(readonly valuesPerLeaf: number) {}

  startTree(firstOutput: number): void {
    this.roots.push(this.count);
    this.firstOutputs.push(firstOutput);
  }

  /** A node that is a leaf of zeros until it is split. */
  add(): number {
    if (this.count === this.feature.length) this.growNodes();
    this.feature[this.count] = LEAF;
    return this.count++;
  }

  /** Where the V values of a leaf go. */
  addLeaf(node: number): number {
    const needed = (this.leaves + 1) * this.valuesPerLeaf;
    if (needed > this.values.length) {
      this.values = longer(this.values, new Float32Array(2 * Math.max(needed, this.values.length)));
    }
    this.left[node] = this.leaves;
    return this.leaves++ * this.valuesPerLeaf;
  }

  split(
    node: number,
    { feature, threshold, isMissingLeft }: Split,
    left: number,
    right: number,
  ): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.isMissingLeft[node] = isMissingLeft ? 1 : 0;
    this.left[node] = left;
    this.right[node] = right;
  }

  /** Forgets all trees from one on. */
  truncate(trees: number): void {
    if (trees >= this.roots.length) return;
    this.count = this.roots[trees];
    this.roots.length = trees;
    this.firstOutputs.length = trees;
  }

  private growNodes(): void {
    const length = 2 * this.count;
    this.feature = longer(this.feature, new Int32Array(length));
    this.threshold = longer(this.threshold, new Float32Array(length));
    this.isMissingLeft = longer(this.isMissingLeft, new Uint8Array(length));
    this.left = longer(this.left, new Int32Array(length));
    this.right = longer(this.right, new Int32Array(length));
  }
}

export interface Split {
  readonly feature: number;
  /** A float32. */
  readonly threshold: number;
  readonly isMissingLeft: boolean;
}

function longer<A extends Int32Array | Float32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
