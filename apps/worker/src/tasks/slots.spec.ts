import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('Slots', () => {
  it('gives no more than there are, and the next to who waited longest', async () => {
    const slots = new Slots(1);
    expect(await slots.take(0)).toBe(true);
    const order: string[] = [];
    const first = slots.take(1000).then(() => order.push('first'));
    const second = slots.take(1000).then(() => order.push('second'));
    expect(slots.free).toBe(0);
    slots.giveBack();
    await first;
    slots.giveBack();
    await second;
    expect(order).toEqual(['first', 'second']);
    slots.giveBack();
    expect(slots.free).toBe(1);
  });

  it('lets go of who waited in vain, without losing a slot', async () => {
    const slots = new Slots(1);
    await slots.take(0);
    expect(await slots.take(5)).toBe(false);
    slots.giveBack();
    expect(slots.free).toBe(1);
    expect(await slots.take(0)).toBe(true);
  });
});
