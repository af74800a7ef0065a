/** What many trees say together. */
import type { FittedModel } from '../examples.js';
import type { GraphWriter } from '../onnx/graph-writer.js';
import { writeEnsemble } from './ensemble-graph.js';
import { LEAF, type TreeNodes } from './tree-nodes.js';

/** Adds what some trees say of each row to `out`, (N * outputs,). */
export function addTrees(
  nodes: TreeNodes,
  trees: { readonly from: number; readonly to: number },
  values: Float32Array,
  features: number,
  out: Float64Array,
  outputs: number,
): void {
  const { feature, threshold, isMissingLeft, left, right, valuesPerLeaf } = nodes;
  const rows = values.length / features;
  for (let t = trees.from; t < trees.to; t++) {
    const [root, first] = [nodes.roots[t], nodes.firstOutputs[t]];
    for (let i = 0; i < rows; i++) {
      let node = root;
      while (feature[node] !== LEAF) {
        const value = values[i * features + feature[node]];
        const isLeft = value <= threshold[node] || (value !== value && isMissingLeft[node] === 1);
        node = isLeft ? left[node] : right[node];
      }
      const leaf = left[node] * valuesPerLeaf;
      const at = i * outputs + first;
      for (let v = 0; v < valuesPerLeaf; v++) out[at + v] += nodes.values[leaf + v];
    }
  }
}

/** The sum of trees: what a forest says, and what boosting says before its link. */
export class Ensemble implements FittedModel {
  constructor(
    readonly nodes: TreeNodes,
    private readonly features: number,
    /** (outputs,) where the sums start, float32. */
    readonly base: Float32Array,
    private readonly link: 'none' | 'softmax',
    readonly gains: Float64Array,
  ) {
    const sum = gains.reduce((a, b) => a + b, 0);
    if (sum > 0) for (let f = 0; f < gains.length; f++) gains[f] /= sum;
  }

  get outputs(): number {
    return this.base.length;
  }

  predict(values: Float32Array): Float64Array {
    const rows = values.length / this.features;
    const out = new Float64Array(rows * this.outputs);
    for (let i = 0; i < out.length; i++) out[i] = this.base[i % this.outputs];
    const trees = { from: 0, to: this.nodes.roots.length };
    addTrees(this.nodes, trees, values, this.features, out, this.outputs);
    if (this.link === 'softmax') softmaxRows(out, this.outputs);
    return out;
  }

  write(graph: GraphWriter, input: string): string {
    const sums = writeEnsemble(graph, input, this.nodes, this.base);
    return this.link === 'softmax' ? graph.node('Softmax', [sums], { axis: { i: 1 } }) : sums;
  }
}

/** In place, row by row. */
export function softmaxRows(values: Float64Array, classes: number): void {
  for (let start = 0; start < values.length; start += classes) {
    let most = -Infinity;
    for (let k = 0; k < classes; k++) most = Math.max(most, values[start + k]);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += values[start + k] = Math.exp(values[start + k] - most);
    for (let k = 0; k < classes; k++) values[start + k] /= sum;
  }
}
