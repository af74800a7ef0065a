/**
 * The WebAssembly twin of the fold (../assembly/fold.ts), with the memory that it works in: one per
 * thread, grown to the largest fold that the thread has seen and kept. For N samples and base
 * periods up to p it holds 2·(N + p) bytes of series and about 4·N·(1 + 16/p) of scratch: some
 * 0.5 MB for four years of Kepler, 5 MB for a million samples.
 */
import { FOLD_WASM } from './generated/fold-wasm.js';

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
}

/** The module has no data of its own; address 0 stays unused. */
const FIRST_ADDRESS = 64;
const PAGE_BYTES = 65536;
const LANES = 8;

const bytes = Uint8Array.from(atob(FOLD_WASM), (character) => character.charCodeAt(0));
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
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as FoldExports;
  const { memory, foldRange } = instance;
  const read = 2 * Math.min(series.length, samples + endBase + 4 * LANES);
  const scratchAt = aligned(FIRST_ADDRESS + read);
  const maximaAt = aligned(scratchAt + scratchBytes(samples, firstBase, endBase));
  const end = maximaAt + 2 * maxima.length;
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  new Int16Array(memory.buffer, FIRST_ADDRESS, read / 2).set(series.subarray(0, read / 2));
  const written = foldRange(FIRST_ADDRESS, samples, firstBase, endBase, scratchAt, maximaAt);
  maxima.set(new Int16Array(memory.buffer, maximaAt, written));
  return written;
}

/** Two sets of rows, each a vector longer than its columns and rounded to whole vectors. */
function scratchBytes(samples: number, firstBase: number, endBase: number): number {
  let most = 0;
  for (let base = firstBase; base < endBase; base++) {
    const rows = Math.max(2, Math.ceil(samples / base));
    const stride = Math.ceil(base / LANES) * LANES + LANES;
    most = Math.max(most, 4 * (rows + 1) * stride);
  }
  return most;
}

const aligned = (address: number) => Math.ceil(address / 16) * 16;
