/**
 * Small ONNX graphs for tests: a softmax of a matrix, whose answers a test can work out itself.
 * Messages and field numbers are those of onnx.proto (IR version 8, opset 17).
 */
import protobuf from 'protobufjs';

const root = protobuf.parse(
  `
  syntax = "proto3";
  message AttributeProto { string name = 1; int64 i = 3; int32 type = 20; }
  message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3;
                      string op_type = 4; repeated AttributeProto attribute = 5; }
  message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8;
                        bytes raw_data = 9; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message TypeProto { TensorType tensor_type = 1; }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message GraphProto { repeated NodeProto node = 1; string name = 2;
                       repeated TensorProto initializer = 5;
                       repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
  message OperatorSetIdProto { string domain = 1; int64 version = 2; }
  message ModelProto { int64 ir_version = 1; GraphProto graph = 7;
                       repeated OperatorSetIdProto opset_import = 8; }
`,
  { keepCase: true },
).root;

const FLOAT = 1;
const INT64 = 7;

export interface SoftmaxGraph {
  /** (features, classes) */
  readonly weights: readonly (readonly number[])[];
  /** (classes,) */
  readonly bias: readonly number[];
  /** (features, any): its product with the features is the embedding. */
  readonly embedding?: readonly (readonly number[])[];
  /** @default probabilities */
  readonly outputName?: string;
}

/** features (N, F) -> probabilities (N, C) = softmax(features · weights + bias), and embedding. */
export function softmaxGraph(graph: SoftmaxGraph): Uint8Array<ArrayBuffer> {
  const { weights, bias, embedding, outputName = 'probabilities' } = graph;
  const nodes = [
    node('MatMul', ['features', 'weights'], 'products'),
    node('Add', ['products', 'bias'], 'logits'),
    node('Softmax', ['logits'], outputName),
    ...(embedding ? [node('MatMul', ['features', 'directions'], 'embedding')] : []),
  ];
  return encoded({
    name: 'softmax',
    node: nodes,
    initializer: [
      matrix('weights', weights),
      tensor('bias', [bias.length], bias),
      ...(embedding ? [matrix('directions', embedding)] : []),
    ],
    input: [value('features', weights.length)],
    output: [
      value(outputName, bias.length),
      ...(embedding ? [value('embedding', embedding[0].length)] : []),
    ],
  });
}

/** A graph like any other, but of an operator that no runtime has: it is read, and not loaded. */
export const unknownOperatorGraph = (features: number, classes: number) =>
  encoded({
    name: 'unknown',
    node: [node('FoldTransits', ['features'], 'probabilities')],
    input: [value('features', features)],
    output: [value('probabilities', classes)],
  });

/** features (N, F) -> probabilities (N, F): looks each up in a list of one; fails where one is not 0. */
export const lookupGraph = (features: number) =>
  encoded({
    name: 'lookup',
    node: [
      { ...node('Cast', ['features'], 'places'), attribute: [{ name: 'to', i: INT64, type: 2 }] },
      node('Gather', ['list', 'places'], 'probabilities'),
    ],
    initializer: [tensor('list', [1], [0.5])],
    input: [value('features', features)],
    output: [value('probabilities', features)],
  });

function encoded(graph: object): Uint8Array<ArrayBuffer> {
  const ModelProto = root.lookupType('ModelProto');
  const opset = [{ domain: '', version: 17 }];
  const model = ModelProto.fromObject({ ir_version: 8, opset_import: opset, graph });
  return new Uint8Array(ModelProto.encode(model).finish());
}

const node = (operator: string, inputs: readonly string[], output: string) => ({
  op_type: operator,
  name: output,
  input: inputs,
  output: [output],
});

const matrix = (name: string, rows: readonly (readonly number[])[]) =>
  tensor(name, [rows.length, rows[0].length], rows.flat());

const tensor = (name: string, dims: readonly number[], values: readonly number[]) => ({
  name,
  dims,
  data_type: FLOAT,
  raw_data: Buffer.from(Float32Array.from(values).buffer),
});

const value = (name: string, columns: number) => ({
  name,
  type: {
    tensor_type: {
      elem_type: FLOAT,
      shape: { dim: [{ dim_param: 'rows' }, { dim_value: columns }] },
    },
  },
});
