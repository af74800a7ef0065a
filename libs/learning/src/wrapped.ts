/** A model between two linear steps, which its graph has too. F is features. */
import type { Examples, FittedModel } from './examples.js';
import { momentsOf } from './moments.js';
import type { GraphWriter } from './onnx/graph-writer.js';

/** By feature: what stands for a missing value, and how it is scaled. All (F,). */
interface Inputs {
  readonly fill: Float32Array;
  readonly center: Float32Array;
  readonly width: Float32Array;
}

/**
 * For models that know of no missing values, where a category is one number, which the preprocessing
 * leaves unscaled and NaN for an unknown one.
 */
export function standardisedInputs(examples: Examples): Inputs {
  const moments = momentsOf(examples);
  const center = Float32Array.from(moments.center);
  return { fill: center, center, width: Float32Array.from(moments.width) };
}

export function applied({ fill, center, width }: Inputs, values: Float32Array): Float32Array {
  const features = fill.length;
  return values.map((value, at) => {
    const f = at % features;
    // Rounded where the graph rounds.
    return Math.fround((Number.isNaN(value) ? fill[f] : value) - center[f]) / width[f];
  });
}

export class WithInputs implements FittedModel {
  constructor(
    private readonly model: FittedModel,
    private readonly inputs: Inputs,
  ) {}

  get outputs(): number {
    return this.model.outputs;
  }

  get gains(): Float64Array | null {
    return this.model.gains;
  }

  predict(values: Float32Array): Float64Array {
    return this.model.predict(applied(this.inputs, values));
  }

  write(graph: GraphWriter, input: string): string {
    const { fill, center, width } = this.inputs;
    const row = (values: Float32Array) => graph.constant(values, [1, values.length]);
    const filled = graph.node('Where', [graph.node('IsNaN', [input]), row(fill), input]);
    const centred = graph.node('Sub', [filled, row(center)]);
    return this.model.write(graph, graph.node('Div', [centred, row(width)]));
  }
}

/** Learns a regression in standard deviations of its target, where float32 is precise. */
export class WithTargetScale implements FittedModel {
  readonly outputs = 1;

  constructor(
    private readonly model: FittedModel,
    private readonly scale: { readonly center: number; readonly width: number },
  ) {}

  get gains(): Float64Array | null {
    return this.model.gains;
  }

  predict(values: Float32Array): Float64Array {
    const { center, width } = this.scale;
    return this.model.predict(values).map((value) => value * width + center);
  }

  write(graph: GraphWriter, input: string): string {
    const { center, width } = this.scale;
    const value = this.model.write(graph, input);
    const scaled = graph.node('Mul', [value, graph.constant(Float32Array.of(width), [])]);
    return graph.node('Add', [scaled, graph.constant(Float32Array.of(center), [])]);
  }
}

export function targetScale({ targets }: Examples): { center: number; width: number } {
  const center = targets.reduce((a, b) => a + b, 0) / targets.length;
  const squares = targets.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const width = Math.fround(Math.sqrt(squares / targets.length)) || 1;
  return { center: Math.fround(center), width };
}

export const scaledTargets = (
  examples: Examples,
  { center, width }: { readonly center: number; readonly width: number },
): Examples => ({
  ...examples,
  targets: examples.targets.map((value) => (value - center) / width),
});
