/**
 * The mean of the k nearest training rows, found by looking at all of them (Cover & Hart 1967, IEEE
 * Trans. Inf. Theory 13, 21).
 *
 * Features are rounded to 1/4096 of their unit, a standard deviation, and counted in it. Then squared
 * distances are whole numbers below 2^53, which float64 adds up exactly in any order: our loop and a
 * graph's |x|^2 - 2 x t + |t|^2 see the same distances and the same ties, of which the first row wins.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, F features, T training rows.
 */
import { type Examples, type FittedModel, outputsOf, type Report } from '../examples.js';
import type { GraphWriter } from '../onnx/graph-writer.js';
import { scoreOf } from '../metrics/score.js';

export interface NearestOptions {
  /** @default 15, at most the training rows */
  readonly neighbours?: number;
  readonly watch?: Examples;
  readonly report?: Report;
}

const STEPS = 4096;
/** Standard deviations beyond which all is equally far: keeps the sums of 2,000 features exact. */
const MOST = 128;

export function trainNearest(examples: Examples, options: NearestOptions = {}): NearestModel {
  const { rows, targets, classes, features } = examples;
  const outputs = outputsOf(examples);
  const says = new Float32Array(rows * outputs);
  for (let i = 0; i < rows; i++) {
    if (classes > 0) says[i * outputs + targets[i]] = 1;
    else says[i] = targets[i];
  }
  const neighbours = Math.min(rows, options.neighbours ?? 15);
  const model = new NearestModel(counted(examples.values), says, features, outputs, neighbours);
  const { watch } = options;
  options.report?.(1, 1, watch ? scoreOf(watch, model.predict(watch.values)) : {});
  return model;
}

export class NearestModel implements FittedModel {
  readonly gains = null;

  constructor(
    /** (T * F,) whole numbers. */
    private readonly known: Float64Array,
    /** (T * outputs,) */
    private readonly says: Float32Array,
    private readonly features: number,
    readonly outputs: number,
    private readonly neighbours: number,
  ) {}

  /** O(N * T * F), less where a part of a distance is too much already. */
  predict(values: Float32Array): Float64Array {
    const { features, outputs, neighbours, says } = this;
    const rows = values.length / features;
    const asked = counted(values);
    const out = new Float64Array(rows * outputs);
    const nearest = new Int32Array(neighbours);
    const distances = new Float64Array(neighbours);
    for (let i = 0; i < rows; i++) {
      this.find(asked.subarray(i * features, (i + 1) * features), nearest, distances);
      for (const row of nearest) {
        for (let k = 0; k < outputs; k++) out[i * outputs + k] += says[row * outputs + k];
      }
      for (let k = 0; k < outputs; k++) out[i * outputs + k] /= neighbours;
    }
    return out;
  }

  /** Keeps a sorted list of the nearest so far. */
  private find(row: Float64Array, nearest: Int32Array, distances: Float64Array): void {
    const { known, features } = this;
    const last = nearest.length - 1;
    distances.fill(Infinity);
    for (let t = 0, at = 0; at < known.length; t++, at += features) {
      const limit = distances[last];
      let distance = 0;
      for (let f = 0; f < features && distance < limit; f++) {
        const apart = row[f] - known[at + f];
        distance += apart * apart;
      }
      if (distance >= limit) continue;
      let place = last;
      for (; place > 0 && distances[place - 1] > distance; place--) {
        distances[place] = distances[place - 1];
        nearest[place] = nearest[place - 1];
      }
      distances[place] = distance;
      nearest[place] = t;
    }
  }

  write(graph: GraphWriter, input: string): string {
    const { known, features, outputs, says } = this;
    const rows = known.length / features;
    const scaled = graph.node('Mul', [input, graph.constant(Float32Array.of(STEPS), [])]);
    const most = MOST * STEPS;
    const bounds = [-most, most].map((bound) => graph.constant(Float32Array.of(bound), []));
    const whole = graph.node('Clip', [graph.node('Round', [scaled]), ...bounds]);
    const asked = graph.node('Cast', [whole], { to: { i: 11 } });

    const columns = new Float64Array(known.length);
    const squares = new Float64Array(rows);
    for (let t = 0; t < rows; t++) {
      for (let f = 0; f < features; f++) {
        const value = known[t * features + f];
        columns[f * rows + t] = -2 * value;
        squares[t] += value * value;
      }
    }
    // |x|^2 is the same for every training row, so it is left out.
    const product = graph.node('MatMul', [asked, graph.constant(columns, [features, rows])]);
    const distances = graph.node('Add', [product, graph.constant(squares, [rows])]);
    const k = graph.constant(BigInt64Array.of(BigInt(this.neighbours)), [1]);
    const nearest = graph.nodeOf('TopK', [distances, k], 2, { axis: { i: 1 }, largest: { i: 0 } });
    const said = graph.node('Gather', [graph.constant(says, [rows, outputs]), nearest[1]]);
    return graph.node('ReduceMean', [said], { axes: { ints: [1] }, keepdims: { i: 0 } });
  }
}

/** Whole numbers of steps, ties to even, as the graph's Round has them. */
function counted(values: Float32Array): Float64Array {
  return Float64Array.from(values, (value) => {
    const scaled = Math.fround(value * STEPS);
    const floor = Math.floor(scaled);
    const rest = scaled - floor;
    const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
    return Math.min(MOST * STEPS, Math.max(-MOST * STEPS, isUp ? floor + 1 : floor));
  });
}
