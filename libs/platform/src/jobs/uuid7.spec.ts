import { describe, expect, it } from 'vitest';
import { leastUuid7, uuid7 } from './uuid7.js';

describe('uuid7', () => {
  it('is a UUID of version 7 that sorts by its millisecond', () => {
    const now = Date.UTC(2026, 10, 28);
    const ids = [now, now + 1, now + 70_000_000].map((ms) => uuid7(ms));
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect([...ids].sort()).toEqual(ids);
  });

  it('lies between the least of its millisecond and the least of the next', () => {
    const now = Date.UTC(2026, 10, 28);
    for (let i = 0; i < 1000; i++) {
      const id = uuid7(now);
      expect(id > leastUuid7(now)).toBe(true);
      expect(id < leastUuid7(now + 1)).toBe(true);
    }
    expect(leastUuid7(1)).toBe('00000000-0001-7000-8000-000000000000');
  });
});
