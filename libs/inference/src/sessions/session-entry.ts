/**
 * Entry file of the thread, or the process, that runs ONNX graphs. ONNX Runtime computes on the thread
 * that calls it: here that blocks nobody. One core: a process serves many, and is scaled by processes.
 */
import { parentPort, Worker } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type {
  GraphAnswer,
  GraphSignature,
  SessionReply,
  SessionRequest,
} from './session-protocol.js';

interface Graph {
  readonly session: InferenceSession;
  readonly signature: GraphSignature;
}

const graphs = new Map<number, Graph>();

// One after the other: a graph that is loading is there when the next request asks for it.
let last: Promise<unknown> = Promise.resolve();
/** null: nothing more will come. */
const take = (request: SessionRequest | null) => {
  last = last.then(() => (request ? answer(request) : parentPort?.close()));
};
if (parentPort) {
  parentPort.on('message', take);
} else {
  process.on('message', take);
  process.on('disconnect', () => process.exit());
  // A graph without end never hears of that.
  const watch = `setInterval(() => {
    if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL');
  }, 1000)`;
  new Worker(watch, { eval: true }).unref();
}

function send(reply: SessionReply, transfer: ArrayBuffer[]): void {
  if (parentPort) parentPort.postMessage(reply, transfer);
  else process.send!(reply);
}

async function answer(request: SessionRequest): Promise<void> {
  let reply: SessionReply;
  const transfer: ArrayBuffer[] = [];
  try {
    const value = await serve(request);
    if (value) {
      transfer.push(value.output.buffer as ArrayBuffer);
      if (value.embedding) transfer.push(value.embedding.buffer as ArrayBuffer);
    }
    reply = { id: request.id, ok: true, value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply = { id: request.id, ok: false, message };
  }
  send(reply, transfer);
}

async function serve(request: SessionRequest): Promise<GraphAnswer | null> {
  switch (request.act) {
    case 'load':
      graphs.set(request.graph, await load(request.bytes, request.signature));
      return null;
    case 'run':
      return run(graphs.get(request.graph)!, request.features, request.rows);
    case 'unload':
      await graphs.get(request.graph)?.session.release();
      graphs.delete(request.graph);
      return null;
  }
}

/** @throws {Error} where the bytes are no graph, or one of another shape than the metadata say */
async function load(bytes: Uint8Array, signature: GraphSignature): Promise<Graph> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  const graph = { session, signature };
  try {
    // Names, types and sizes are what they are said to be only if a row goes through.
    await run(graph, new Float32Array(signature.features), 1);
  } catch (error) {
    await session.release();
    throw error;
  }
  return graph;
}

async function run({ session, signature }: Graph, features: Float32Array, rows: number) {
  const { input, output = session.outputNames[0], outputs = null, embedding } = signature;
  const wanted = embedding ? [output, embedding] : [output];
  const feeds = { [input]: new Tensor('float32', features, [rows, signature.features]) };
  const found = await session.run(feeds, wanted);
  return {
    output: floats(found[output], output, rows, outputs),
    embedding: embedding ? floats(found[embedding], embedding, rows, null) : null,
  };
}

/** A copy: the runtime may own the memory of a tensor. */
function floats(tensor: Tensor, name: string, rows: number, columns: number | null): Float32Array {
  const { type, dims, data } = tensor;
  const isShaped = dims.length === 2 && dims[0] === rows && (columns ?? dims[1]) === dims[1];
  if (type !== 'float32' || !isShaped) {
    const wanted = `float32 (${rows}, ${columns ?? 'any'})`;
    throw new Error(`The output "${name}" is ${type} (${dims.join(', ')}), not ${wanted}.`);
  }
  return Float32Array.from(data as Float32Array);
}
