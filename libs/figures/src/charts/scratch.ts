const buffers = new Map<string, Uint8Array>();

/**
 * Memory for what does not outlive one picture, kept from picture to picture: fresh memory of this
 * size costs as much as drawing into it, and makes garbage be collected. It holds what was left in it.
 */
export function scratch(name: 'cells' | 'levels' | 'scanlines', size: number): Uint8Array {
  const known = buffers.get(name);
  if (known && known.length >= size) return known.subarray(0, size);
  const grown = new Uint8Array(size);
  buffers.set(name, grown);
  return grown;
}
