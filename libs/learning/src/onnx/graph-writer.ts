/**
 * Builds an ONNX graph node by node. `features`, (N, F) float32 with any N, comes in; one float32
 * tensor goes out: `probabilities` (N, C) or `value` (N, 1).
 */
import { ATTRIBUTE, ELEMENT, encodeModel } from '#inference';

/** A value of an attribute; integers and floats are told apart by the key that holds them. */
export type Attribute =
  | { readonly f: number }
  | { readonly i: number }
  | { readonly s: string }
  | { readonly floats: ArrayLike<number> }
  | { readonly ints: ArrayLike<number> }
  | { readonly strings: readonly string[] };

const TYPES = {
  f: ATTRIBUTE.float,
  i: ATTRIBUTE.int,
  s: ATTRIBUTE.string,
  floats: ATTRIBUTE.floats,
  ints: ATTRIBUTE.ints,
  strings: ATTRIBUTE.strings,
} as const;

/** Operator sets that onnxruntime has had since 1.14. */
const OPSETS = [
  { domain: '', version: 17 },
  { domain: 'ai.onnx.ml', version: 3 },
];
const IR_VERSION = 8;

export const INPUT = 'features';

export class GraphWriter {
  private readonly nodes: object[] = [];
  private readonly constants: object[] = [];

  /** @returns the name of the node's output */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    return this.nodeOf(opType, inputs, 1, attributes, domain)[0];
  }

  /** A node of several outputs. */
  nodeOf(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string[] {
    const name = `${opType}_${this.nodes.length}`;
    const output = Array.from({ length: outputs }, (_, k) => (k === 0 ? name : `${name}_${k}`));
    const attribute = Object.entries(attributes).map(([key, value]) => encoded(key, value));
    this.nodes.push({ name, opType, input: inputs, output, attribute, domain });
    return output;
  }

  /** A constant; its element type is that of the array. */
  constant(values: Float32Array | Float64Array | BigInt64Array, dims: readonly number[]): string {
    const name = `constant_${this.constants.length}`;
    const dataType =
      values instanceof Float32Array
        ? ELEMENT.float32
        : values instanceof Float64Array
          ? ELEMENT.float64
          : ELEMENT.int64;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.constants.push({ name, dims, dataType, rawData });
    return name;
  }

  /**
   * The bytes of the model.
   *
   * @param result (N, outputs) float32 tensor of a node
   * @param output what it is called outside
   */
  finish(
    result: string,
    output: 'probabilities' | 'value',
    features: number,
    outputs: number,
  ): Uint8Array {
    this.nodes.push({ name: output, opType: 'Identity', input: [result], output: [output] });
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'lightfold',
      opsetImport: OPSETS,
      graph: {
        name: 'model',
        node: this.nodes,
        initializer: this.constants,
        input: [valueInfo(INPUT, features)],
        output: [valueInfo(output, outputs)],
      },
    });
  }
}

function encoded(name: string, value: Attribute): object {
  const [key, content] = Object.entries(value)[0] as [keyof typeof TYPES, unknown];
  if (key === 's') return { name, type: TYPES.s, s: Buffer.from(content as string) };
  const isList = key === 'floats' || key === 'ints';
  return { name, type: TYPES[key], [key]: isList ? Array.from(content as number[]) : content };
}

const valueInfo = (name: string, width: number) => ({
  name,
  type: {
    tensorType: {
      elemType: ELEMENT.float32,
      shape: { dim: [{ dimParam: 'rows' }, { dimValue: width }] },
    },
  },
});
