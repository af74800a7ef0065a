const MIB = 1024 ** 2;
/** S3 takes at most this many parts. */
const MOST_PARTS = 10_000;

/** Size of a part: the usual one, or a larger one where that would make too many. */
export function partSizeFor(sizeBytes: number, usualBytes: number): number {
  const least = Math.ceil(sizeBytes / MOST_PARTS / MIB) * MIB;
  return Math.max(usualBytes, least);
}

export interface Part {
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** The parts of a file, numbered from 1; the last is what remains. */
export function partsOf(sizeBytes: number, partSizeBytes: number): Part[] {
  const count = Math.ceil(sizeBytes / partSizeBytes);
  return Array.from({ length: count }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: Math.min(partSizeBytes, sizeBytes - index * partSizeBytes),
  }));
}
