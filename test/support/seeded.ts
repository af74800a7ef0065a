/** Park and Miller's generator, 0 to 1: enough for noise that is the same every time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
