/** The slow twin of `select` in robust.ts, written from the definition; that of `median` is in #kernels. */

export function referenceSelect(values: ArrayLike<number>, rank: number): number {
  return Float64Array.from(values).sort()[rank];
}
