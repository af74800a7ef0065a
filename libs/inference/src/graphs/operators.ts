/**
 * The operators of ONNX that small networks and linear models consist of, as onnx.ai/onnx/operators
 * defines them; of each as much as is needed, and a refusal for the rest. Sums are in float64, in the
 * order of their indices, and rounded to float32 once.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, C channels, L length.
 */
import { sizeOf, type Tensor, UnsupportedGraphError } from './tensor.js';

export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;
export type Operator = (inputs: readonly Tensor[], attributes: Attributes) => Tensor;

export const OPERATORS: Readonly<Record<string, Operator>> = {
  Identity: ([x]) => x,
  Relu: ([x]) => mapped(x, (value) => (value > 0 ? value : 0)),
  Sqrt: ([x]) => mapped(x, Math.sqrt),
  IsNaN: ([x]) => ({
    dims: x.dims,
    data: Float64Array.from(x.data, (v) => (Number.isNaN(v) ? 1 : 0)),
  }),
  Add: ([a, b]) => paired(a, b, (x, y) => x + y),
  Sub: ([a, b]) => paired(a, b, (x, y) => x - y),
  Mul: ([a, b]) => paired(a, b, (x, y) => x * y),
  Div: ([a, b]) => paired(a, b, (x, y) => x / y),
  Pow: ([a, b]) => paired(a, b, (x, y) => x ** y),
  Where: ([condition, a, b]) => {
    const [chosen, other] = [paired(a, b, (x) => x), paired(a, b, (_, y) => y)];
    const is = paired(condition, chosen, (isSo) => isSo);
    refuse('Where', is.data.length !== chosen.data.length, 'a condition of a larger shape');
    return { dims: chosen.dims, data: chosen.data.map((x, i) => (is.data[i] ? x : other.data[i])) };
  },
  Clip: ([x, least, most]) => {
    const [low, high] = [least?.data[0] ?? -Infinity, most?.data[0] ?? Infinity];
    return mapped(x, (value) => Math.min(high, Math.max(low, value)));
  },
  Unsqueeze: ([x, axes]) => {
    const dims = [...x.dims];
    for (const axis of [...axes.data].sort((a, b) => a - b)) dims.splice(axis, 0, 1);
    return { dims, data: x.data };
  },
  Reshape: ([x, shape]) => reshaped(x, [...shape.data]),
  Slice: sliced,
  Concat: concatenated,
  Conv: convolved,
  MaxPool: pooled,
  Gemm: ([a, b, c], { alpha = 1, beta = 1, transA = 0, transB = 0 }) => {
    refuse('Gemm', transA !== 0, 'a transposed first matrix');
    const product = multiplied(a, transB ? transposed(b) : b, Number(alpha));
    return c ? paired(product, c, (x, y) => x + Number(beta) * y) : product;
  },
  MatMul: ([a, b]) => multiplied(a, b, 1),
  ReduceSum: ([x, axes], { keepdims = 1 }) => {
    const last = x.dims.length - 1;
    refuse('ReduceSum', axes?.data.length !== 1 || at(axes.data[0], x) !== last, 'such axes');
    refuse('ReduceSum', keepdims !== 1, 'keepdims 0');
    const width = x.dims[last];
    const sums = new Float32Array(sizeOf(x.dims) / width);
    for (let row = 0; row < sums.length; row++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += x.data[row * width + k];
      sums[row] = sum;
    }
    return { dims: [...x.dims.slice(0, last), 1], data: sums };
  },
  Softmax: ([x], { axis = -1 }) => {
    const last = x.dims.length - 1;
    refuse('Softmax', at(Number(axis), x) !== last, 'another axis than the last');
    const width = x.dims[last];
    const data = new Float32Array(x.data.length);
    for (let from = 0; from < data.length; from += width) {
      const row = Float64Array.from(x.data.subarray(from, from + width));
      const most = row.reduce((max, value) => Math.max(max, value), -Infinity);
      const powers = Float64Array.from(row, (value) => Math.exp(value - most));
      const sum = powers.reduce((total, value) => total + value, 0);
      for (let k = 0; k < width; k++) data[from + k] = powers[k] / sum;
    }
    return { dims: x.dims, data };
  },
};

const at = (axis: number, { dims }: Tensor) => (axis < 0 ? axis + dims.length : axis);

function refuse(operator: string, isSo: boolean, what: string): void {
  if (isSo) throw new UnsupportedGraphError(`${operator} with ${what} is not known here.`);
}

const mapped = ({ dims, data }: Tensor, f: (value: number) => number): Tensor => ({
  dims,
  data: Float32Array.from(data, f),
});

/** Each with each, where shapes differ as the format's broadcasting says. */
function paired(a: Tensor, b: Tensor, f: (x: number, y: number) => number): Tensor {
  const rank = Math.max(a.dims.length, b.dims.length);
  const left = padded(a.dims, rank);
  const right = padded(b.dims, rank);
  const dims = left.map((dim, k) => Math.max(dim, right[k]));
  const data = new Float32Array(sizeOf(dims));
  const [stepsOfA, stepsOfB] = [stepsOf(left), stepsOf(right)];
  for (let i = 0; i < data.length; i++) {
    let [rest, inA, inB] = [i, 0, 0];
    for (let k = rank - 1; k >= 0; k--) {
      const place = rest % dims[k];
      rest = (rest - place) / dims[k];
      inA += place * stepsOfA[k];
      inB += place * stepsOfB[k];
    }
    data[i] = f(a.data[inA], b.data[inB]);
  }
  return { dims, data };
}

const padded = (dims: readonly number[], rank: number) => [
  ...new Array<number>(rank - dims.length).fill(1),
  ...dims,
];

/** How far the next value along each axis is; 0 where there is only one, which then serves for all. */
function stepsOf(dims: readonly number[]): number[] {
  const steps = new Array<number>(dims.length).fill(0);
  let step = 1;
  for (let k = dims.length - 1; k >= 0; k--) {
    if (dims[k] > 1) steps[k] = step;
    step *= dims[k];
  }
  return steps;
}

function reshaped({ dims, data }: Tensor, shape: readonly number[]): Tensor {
  const known = shape.map((dim, k) => (dim === 0 ? dims[k] : dim));
  const free = known.indexOf(-1);
  if (free >= 0) known[free] = data.length / sizeOf(known.filter((dim) => dim !== -1));
  refuse('Reshape', sizeOf(known) !== data.length, `${dims.join(' x ')} to ${shape.join(' x ')}`);
  return { dims: known, data };
}

function sliced([x, starts, ends, axes, steps]: readonly Tensor[]): Tensor {
  refuse('Slice', starts.data.length !== 1 || !axes, 'several axes');
  refuse('Slice', steps !== undefined && steps.data[0] !== 1, 'steps');
  const axis = at(axes.data[0], x);
  const length = x.dims[axis];
  const bound = (place: number) =>
    Math.min(length, Math.max(0, place < 0 ? place + length : place));
  const [from, to] = [bound(starts.data[0]), bound(ends.data[0])];
  const inner = sizeOf(x.dims.slice(axis + 1));
  const outer = sizeOf(x.dims.slice(0, axis));
  const data = new Float32Array(outer * (to - from) * inner);
  for (let row = 0; row < outer; row++) {
    const start = (row * length + from) * inner;
    const part = x.data.subarray(start, start + (to - from) * inner);
    data.set(part, row * (to - from) * inner);
  }
  return { dims: x.dims.map((dim, k) => (k === axis ? to - from : dim)), data };
}

function concatenated(parts: readonly Tensor[], { axis = 0 }: Attributes): Tensor {
  const k = at(Number(axis), parts[0]);
  const outer = sizeOf(parts[0].dims.slice(0, k));
  const widths = parts.map(({ dims }) => sizeOf(dims.slice(k)));
  const width = widths.reduce((sum, each) => sum + each, 0);
  const data = new Float32Array(outer * width);
  let offset = 0;
  parts.forEach((part, p) => {
    for (let row = 0; row < outer; row++) {
      const values = part.data.subarray(row * widths[p], (row + 1) * widths[p]);
      data.set(values, row * width + offset);
    }
    offset += widths[p];
  });
  const length = parts.reduce((sum, { dims }) => sum + dims[k], 0);
  return { dims: parts[0].dims.map((dim, i) => (i === k ? length : dim)), data };
}

/** (N, C, L) with (outputs, C, width) to (N, outputs, L + pads - width + 1). */
function convolved([x, weight, bias]: readonly Tensor[], attributes: Attributes): Tensor {
  const { group = 1, pads = [0, 0], strides = [1], dilations = [1] } = attributes;
  const { auto_pad: auto = 'NOTSET' } = attributes;
  const isPlain = [group, ...[strides, dilations].flat()].every((value) => value === 1);
  refuse('Conv', !isPlain || auto !== 'NOTSET' || x.dims.length !== 3, 'such a layout');
  const [rows, channels, length] = x.dims;
  const [outputs, , width] = weight.dims;
  const [before, after] = pads as readonly number[];
  const outLength = length + before + after - width + 1;
  const data = new Float32Array(rows * outputs * outLength);
  const sums = new Float64Array(outLength);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      sums.fill(bias ? bias.data[o] : 0);
      for (let c = 0; c < channels; c++) {
        const values = x.data.subarray(
          (row * channels + c) * length,
          (row * channels + c + 1) * length,
        );
        for (let k = 0; k < width; k++) {
          addScaled(sums, values, weight.data[(o * channels + c) * width + k], k - before);
        }
      }
      data.set(sums, (row * outputs + o) * outLength);
    }
  }
  return { dims: [rows, outputs, outLength], data };
}

/** sums[i] += factor * values[i + shift], where there is such a value. */
function addScaled(
  sums: Float64Array,
  values: Tensor['data'],
  factor: number,
  shift: number,
): void {
  const from = Math.max(0, -shift);
  const to = Math.min(sums.length, values.length - shift);
  for (let i = from; i < to; i++) sums[i] += factor * values[i + shift];
}

/** (N, C, L) to (N, C, floor((L - width) / stride) + 1). */
function pooled([x]: readonly Tensor[], attributes: Attributes): Tensor {
  const { kernel_shape: [width] = [], strides: [stride] = [1] } = attributes as Record<
    string,
    readonly number[]
  >;
  const { pads = [0, 0], dilations = [1], ceil_mode: isCeil = 0 } = attributes;
  const isPlain = [pads].flat().every((pad) => pad === 0) && [dilations].flat()[0] === 1;
  refuse('MaxPool', !isPlain || isCeil !== 0 || x.dims.length !== 3, 'such a layout');
  const [rows, channels, length] = x.dims;
  const outLength = Math.floor((length - width) / stride) + 1;
  const data = new Float32Array(rows * channels * outLength);
  for (let i = 0; i < data.length; i++) {
    const start = Math.floor(i / outLength) * length + (i % outLength) * stride;
    let most = -Infinity;
    for (let k = 0; k < width; k++) most = Math.max(most, x.data[start + k]);
    data[i] = most;
  }
  return { dims: [rows, channels, outLength], data };
}

function transposed({ dims: [rows, columns], data }: Tensor): Tensor {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  }
  return { dims: [columns, rows], data: turned };
}

/** (N, K) with (K, M). */
function multiplied(a: Tensor, b: Tensor, factor: number): Tensor {
  refuse('MatMul', a.dims.length !== 2 || b.dims.length !== 2, 'more than two dimensions');
  const [rows, inner] = a.dims;
  const columns = b.dims[1];
  const data = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let k = 0; k < inner; k++) {
      addScaled(sums, b.data.subarray(k * columns, (k + 1) * columns), a.data[i * inner + k], 0);
    }
    for (let j = 0; j < columns; j++) data[i * columns + j] = factor * sums[j];
  }
  return { dims: [rows, columns], data };
}
