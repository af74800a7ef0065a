import { getHeapStatistics } from 'node:v8';

/** As much as a target leaves behind in arrays. */
const MOST_BYTES = 24 * 2 ** 20;

let kept = 0;

/**
 * Collects what lies about in this thread where that has become much since the last time. V8 would by
 * itself, but only when 64 MiB of arrays wait for it, in each thread. Between two tasks is the cheapest
 * moment: nothing of the last one is in use. Does nothing where `gc` was not asked for at the start of
 * the process (sparing-process.ts).
 */
export function collectGarbage(): void {
  if (!globalThis.gc || bytesHeld() - kept < MOST_BYTES) return;
  globalThis.gc();
  kept = bytesHeld();
}

function bytesHeld(): number {
  const { used_heap_size: heap, external_memory: arrays } = getHeapStatistics();
  return heap + arrays;
}
