/** Powers by which a measured time grows. */

/**
 * Least squares of log seconds against log points at the longest span that has at least three
 * sizes, and against log days at the number of points that has most spans.
 *
 * @param cells { points, spanDays, seconds }[]
 */
export function exponents(cells) {
  const most = (key, other) => {
    const groups = Map.groupBy(cells, (cell) => cell[key]);
    const [value, members] = [...groups].reduce((a, b) => (b[1].length >= a[1].length ? b : a));
    return { at: value, power: slope(members.map((cell) => [cell[other], cell.seconds])) };
  };
  return { withPoints: most('spanDays', 'points'), withDays: most('points', 'spanDays') };
}

/** Of log y against log x; at least two different x. */
export function slope(pairs) {
  const logs = pairs.map((pair) => pair.map(Math.log));
  const mean = (pick) => logs.reduce((sum, pair) => sum + pick(pair), 0) / logs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const above = mean(([x, y]) => (x - meanX) * (y - meanY));
  return above / mean(([x]) => (x - meanX) ** 2);
}
