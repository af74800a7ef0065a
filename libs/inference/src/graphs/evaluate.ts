/**
 * Evaluates an ONNX graph in plain TypeScript: the same bits on every processor. ONNX Runtime, the fast
 * twin, chooses its kernels by the processor's instructions, and with them the last digits.
 *
 * Pure: no I/O, no clock, no randomness.
 */
import type { Graph } from './graph.js';
import { OPERATORS } from './operators.js';
import { type Tensor, UnsupportedGraphError } from './tensor.js';

/**
 * @param inputs by name
 * @param wanted names of outputs, which are answered in this order
 * @throws {UnsupportedGraphError} naming the operator that cannot do what it is asked to
 */
export function evaluate(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
  wanted: readonly string[],
): Tensor[] {
  const values = new Map<string, Tensor>(Object.entries({ ...graph.constants, ...inputs }));
  const valueOf = (name: string): Tensor => {
    const value = values.get(name);
    if (!value) throw new UnsupportedGraphError(`There is no value "${name}".`);
    return value;
  };
  for (const { operator, inputs: names, outputs, attributes } of graph.nodes) {
    // One that is left out is undefined, as an operator's optional inputs are.
    const operands = names.map((name) => (name === '' ? undefined : valueOf(name)));
    values.set(outputs[0], OPERATORS[operator](operands as Tensor[], attributes));
  }
  return wanted.map(valueOf);
}
