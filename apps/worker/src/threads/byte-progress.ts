const TELL_EVERY_MS = 250;

/** Passes bytes through and tells, now and then, which share of them came by. */
export async function* withProgress(
  stream: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  tell: (share: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let toldMs = performance.now();
  for await (const chunk of stream) {
    bytes += chunk.length;
    yield chunk;
    if (performance.now() - toldMs < TELL_EVERY_MS) continue;
    toldMs = performance.now();
    tell(Math.min(1, bytes / sizeBytes));
  }
}
