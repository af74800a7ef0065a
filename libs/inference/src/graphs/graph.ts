/** An ONNX graph as plain data, which a thread can be handed. */
import { OPERATORS } from './operators.js';
import { type AttributeMessage, ATTRIBUTE, decodeModel, ELEMENT } from './onnx-messages.js';
import { type Tensor, UnsupportedGraphError } from './tensor.js';

export interface GraphNode {
  readonly operator: string;
  /** Names of values; an empty one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface Graph {
  /** In an order in which they can be evaluated. */
  readonly nodes: readonly GraphNode[];
  readonly constants: Readonly<Record<string, Tensor>>;
}

/** @throws {UnsupportedGraphError} where the bytes are no graph, or one that `evaluate` cannot evaluate */
export function readGraph(bytes: Uint8Array): Graph {
  const { graph } = decoded(bytes);
  if (!graph) throw new UnsupportedGraphError('There is no graph.');
  const nodes = graph.node.map(({ opType, input, output, attribute }) => {
    if (!Object.hasOwn(OPERATORS, opType)) {
      throw new UnsupportedGraphError(`The operator ${opType} is not known here.`);
    }
    const attributes = Object.fromEntries(attribute.map((each) => [each.name, valueOf(each)]));
    return { operator: opType, inputs: input, outputs: output, attributes };
  });
  const constants = graph.initializer.map(({ name, dims, dataType, rawData }) => [
    name,
    { dims: [...dims], data: dataOf(name, dataType, rawData) },
  ]);
  return { nodes, constants: Object.fromEntries(constants) as Record<string, Tensor> };
}

function decoded(bytes: Uint8Array) {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    throw new UnsupportedGraphError('It is no ONNX file.', { cause });
  }
}

function valueOf({ name, type, f, i, s, ints }: AttributeMessage) {
  switch (type) {
    case ATTRIBUTE.float:
      return f;
    case ATTRIBUTE.int:
      return i;
    case ATTRIBUTE.ints:
      return [...ints];
    case ATTRIBUTE.string:
      return Buffer.from(s).toString();
    default:
      throw new UnsupportedGraphError(`The attribute ${name} is of a kind that is not known here.`);
  }
}

/** Little-endian, as the format says. */
function dataOf(name: string, dataType: number, raw: Uint8Array): Tensor['data'] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  switch (dataType) {
    case ELEMENT.float32:
      return Float32Array.from({ length: raw.length / 4 }, (_, k) => view.getFloat32(4 * k, true));
    case ELEMENT.int64:
      return Float64Array.from({ length: raw.length / 8 }, (_, k) =>
        Number(view.getBigInt64(8 * k, true)),
      );
    default:
      throw new UnsupportedGraphError(`The constant ${name} is of a kind that is not known here.`);
  }
}
