/**
 * The messages of ONNX that our models need; their numbers are those of onnx.proto (onnx.ai,
 * Apache-2.0), a public format.
 */
import protobuf from 'protobufjs';

const field = (id: number, type: string) => ({ id, type });
const many = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const message = (fields: Record<string, protobuf.IField>) => ({ fields });

const root = protobuf.Root.fromJSON({
  nested: {
    Model: message({
      irVersion: field(1, 'int64'),
      producerName: field(2, 'string'),
      producerVersion: field(3, 'string'),
      graph: field(7, 'Graph'),
      opsetImport: many(8, 'OperatorSet'),
    }),
    OperatorSet: message({ domain: field(1, 'string'), version: field(2, 'int64') }),
    Graph: message({
      node: many(1, 'Node'),
      name: field(2, 'string'),
      initializer: many(5, 'Tensor'),
      input: many(11, 'ValueInfo'),
      output: many(12, 'ValueInfo'),
    }),
    Node: message({
      input: many(1, 'string'),
      output: many(2, 'string'),
      name: field(3, 'string'),
      opType: field(4, 'string'),
      attribute: many(5, 'Attribute'),
      domain: field(7, 'string'),
    }),
    Attribute: message({
      name: field(1, 'string'),
      f: field(2, 'float'),
      i: field(3, 'int64'),
      s: field(4, 'bytes'),
      floats: many(7, 'float'),
      ints: many(8, 'int64'),
      strings: many(9, 'string'),
      type: field(20, 'int32'),
    }),
    Tensor: message({
      dims: many(1, 'int64'),
      dataType: field(2, 'int32'),
      name: field(8, 'string'),
      rawData: field(9, 'bytes'),
    }),
    ValueInfo: message({ name: field(1, 'string'), type: field(2, 'Type') }),
    Type: message({ tensorType: field(1, 'TensorType') }),
    TensorType: message({ elemType: field(1, 'int32'), shape: field(2, 'Shape') }),
    Shape: message({ dim: many(1, 'Dimension') }),
    Dimension: message({ dimValue: field(1, 'int64'), dimParam: field(2, 'string') }),
  },
});

const model = root.lookupType('Model');

export const encodeModel = (content: object): Uint8Array =>
  Uint8Array.from(model.encode(model.fromObject(content)).finish());

/** An attribute; which of the values counts, its type says. */
export interface AttributeMessage {
  readonly name: string;
  readonly type: number;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly ints: readonly number[];
}

export interface ModelMessage {
  readonly graph: {
    readonly node: readonly {
      readonly opType: string;
      readonly input: readonly string[];
      readonly output: readonly string[];
      readonly attribute: readonly AttributeMessage[];
    }[];
    readonly initializer: readonly {
      readonly name: string;
      readonly dims: readonly number[];
      readonly dataType: number;
      readonly rawData: Uint8Array;
    }[];
  } | null;
}

/** @throws {Error} where the bytes are no such message */
export const decodeModel = (bytes: Uint8Array): ModelMessage =>
  model.toObject(model.decode(bytes), {
    longs: Number,
    arrays: true,
    defaults: true,
  }) as unknown as ModelMessage;

/** AttributeProto.AttributeType */
export const ATTRIBUTE = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
/** TensorProto.DataType */
export const ELEMENT = { float32: 1, int64: 7, float64: 11 } as const;
