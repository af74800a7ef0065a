/** What the operators of a graph take and give. float32 is kept as such; integers and booleans as numbers. */
export interface Tensor {
  /** Row by row: the last one is the closest. */
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array;
}

export const sizeOf = (dims: readonly number[]): number =>
  dims.reduce((size, dim) => size * dim, 1);

/** A graph that this evaluator cannot evaluate; says at which operator. */
export class UnsupportedGraphError extends Error {
  override readonly name = 'UnsupportedGraphError';
}
