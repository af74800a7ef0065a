/** Against ONNX Runtime on the bundled models, and against the definitions on small numbers. */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { BUNDLED_MODELS } from '#platform/config';
import { seededRandom } from '#transit';
import { evaluate } from './evaluate.js';
import { readGraph } from './graph.js';
import { OPERATORS } from './operators.js';
import { type Tensor, UnsupportedGraphError } from './tensor.js';

const bytesOf = (file: string) => readFileSync(`${BUNDLED_MODELS}/${file}`);
const floats = (dims: number[], data: number[]): Tensor => ({
  dims,
  data: Float32Array.from(data),
});
const numbers = (...data: number[]): Tensor => ({
  dims: [data.length],
  data: Float64Array.from(data),
});

describe('evaluate', () => {
  it.each([
    ['transit-cnn/v1.0.0/views.onnx', 784, ['probabilities', 'embedding']],
    ['candidate-ensemble/v1.0.0/candidate.onnx', 6, ['probabilities']],
  ])('B.16 says of %s what ONNX Runtime says', async (file, width, outputs) => {
    const graph = readGraph(bytesOf(file));
    const session = await InferenceSession.create(bytesOf(file), { intraOpNumThreads: 1 });
    const random = seededRandom(7);
    for (let k = 0; k < 40; k++) {
      const features = Float32Array.from({ length: width }, () => 2 * random.normal());
      const input = new RuntimeTensor('float32', features.slice(), [1, width]);
      const wanted = await session.run({ features: input });
      const found = evaluate(graph, { features: { dims: [1, width], data: features } }, outputs);
      outputs.forEach((name, o) => {
        const reference = wanted[name].data as Float32Array;
        expect(found[o].dims).toEqual(wanted[name].dims);
        for (let i = 0; i < reference.length; i++) {
          // A dozen layers of float32, summed in another order.
          expect(Math.abs(found[o].data[i] - reference[i])).toBeLessThan(2e-6);
        }
      });
    }
    await session.release();
  });

  it('gives the same bits for each row, whatever stands in the others', () => {
    const graph = readGraph(bytesOf('transit-cnn/v1.0.0/views.onnx'));
    const random = seededRandom(3);
    const rows = Float32Array.from({ length: 3 * 784 }, () => random.normal());
    const ask = (data: Float32Array) => {
      const input = { dims: [data.length / 784, 784], data };
      return evaluate(graph, { features: input }, ['embedding'])[0].data;
    };
    const together = ask(rows);
    for (let row = 0; row < 3; row++) {
      const alone = ask(rows.slice(784 * row, 784 * (row + 1)));
      expect(together.slice(128 * row, 128 * (row + 1))).toEqual(alone);
    }
  });

  it('names the operator that it does not know', () => {
    const forest = () => readGraph(bytesOf('koi-forest/v1.0.0/brief.onnx'));
    expect(forest).toThrow(UnsupportedGraphError);
    expect(forest).toThrow(/TreeEnsemble\w+ is not known here/);
    expect(() => readGraph(Buffer.from('no graph'))).toThrow(UnsupportedGraphError);
    const graph = readGraph(bytesOf('candidate-ensemble/v1.0.0/candidate.onnx'));
    expect(() => evaluate(graph, {}, ['probabilities'])).toThrow('There is no value "features".');
  });
});

describe('the operators', () => {
  const run = (name: string, inputs: Tensor[], attributes = {}) =>
    OPERATORS[name](inputs, attributes);

  it('convolve with padding at both ends', () => {
    const x = floats([1, 2, 3], [1, 2, 3, 10, 20, 30]);
    const weight = floats([1, 2, 3], [1, 0, -1, 0, 1, 0]);
    const found = run('Conv', [x, weight, floats([1], [100])], { pads: [1, 1] });
    // Of the first channel what is before minus what is after; of the second itself; the bias.
    expect(found).toEqual(floats([1, 1, 3], [100 - 2 + 10, 100 + 1 - 3 + 20, 100 + 2 + 30]));
  });

  it('take the most of each window, and leave out what fills none', () => {
    const x = floats([1, 1, 5], [1, 4, 3, 2, 9]);
    const found = run('MaxPool', [x], { kernel_shape: [2], strides: [2] });
    expect(found).toEqual(floats([1, 1, 2], [4, 3]));
  });

  it('broadcast a scalar, a row and a column', () => {
    const x = floats([2, 2], [1, 2, 3, 4]);
    expect(run('Mul', [x, floats([], [10])])).toEqual(floats([2, 2], [10, 20, 30, 40]));
    expect(run('Add', [x, floats([2], [10, 20])])).toEqual(floats([2, 2], [11, 22, 13, 24]));
    expect(run('Div', [x, floats([2, 1], [1, 2])])).toEqual(floats([2, 2], [1, 2, 1.5, 2]));
    const missing = run('IsNaN', [floats([1, 2], [NaN, 5])]);
    const filled = run('Where', [missing, floats([1, 2], [7, 8]), floats([1, 2], [NaN, 5])]);
    expect(filled).toEqual(floats([1, 2], [7, 5]));
  });

  it('cut, join, reshape and sum as the format says', () => {
    const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);
    const tail = run('Slice', [x, numbers(-2), numbers(99), numbers(1)]);
    expect(tail).toEqual(floats([2, 2], [2, 3, 5, 6]));
    expect(run('Concat', [tail, x], { axis: 1 })).toEqual(
      floats([2, 5], [2, 3, 1, 2, 3, 5, 6, 4, 5, 6]),
    );
    expect(run('Reshape', [x, numbers(-1, 2)]).dims).toEqual([3, 2]);
    expect(run('Unsqueeze', [x, numbers(1)]).dims).toEqual([2, 1, 3]);
    expect(run('ReduceSum', [x, numbers(1)])).toEqual(floats([2, 1], [6, 15]));
    expect(run('Clip', [x, floats([], [2]), floats([], [5])]).data).toEqual(
      Float32Array.of(2, 2, 3, 4, 5, 5),
    );
  });

  it('multiply matrices, transposed or not', () => {
    const a = floats([1, 2], [1, 2]);
    const b = floats([2, 2], [1, 2, 3, 4]);
    expect(run('MatMul', [a, b])).toEqual(floats([1, 2], [7, 10]));
    expect(run('Gemm', [a, b, floats([2], [100, 200])], { transB: 1 })).toEqual(
      floats([1, 2], [105, 211]),
    );
  });

  it('give probabilities also of numbers whose powers overflow', () => {
    expect(run('Softmax', [floats([1, 2], [1000, 1000])])).toEqual(floats([1, 2], [0.5, 0.5]));
  });

  it.each([
    ['Conv', [floats([1, 1, 3], [1, 2, 3]), floats([1, 1, 1], [1])], { dilations: [2] }],
    ['Conv', [floats([1, 1, 1, 1], [1]), floats([1, 1, 1, 1], [1])], {}],
    ['MaxPool', [floats([1, 1, 2], [1, 2])], { kernel_shape: [2], strides: [1], pads: [1, 1] }],
    ['Gemm', [floats([1, 1], [1]), floats([1, 1], [1])], { transA: 1 }],
    ['Slice', [floats([2], [1, 2]), numbers(0), numbers(2), numbers(0), numbers(2)], {}],
    ['Softmax', [floats([2, 2], [1, 2, 3, 4])], { axis: 0 }],
    ['ReduceSum', [floats([2, 2], [1, 2, 3, 4]), numbers(0)], {}],
    ['Reshape', [floats([3], [1, 2, 3]), numbers(2, 2)], {}],
  ])('refuse %s where it is meant in a way that is not known here', (name, inputs, attributes) => {
    expect(() => run(name, inputs, attributes)).toThrow(UnsupportedGraphError);
  });
});
