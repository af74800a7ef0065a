/**
 * Runs versions of models: their graphs are loaded when somebody asks, kept while there is room, and
 * take the rows of many requests together.
 */
import type { InputSchema, ModelMetadata } from '#contracts';
import { calibrated } from '../calibration.js';
import { GraphError, type LoadedGraph, type OnnxSessions } from '../sessions/onnx-sessions.js';
import { Batcher, type BatchOptions } from '../sessions/batcher.js';
import type { GraphCache } from '../sessions/graph-cache.js';
import type { GraphAnswer, GraphSignature } from '../sessions/session-protocol.js';
import { InvalidVersionError } from '../registry/registry.errors.js';
import type { VersionFiles } from '../registry/version-files.js';

/** What a model says of one row. */
export interface RowOutput {
  /** Calibrated probabilities by class, or the one value of a regression. */
  readonly output: Float64Array;
  /** null where the model gives none. */
  readonly embedding: Float32Array | null;
}

export class ModelRunner {
  private readonly batchers = new Map<string, Batcher<GraphAnswer>>();

  constructor(
    private readonly sessions: OnnxSessions,
    private readonly cache: GraphCache,
    private readonly batching: BatchOptions,
  ) {}

  /**
   * @param features (rows, features) of the schema, row by row
   * @throws {InvalidVersionError} where the version's files are damaged or no graph
   * @throws {BatchQueueFullError} where too many rows wait
   */
  async run(
    version: VersionFiles,
    schema: InputSchema,
    features: Float32Array,
    rows: number,
    signal?: AbortSignal,
  ): Promise<RowOutput[]> {
    const batcher = this.batcherOf(version, schema);
    const { output, embedding } = await batcher
      .submit(features, rows, signal)
      .catch((error: unknown) => throwNamed(error, version, `${schema.model.file} fails`));
    const width = outputsOf(version.metadata);
    return Array.from({ length: rows }, (_, row) => ({
      output: calibrated(schema.calibration, part(output, row, width)),
      embedding: embedding && part(embedding, row, embedding.length / rows),
    }));
  }

  /** Rows that wait for a graph now. */
  get waitingRows(): number {
    return [...this.batchers.values()].reduce((sum, { waitingRows }) => sum + waitingRows, 0);
  }

  private batcherOf(version: VersionFiles, schema: InputSchema): Batcher<GraphAnswer> {
    const key = version.graphKey(schema);
    const known = this.batchers.get(key);
    if (known) return known;
    const load = () => this.load(version, schema);
    const batcher = new Batcher<GraphAnswer>(
      async (features, rowsOfEach) => {
        const rows = rowsOfEach.reduce((sum, each) => sum + each, 0);
        return divided(await this.cache.run(key, load, features, rows), rowsOfEach);
      },
      this.batching,
      () => this.batchers.delete(key),
    );
    this.batchers.set(key, batcher);
    return batcher;
  }

  private async load(version: VersionFiles, schema: InputSchema): Promise<LoadedGraph> {
    const bytes = await version.read(schema.model);
    try {
      return await this.sessions.load(bytes, signatureOf(version.metadata, schema));
    } catch (error) {
      return throwNamed(error, version, `${schema.model.file} cannot be loaded`);
    }
  }
}

/** What a graph cannot do is a fault of its version. */
function throwNamed(error: unknown, version: VersionFiles, fault: string): never {
  if (!(error instanceof GraphError)) throw error;
  const faults = [`${fault}: ${error.message}`];
  throw new InvalidVersionError(version.reference, faults, { cause: error });
}

function signatureOf(metadata: ModelMetadata, schema: InputSchema): GraphSignature {
  const { input, output, embedding } = schema.tensors;
  const outputs = outputsOf(metadata);
  return { input, features: schema.features, output, outputs, embedding };
}

const outputsOf = ({ output_schema: schema }: ModelMetadata) =>
  schema.task === 'classification' ? schema.classes : 1;

const part = (values: Float32Array, row: number, width: number) =>
  values.subarray(row * width, (row + 1) * width);

/** The rows of each request, in their order. */
function divided(answer: GraphAnswer, rowsOfEach: readonly number[]): GraphAnswer[] {
  const { output, embedding } = answer;
  const rows = rowsOfEach.reduce((sum, each) => sum + each, 0);
  let at = 0;
  return rowsOfEach.map((count) => {
    const of = (values: Float32Array) => {
      const width = values.length / rows;
      return values.subarray(at * width, (at + count) * width);
    };
    const mine = { output: of(output), embedding: embedding && of(embedding) };
    at += count;
    return mine;
  });
}
