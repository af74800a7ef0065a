/** Some of the points of a curve, by their indices. O(N). */

/** The indices below `n` that `keeps` accepts, in order. */
export function indicesWhere(n: number, keeps: (index: number) => boolean): Uint32Array {
  const kept = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (keeps(i)) kept[count++] = i;
  return kept.subarray(0, count);
}

/** The indices of the marks that are 0, in order. */
export function unmarkedIndices(marks: Uint8Array): Uint32Array {
  const kept = new Uint32Array(marks.length);
  let count = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 0) kept[count++] = i;
  return kept.subarray(0, count);
}

/** @param picked room for them. @default fresh memory */
export function valuesAt(
  values: Float64Array,
  indices: Uint32Array,
  picked = new Float64Array(indices.length),
): Float64Array {
  for (let k = 0; k < picked.length; k++) picked[k] = values[indices[k]];
  return picked;
}
