/**
 * A category as the mean of its target: Micci-Barreca 2001, SIGKDD Explorations 3, 27. The mean is
 * drawn to that of all rows, as if so many more had been seen.
 *
 * Pure: no I/O, no clock, no randomness. K is numbers a category has: one of a regression or of two
 * classes (the share of the second), else one a class.
 */
import type { Target } from '../table/target.js';

const ROWS_OF_PRIOR = 10;

/**
 * @param places by row: its category, or -1
 * @param members by row: its place in `target.rows`
 * @param isCounted by row: whether it is learnt from @default all
 * @returns by category, K numbers
 */
export function targetCodes(
  places: Int32Array,
  categories: number,
  target: Target,
  members: Int32Array,
  isCounted?: Uint8Array,
): number[][] {
  const classes = target.labels.length;
  const width = classes > 2 ? classes : 1;
  const rows = new Float64Array(categories);
  const sums = Array.from({ length: categories }, () => new Float64Array(width));
  const prior = new Float64Array(width);
  let all = 0;
  for (let i = 0; i < places.length; i++) {
    if (isCounted && isCounted[i] === 0) continue;
    const value = target.values[members[i]];
    const k = classes > 2 ? value : 0;
    const amount = classes > 2 ? 1 : value;
    all++;
    prior[k] += amount;
    if (places[i] < 0) continue;
    rows[places[i]]++;
    sums[places[i]][k] += amount;
  }
  return sums.map((own, c) =>
    Array.from(
      own,
      (sum, k) => (sum + (ROWS_OF_PRIOR * prior[k]) / all) / (rows[c] + ROWS_OF_PRIOR),
    ),
  );
}
