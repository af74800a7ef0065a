import { describe, expect, it } from 'vitest';
import { afterCursor, pageOf, positionOf } from './cursor.js';
import { InvalidRequestError } from './http.errors.js';

const row = (second: number) => ({
  createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
  id: `018f0000-0000-7000-8000-0000000000${String(second).padStart(2, '0')}`,
});

describe('cursors', () => {
  it('lead to what comes after the last item shown', () => {
    const page = pageOf([row(3), row(2), row(1)], 2);
    expect(page.items).toEqual([row(3), row(2)]);
    expect(positionOf(page.nextCursor!)).toEqual(row(2));
    expect(afterCursor(page.nextCursor!)).toEqual({
      OR: [
        { createdAt: { lt: row(2).createdAt } },
        { createdAt: row(2).createdAt, id: { lt: row(2).id } },
      ],
    });
  });

  it('are null on the last page', () => {
    expect(pageOf([row(2), row(1)], 2).nextCursor).toBeNull();
    expect(pageOf([], 2)).toEqual({ items: [], nextCursor: null });
  });

  it('are refused where we did not make them', () => {
    const forged = ['', 'x', Buffer.from('2026-13-99T99:99:99.000Z_x').toString('base64url')];
    forged.push(Buffer.from(`2026-13-41T00:00:00.000Z_${row(1).id}`).toString('base64url'));
    for (const cursor of forged) expect(() => positionOf(cursor)).toThrow(InvalidRequestError);
  });
});
