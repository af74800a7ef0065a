const buffers = new Map<string, ArrayBuffer>();

/**
 * Memory for what does not outlive one picture, kept from picture to picture: fresh memory of this
 * size costs as much as drawing into it, and makes garbage be collected. It is at least as long as
 * asked for and holds what was left in it.
 */
export function scratch(
  name: 'cells' | 'levels' | 'touched' | 'area' | 'scanlines',
  bytes: number,
): ArrayBuffer {
  const known = buffers.get(name);
  if (known && known.byteLength >= bytes) return known;
  const grown = new ArrayBuffer(bytes);
  buffers.set(name, grown);
  return grown;
}
