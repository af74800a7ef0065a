/** Weights, an intercept, and for classes a softmax: what logistic regression and ridge come to. */
import type { FittedModel } from '../examples.js';
import type { GraphWriter } from '../onnx/graph-writer.js';
import { softmaxRows } from '../trees/ensemble.js';

export class LinearModel implements FittedModel {
  readonly gains = null;

  /**
   * @param weights (F * outputs,) feature by feature
   * @param intercepts (outputs,)
   */
  constructor(
    readonly weights: Float32Array,
    readonly intercepts: Float32Array,
    private readonly link: 'none' | 'softmax',
  ) {}

  get outputs(): number {
    return this.intercepts.length;
  }

  predict(values: Float32Array): Float64Array {
    const { outputs, weights } = this;
    const features = weights.length / outputs;
    const rows = values.length / features;
    const out = new Float64Array(rows * outputs);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) {
        let sum = this.intercepts[k];
        for (let f = 0; f < features; f++)
          sum += values[i * features + f] * weights[f * outputs + k];
        out[i * outputs + k] = sum;
      }
    }
    if (this.link === 'softmax') softmaxRows(out, outputs);
    return out;
  }

  write(graph: GraphWriter, input: string): string {
    const { outputs, weights, intercepts } = this;
    const matrix = graph.constant(weights, [weights.length / outputs, outputs]);
    const product = graph.node('MatMul', [input, matrix]);
    const sum = graph.node('Add', [product, graph.constant(intercepts, [outputs])]);
    return this.link === 'softmax' ? graph.node('Softmax', [sum], { axis: { i: 1 } }) : sum;
  }
}
