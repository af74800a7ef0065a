import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { type Domain, page } from '#contracts';
import { call } from '../api/client';
import { Failure, Loading } from './states';

const PAGE_SIZE = 50;

/** A list of the api, page after page, in its four states. */
export function CursorList<S extends z.ZodType>({
  name,
  path,
  item,
  empty,
  refetchEveryMs,
  children,
}: {
  name: string;
  path: string;
  item: S;
  empty: string;
  refetchEveryMs?: number;
  children: (items: readonly Domain<z.output<S>>[]) => ReactNode;
}) {
  const list = useInfiniteQuery({
    queryKey: [name],
    queryFn: async ({ pageParam }) => {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (pageParam) query.set('cursor', pageParam);
      const answered = await call(page(item), 'GET', `${path}?${query}`);
      return answered as { items: Domain<z.output<S>>[]; nextCursor: string | null };
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: refetchEveryMs,
  });
  const items = list.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <>
      {list.isPending && <Loading />}
      {list.error && <Failure error={list.error} />}
      {list.data && items.length === 0 && <p className="empty">{empty}</p>}
      {items.length > 0 && children(items)}
      {list.hasNextPage && (
        <button type="button" onClick={() => void list.fetchNextPage()}>
          Show more
        </button>
      )}
    </>
  );
}
