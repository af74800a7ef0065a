import { describe, expect, it } from 'vitest';
import {
  ANY_FLAG_MASK,
  applyMask,
  describeQuality,
  KEPLER_DEFAULT_MASK,
  KEPLER_QUALITY_FLAGS,
  TESS_DEFAULT_MASK,
  TESS_QUALITY_FLAGS,
} from './quality-flags.js';

describe('quality flags', () => {
  it('advise against what the missions do', () => {
    // Kepler: 1130799 is what the community's readers call "default".
    expect(KEPLER_DEFAULT_MASK).toBe(1130799);
    expect(TESS_DEFAULT_MASK).toBe(0b0101001010111111);
  });

  it('have names', () => {
    expect(describeQuality(0, TESS_QUALITY_FLAGS)).toEqual([]);
    expect(describeQuality(4 + 32, TESS_QUALITY_FLAGS)).toEqual([
      'coarse point',
      'reaction wheel desaturation',
    ]);
    expect(describeQuality(2 ** 20, KEPLER_QUALITY_FLAGS)).toEqual(['thruster firing']);
  });

  it('never speak against a missing value', () => {
    const quality = Float64Array.of(0, 1, 64, NaN, -1, 2 ** 31);
    expect(applyMask(quality, TESS_DEFAULT_MASK)).toEqual(Uint8Array.of(0, 1, 0, 0, 1, 0));
    expect(applyMask(quality, ANY_FLAG_MASK)).toEqual(Uint8Array.of(0, 1, 1, 0, 1, 1));
  });
});
