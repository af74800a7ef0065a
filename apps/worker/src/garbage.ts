import { getHeapStatistics } from 'node:v8';

const MOST_BYTES = 24 * 2 ** 20;

let kept = 0;

/**
 * Collects what lies about in this thread where that has become much since the last time. V8 would by
 * itself, but only when 64 MiB of arrays wait for it: the main thread, which makes few objects, held
 * 60 MiB for a minute until then. Does nothing where `gc` was not asked for at the start of the process
 * (sparing-process.ts).
 *
 * Not for threads that compute: a collection takes the compiled code of functions that are not in use
 * with it, and a target after one costs a tenth more.
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
