/** Takes memory until there is none. */
export default function hungry() {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill(kept.length));
}
