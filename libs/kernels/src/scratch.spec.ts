import { describe, expect, it } from 'vitest';
import { Scratch } from './scratch.js';

describe('Scratch', () => {
  it('lends the same memory again after the call that took it', () => {
    const scratch = new Scratch();
    const first = scratch.during(() => scratch.float64(1000));
    const again = scratch.during(() => scratch.float64(900));
    expect(again.buffer).toBe(first.buffer);
    expect(again.byteOffset).toBe(first.byteOffset);
    expect(again).toHaveLength(900);
  });

  it('lends by functions that all owners share: code with one owner’s in it dies with the owner', () => {
    const scratch = new Scratch();
    scratch.float64(10);
    const own = Object.values(scratch).filter((value) => typeof value === 'function');
    expect(own).toEqual([]);
  });

  it('lends nothing twice at once, whatever the types and lengths', () => {
    const scratch = new Scratch();
    for (let round = 0; round < 3; round++) {
      scratch.during(() => {
        const outer = scratch.float64(100 * (round + 1)).fill(1);
        scratch.during(() => scratch.float64(50_000).fill(2));
        const arrays = [
          scratch.float32(7).fill(3),
          scratch.int16(11).fill(4),
          scratch.uint16(13).fill(5),
          scratch.uint32(17).fill(6),
          scratch.int32(19).fill(7),
          scratch.float64(23).fill(8),
        ];
        expect(new Set(outer)).toEqual(new Set([1]));
        arrays.forEach((array, i) => expect(new Set(array)).toEqual(new Set([3 + i])));
      });
    }
  });

  it('keeps what was lent when more is asked for than there is room', () => {
    const scratch = new Scratch();
    const before = scratch.float64(10).fill(1);
    const large = scratch.float64(100_000).fill(2);
    expect([...before]).toEqual(new Array(10).fill(1));
    expect(large.buffer).not.toBe(before.buffer);
  });

  it('leaves nothing of what it lent when it is freed, and can be used again', () => {
    const scratch = new Scratch();
    const before = scratch.float64(1000);
    scratch.free();
    expect(before).toHaveLength(0);
    expect(scratch.float64(1000)).toHaveLength(1000);
  });

  it('takes its memory back from work that throws', () => {
    const scratch = new Scratch();
    const taken: ArrayBufferLike[] = [];
    const failing = () => {
      taken.push(scratch.float64(1000).buffer);
      throw new Error('refused');
    };
    expect(() => scratch.during(failing)).toThrow('refused');
    expect(scratch.float64(1000).buffer).toBe(taken[0]);
  });
});
