/**
 * The definition that whitening.ts evaluates in O(N): with K the covariance of white noise and an
 * Ornstein–Uhlenbeck process, K⁻¹ applied to values by Gaussian elimination. O(N³).
 */
import type { RedNoise } from './whitening.js';

/** (N,) K⁻¹ · values. */
export function solveCovariance(
  timeDays: Float64Array,
  weight: Float64Array,
  { variance, timescaleDays }: RedNoise,
  values: Float64Array,
): Float64Array {
  const n = timeDays.length;
  const rows = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n + 1 }, (__, j) => {
      if (j === n) return values[i];
      const red = variance * Math.exp(-Math.abs(timeDays[i] - timeDays[j]) / timescaleDays);
      return i === j ? red + 1 / weight[i] : red;
    }),
  );
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= factor * rows[i][j];
    }
  }
  const solution = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i][n];
    for (let j = i + 1; j < n; j++) rest -= rows[i][j] * solution[j];
    solution[i] = rest / rows[i][i];
  }
  return solution;
}
