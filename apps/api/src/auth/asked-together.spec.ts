import { describe, expect, it } from 'vitest';
import { AskedTogether } from './asked-together.js';

describe('questions that are asked together', () => {
  function aQuestion() {
    const put: PromiseWithResolvers<number>[] = [];
    const ask = () => {
      put.push(Promise.withResolvers());
      return put[put.length - 1].promise;
    };
    return { put, ask };
  }

  it('are put once for all who come while one is under way, and after they came', async () => {
    const together = new AskedTogether<number>();
    const { put, ask } = aQuestion();
    const first = together.ask('ada', ask);
    const later = [together.ask('ada', ask), together.ask('ada', ask)];
    expect(put).toHaveLength(1);
    put[0].resolve(1);
    expect(await first).toBe(1);
    await expect.poll(() => put.length).toBe(2);
    put[1].resolve(2);
    expect(await Promise.all(later)).toEqual([2, 2]);
    const last = together.ask('ada', ask);
    expect(put).toHaveLength(3);
    put[2].resolve(3);
    expect(await last).toBe(3);
  });

  it('of different keys have nothing to do with each other', async () => {
    const together = new AskedTogether<number>();
    const { put, ask } = aQuestion();
    const both = [together.ask('ada', ask), together.ask('bob', ask)];
    expect(put).toHaveLength(2);
    put[1].resolve(2);
    expect(await both[1]).toBe(2);
    put[0].resolve(1);
    expect(await both[0]).toBe(1);
  });

  it('fail for those they were put for, and are put again for the next', async () => {
    const together = new AskedTogether<number>();
    const { put, ask } = aQuestion();
    const first = together.ask('ada', ask);
    const second = together.ask('ada', ask);
    put[0].reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => put.length).toBe(2);
    put[1].resolve(2);
    expect(await second).toBe(2);
  });
});
