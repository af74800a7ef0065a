/** What a search costs by what it has to do. */

/**
 * Least squares of relative errors: time = call + perPoint · points + perAddition · additions.
 *
 * @param cells { points, cost, cpuSeconds }[], cost being the additions of the fold; at least three
 * @returns the three in seconds, and the largest factor by which a cell is off
 */
export function costModel(cells) {
  const rows = cells.map(({ points, cost, cpuSeconds }) =>
    [1, points, cost].map((amount) => amount / cpuSeconds),
  );
  const sum = (pick) => rows.reduce((total, row) => total + pick(row), 0);
  const normal = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) => sum((row) => row[i] * row[j])),
    sum((row) => row[i]),
  ]);
  const [call, perPoint, perAddition] = solve(normal);
  const factors = cells.map(({ points, cost, cpuSeconds }) => {
    const ratio = (call + perPoint * points + perAddition * cost) / cpuSeconds;
    return Math.max(ratio, 1 / ratio);
  });
  return { call, perPoint, perAddition, worstFactor: Math.max(...factors) };
}

/** Gauss and Jordan, for a small symmetric system with its right side as last column. */
function solve(rows) {
  const matrix = rows.map((row) => [...row]);
  for (const [k, pivot] of matrix.entries()) {
    const scale = pivot[k];
    for (let j = 0; j < pivot.length; j++) pivot[j] /= scale;
    for (const row of matrix) {
      if (row === pivot) continue;
      const factor = row[k];
      for (let j = 0; j < row.length; j++) row[j] -= factor * pivot[j];
    }
  }
  return matrix.map((row) => row.at(-1));
}
