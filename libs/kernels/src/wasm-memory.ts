/** Memory of a WebAssembly instance that its callers lay out themselves and that only grows. */

/** No module has data of its own; address 0 stays unused. */
export const FIRST_ADDRESS = 64;
const PAGE_BYTES = 65536;

/** The memory, grown where it ends before `end`. Views of it before the growth are lost. */
export function grownTo(memory: WebAssembly.Memory, end: number): WebAssembly.Memory {
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return memory;
}

/** The next address that a vector may be at. */
export const aligned = (address: number) => Math.ceil(address / 16) * 16;

export const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
