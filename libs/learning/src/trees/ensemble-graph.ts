/**
 * Trees as one TreeEnsembleRegressor of ai.onnx.ml 3, for classes too: its sums are the outputs,
 * where TreeEnsembleClassifier would add labels and a rule of its own for two classes.
 */
import type { GraphWriter } from '../onnx/graph-writer.js';
import { LEAF, type TreeNodes } from './tree-nodes.js';

export function writeEnsemble(
  graph: GraphWriter,
  input: string,
  nodes: TreeNodes,
  base: Float32Array,
): string {
  const { count, roots } = nodes;
  const treeIds = new Int32Array(count);
  const nodeIds = new Int32Array(count);
  const features = new Int32Array(count);
  const isTrue = new Int32Array(count);
  const isFalse = new Int32Array(count);
  const modes: string[] = new Array(count);
  const leaves = { trees: [] as number[], nodes: [] as number[], outputs: [] as number[] };
  const weights: number[] = [];
  roots.forEach((root, tree) => {
    const end = roots[tree + 1] ?? count;
    for (let node = root; node < end; node++) {
      treeIds[node] = tree;
      nodeIds[node] = node - root;
      const isLeaf = nodes.feature[node] === LEAF;
      modes[node] = isLeaf ? 'LEAF' : 'BRANCH_LEQ';
      if (!isLeaf) {
        features[node] = nodes.feature[node];
        isTrue[node] = nodes.left[node] - root;
        isFalse[node] = nodes.right[node] - root;
        continue;
      }
      const first = nodes.left[node] * nodes.valuesPerLeaf;
      for (let v = 0; v < nodes.valuesPerLeaf; v++) {
        leaves.trees.push(tree);
        leaves.nodes.push(node - root);
        leaves.outputs.push(nodes.firstOutputs[tree] + v);
        weights.push(nodes.values[first + v]);
      }
    }
  });
  const attributes = {
    n_targets: { i: base.length },
    aggregate_function: { s: 'SUM' },
    post_transform: { s: 'NONE' },
    base_values: { floats: base },
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: features },
    nodes_modes: { strings: modes },
    nodes_values: { floats: nodes.threshold.subarray(0, count) },
    nodes_truenodeids: { ints: isTrue },
    nodes_falsenodeids: { ints: isFalse },
    nodes_missing_value_tracks_true: { ints: nodes.isMissingLeft.subarray(0, count) },
    target_treeids: { ints: leaves.trees },
    target_nodeids: { ints: leaves.nodes },
    target_ids: { ints: leaves.outputs },
    target_weights: { floats: weights },
  };
  return graph.node('TreeEnsembleRegressor', [input], attributes, 'ai.onnx.ml');
}
