import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it, vi } from 'vitest';
import { collectGarbage } from './garbage.js';

const MIB = 2 ** 20;

afterEach(() => {
  delete globalThis.gc;
});

it('gives arrays back as soon as much of them lies about, and not before', () => {
  setFlagsFromString('--expose-gc');
  const gc = vi.fn(runInNewContext('gc') as () => void);
  globalThis.gc = gc as unknown as NodeJS.GCFunction;
  collectGarbage();
  gc.mockClear();

  leaveBehind(8);
  collectGarbage();
  expect(gc).not.toHaveBeenCalled();

  leaveBehind(40);
  const before = getHeapStatistics().external_memory;
  collectGarbage();
  expect(gc).toHaveBeenCalledOnce();
  expect(before - getHeapStatistics().external_memory).toBeGreaterThan(40 * MIB);

  collectGarbage();
  expect(gc).toHaveBeenCalledOnce();
});

it('leaves it to the engine where the process cannot ask for it', () => {
  expect(() => collectGarbage()).not.toThrow();
});

function leaveBehind(mib: number): void {
  for (let k = 0; k < mib; k++) new Float64Array(MIB / 8).fill(k);
}
