/** What a model learns from, and what every model can do. N is rows, F features, C classes. */
import type { GraphWriter } from './onnx/graph-writer.js';

export interface Examples {
  readonly rows: number;
  readonly features: number;
  /** (N * F,) row by row; NaN where a value is missing. */
  readonly values: Float32Array;
  /** (N,) index of the class, or the value to predict. */
  readonly targets: Float64Array;
  /** 0 for a regression. */
  readonly classes: number;
  /** (N,) how much a row counts, > 0. @default 1 each */
  readonly weights?: Float64Array;
}

/** Probabilities by class, or one value. */
export const outputsOf = ({ classes }: Pick<Examples, 'classes'>) => Math.max(1, classes);

export interface FittedModel {
  /** C, or 1 for a regression. */
  readonly outputs: number;
  /** (N * outputs,) for (N * F,) values. */
  predict(values: Float32Array): Float64Array;
  /** Adds the model to a graph; returns the name of its (N, outputs) float32 tensor. */
  write(graph: GraphWriter, input: string): string;
  /** (F,) what splitting by each feature gained, summing to 1; null where nothing is split. */
  readonly gains: Float64Array | null;
}

/** @param metrics of rows that are not learnt from, where there are any */
export type Report = (
  done: number,
  total: number,
  metrics: Readonly<Record<string, number>>,
) => void;

/** The rows of some indices, in their order. */
export function pick(examples: Examples, indices: ArrayLike<number>): Examples {
  const { features, values, targets, weights } = examples;
  const rows = indices.length;
  const picked = new Float32Array(rows * features);
  for (let i = 0; i < rows; i++) {
    const start = indices[i] * features;
    picked.set(values.subarray(start, start + features), i * features);
  }
  return {
    ...examples,
    rows,
    values: picked,
    targets: Float64Array.from(indices, (i) => targets[i]),
    weights: weights && Float64Array.from(indices, (i) => weights[i]),
  };
}

/** Column by column: (F * N,) of (N * F,). */
export function transposed({ values, rows, features }: Examples): Float32Array {
  const out = new Float32Array(rows * features);
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < features; f++) out[f * rows + i] = values[i * features + f];
  }
  return out;
}
