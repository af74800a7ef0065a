import { describe, expect, it } from 'vitest';
import { partSizeFor, partsOf } from './parts.js';

const MIB = 1024 ** 2;

describe('the parts of a large file', () => {
  it('have the usual size, and the last has the rest', () => {
    expect(partsOf(40 * MIB + 1, 16 * MIB)).toEqual([
      { partNumber: 1, sizeBytes: 16 * MIB },
      { partNumber: 2, sizeBytes: 16 * MIB },
      { partNumber: 3, sizeBytes: 8 * MIB + 1 },
    ]);
    expect(partsOf(32 * MIB, 16 * MIB)).toHaveLength(2);
  });

  it('grow where S3 would refuse their number', () => {
    expect(partSizeFor(100 * MIB, 16 * MIB)).toBe(16 * MIB);
    expect(partSizeFor(160_000 * MIB, 16 * MIB)).toBe(16 * MIB);
    expect(partSizeFor(160_000 * MIB + 1, 16 * MIB)).toBe(17 * MIB);
    expect(partsOf(5e12, partSizeFor(5e12, 16 * MIB)).length).toBeLessThanOrEqual(10_000);
  });
});
