import { InvalidRequestError } from './http.errors.js';

/** Where a page of a list ended: the list is ordered by time, newest first, then by id. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f-]{36})$/;

/** @throws {InvalidRequestError} for a cursor that we did not make. */
export function positionOf(cursor: string): Position {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString());
  const createdAt = new Date(match?.[1] ?? NaN);
  if (!match || Number.isNaN(createdAt.getTime())) {
    throw new InvalidRequestError([
      { pointer: '#/cursor', detail: 'Is not a `next_cursor` of this list' },
    ]);
  }
  return { createdAt, id: match[2] };
}

/** Prisma's `where` of what comes after a cursor. */
export function afterCursor(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const { createdAt, id } = positionOf(cursor);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

/** Prisma's `orderBy` of every list that has such cursors. */
export const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

/** A page made of up to `limit + 1` rows: the one too many says that there are more. */
export function pageOf<T extends Position>(
  rows: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? cursorOf(last) : null };
}

const cursorOf = ({ createdAt, id }: Position) =>
  Buffer.from(`${createdAt.toISOString()}_${id}`).toString('base64url');
