import { setImmediate as nextTurn } from 'node:timers/promises';

/** Requests to the object store at once, for one request of a client. */
const AT_ONCE = 32;

/**
 * Does `work` for every item, a few at a time, and answers in their order. Between items the event
 * loop takes a turn: signing thousands of URLs must not hold up everybody else.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
