/**
 * The WebAssembly twins of both folds and of the rounding before the first (../assembly/fold.ts), with the
 * memory that they work in: one per thread, grown to the largest fold that the thread has seen and kept.
 * For N samples and base periods up to p it holds 2·(N + p) bytes of series and about 4·N·(1 + 16/p) of
 * scratch: some 0.5 MB for four years of Kepler, 5 MB for a million samples.
 */
import { foldPadding, foldRows } from './fold-rows.js';
import { FOLD_WASM } from './generated/fold-wasm.js';
import { aligned, bytesOf, FIRST_ADDRESS, grownTo } from './wasm-memory.js';

interface FoldExports {
  readonly memory: WebAssembly.Memory;
  foldRange(
    series: number,
    samples: number,
    firstBase: number,
    endBase: number,
    scratch: number,
    maxima: number,
  ): number;
  toSteps(values: number, count: number, scale: number, most: number, steps: number): void;
  foldColumns(
    numerator: number,
    denominator: number,
    samples: number,
    period: number,
    columns: number,
    above: number,
    below: number,
  ): void;
}

const LANES = 8;

const bytes = bytesOf(FOLD_WASM);
let hasSimd: boolean | undefined;
let instance: FoldExports | undefined;

/** Whether this engine runs 128-bit SIMD; every one since 2021 does. */
export function hasWasmSimd(): boolean {
  return (hasSimd ??= typeof WebAssembly === 'object' && WebAssembly.validate(bytes));
}

/** As `foldMaximaReference`; the engine must have SIMD. Checks nothing: `foldMaxima` does. */
export function foldMaximaWasm(
  series: Int16Array,
  samples: number,
  firstBase: number,
  endBase: number,
  maxima: Int16Array,
): number {
  const { foldRange } = exportsOfModule();
  const read = 2 * (samples + foldPadding(endBase));
  const scratchAt = aligned(FIRST_ADDRESS + read);
  const maximaAt = aligned(scratchAt + scratchBytes(samples, firstBase, endBase));
  const end = maximaAt + 2 * maxima.length;
  const memory = memoryUpTo(end);
  new Int16Array(memory.buffer, FIRST_ADDRESS, read / 2).set(series.subarray(0, read / 2));
  const written = foldRange(FIRST_ADDRESS, samples, firstBase, endBase, scratchAt, maximaAt);
  maxima.set(new Int16Array(memory.buffer, maximaAt, written));
  return written;
}

/** As `toStepsReference`. Checks nothing: `toSteps` does. */
export function toStepsWasm(
  values: Float32Array,
  scale: number,
  most: number,
  steps: Int16Array,
): void {
  const { length } = values;
  const whole = LANES * Math.ceil(length / LANES);
  const stepsAt = aligned(FIRST_ADDRESS + 4 * whole);
  const { buffer } = memoryUpTo(stepsAt + 2 * whole);
  new Float32Array(buffer, FIRST_ADDRESS, length).set(values);
  exportsOfModule().toSteps(FIRST_ADDRESS, length, scale, most, stepsAt);
  steps.set(new Int16Array(buffer, stepsAt, length));
}

/**
 * As `foldColumnsReference`, for every period; `keep` gets its index and the sums, which are only
 * valid during the call. Checks nothing: `strongestColumns` does.
 */
export function foldColumnsWasm(
  numerator: Float32Array,
  denominator: Float32Array,
  periods: Float64Array,
  mostColumns: number,
  keep: (index: number, above: Float32Array, below: Float32Array) => void,
): void {
  const samples = numerator.length;
  const columns = Math.ceil(mostColumns / 4) * 4;
  const padded = samples + columns + 4;
  const denominatorAt = aligned(FIRST_ADDRESS + 4 * padded);
  const aboveAt = aligned(denominatorAt + 4 * padded);
  const belowAt = aboveAt + 4 * columns;
  const { foldColumns } = exportsOfModule();
  const { buffer } = memoryUpTo(belowAt + 4 * columns);
  for (const [series, at] of [
    [numerator, FIRST_ADDRESS],
    [denominator, denominatorAt],
  ] as const) {
    const values = new Float32Array(buffer, at, padded);
    values.set(series);
    values.fill(0, samples);
  }
  const above = new Float32Array(buffer, aboveAt, columns);
  const below = new Float32Array(buffer, belowAt, columns);
  for (let i = 0; i < periods.length; i++) {
    const whole = Math.ceil(Math.ceil(periods[i]) / 4) * 4;
    foldColumns(FIRST_ADDRESS, denominatorAt, samples, periods[i], whole, aboveAt, belowAt);
    keep(i, above, below);
  }
}

function exportsOfModule(): FoldExports {
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as FoldExports;
  return instance;
}

function memoryUpTo(end: number): WebAssembly.Memory {
  return grownTo(exportsOfModule().memory, end);
}

/** Two sets of rows, each a vector longer than its columns and rounded to whole vectors. */
function scratchBytes(samples: number, firstBase: number, endBase: number): number {
  let most = 0;
  for (let base = firstBase; base < endBase; base++) {
    const rows = foldRows(samples, base);
    const stride = Math.ceil(base / LANES) * LANES + LANES;
    most = Math.max(most, 4 * (rows + 1) * stride);
  }
  return most;
}
