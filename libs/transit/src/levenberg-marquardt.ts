/**
 * Bounded non-linear least squares.
 *
 * Levenberg 1944, Marquardt 1963 (the damped Gauss-Newton step, scaled by the curvature of each
 * parameter); Nielsen 1999, IMM-REP-1999-05 (how the damping follows the gain). Bounds by projection:
 * a parameter at its bound whose gradient points outwards is held for the step.
 *
 * Pure: no I/O, no clock, no randomness. K is parameters, M residuals.
 */
export interface LeastSquaresProblem {
  /** (K,) where to start; clamped into the bounds. */
  readonly start: Float64Array;
  /** (K,) lower bounds, -Infinity where there is none. @default none */
  readonly lower?: Float64Array;
  /** (K,) upper bounds, Infinity where there is none. @default none */
  readonly upper?: Float64Array;
  /** M, at least K. */
  readonly residualCount: number;
  /** Writes (M,) residuals, each divided by its sigma. NaN or infinite: the step is refused. */
  readonly residuals: (parameters: Float64Array, out: Float64Array) => void;
  /**
   * Writes (K * M,) derivatives of the residuals, one parameter after the other.
   * @default central differences
   */
  readonly jacobian?: (parameters: Float64Array, out: Float64Array) => void;
  /** (K,) scale of each parameter for central differences. @default its value, or 1 at 0 */
  readonly scales?: Float64Array;
  /** @default 100 */
  readonly maxIterations?: number;
  /** Relative change of chi2 and of every parameter below which it has converged. @default 1e-10 */
  readonly tolerance?: number;
}

export interface LeastSquaresSolution {
  /** (K,) */
  readonly parameters: Float64Array;
  /**
   * (K * K,) for unit sigmas, as if there were no bounds: at one, the error of the others still
   * holds what it is exchanged for. NaN in the rows of a parameter whose bounds are equal or that
   * the data do not constrain.
   */
  readonly covariance: Float64Array;
  readonly chi2: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const FIRST_DAMPING = 1e-3;
/** Beyond it no step, however short, lowers chi2: the minimum is found to rounding. */
const LARGEST_DAMPING = 1e16;
/** Pivot relative to the largest below which a direction counts as unconstrained. */
const SINGULAR_PIVOT = 1e-13;

/**
 * Minimises the sum of squared residuals. O(iterations * K^2 * M).
 *
 * @throws {RangeError} where lengths disagree, a bound is empty, there are fewer residuals than
 * parameters, or the residuals at the start are not finite.
 */
export function leastSquares(problem: LeastSquaresProblem): LeastSquaresSolution {
  const { residualCount: m, residuals } = problem;
  const n = problem.start.length;
  const lower = problem.lower ?? new Float64Array(n).fill(-Infinity);
  const upper = problem.upper ?? new Float64Array(n).fill(Infinity);
  check(problem, lower, upper);
  const tolerance = problem.tolerance ?? 1e-10;
  const maxIterations = problem.maxIterations ?? 100;
  const jacobianOf = problem.jacobian ?? centralDifferences(problem, lower, upper);

  let parameters = problem.start.map((value, k) => Math.min(Math.max(value, lower[k]), upper[k]));
  let trial = new Float64Array(n);
  let current = new Float64Array(m);
  let proposed = new Float64Array(m);
  const jacobian = new Float64Array(n * m);
  const normal = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  const scale = new Float64Array(n);
  const free = new Uint8Array(n);

  residuals(parameters, current);
  let chi2 = sumOfSquares(current);
  if (!Number.isFinite(chi2)) throw new RangeError('residuals at the start must be finite');

  let damping = FIRST_DAMPING;
  let growth = 2;
  let iterations = 0;
  let converged = false;
  let isStale = true;
  while (!converged && iterations < maxIterations) {
    iterations++;
    if (isStale) {
      jacobianOf(parameters, jacobian);
      normalEquations(jacobian, current, n, m, normal, gradient);
      for (let k = 0; k < n; k++) {
        scale[k] = Math.max(scale[k], normal[k * n + k]);
        const outwards =
          (parameters[k] <= lower[k] && gradient[k] > 0) ||
          (parameters[k] >= upper[k] && gradient[k] < 0);
        free[k] = outwards || !(normal[k * n + k] > 0) ? 0 : 1;
      }
      isStale = false;
    }
    const damped = Float64Array.from(normal);
    for (let k = 0; k < n; k++) damped[k * n + k] += damping * scale[k];
    const step = solve(damped, gradient, free, n);
    let moved = 0;
    let predicted = 0;
    if (step) {
      for (let k = 0; k < n; k++) {
        const target = free[k] ? parameters[k] - step[k] : parameters[k];
        trial[k] = Math.min(Math.max(target, lower[k]), upper[k]);
        const taken = parameters[k] - trial[k];
        predicted += taken * (gradient[k] + damping * scale[k] * taken);
        const size = Math.abs(parameters[k]) + tolerance;
        moved = Math.max(moved, Math.abs(taken) / size);
      }
    }
    if (step && moved <= tolerance) {
      converged = true;
      break;
    }
    if (step) residuals(trial, proposed);
    const trialChi2 = step ? sumOfSquares(proposed) : NaN;
    if (trialChi2 <= chi2) {
      const gain = (chi2 - trialChi2) / Math.max(predicted, Number.MIN_VALUE);
      converged = chi2 - trialChi2 <= tolerance * chi2 && damping <= 1;
      [parameters, trial] = [trial, parameters];
      [current, proposed] = [proposed, current];
      chi2 = trialChi2;
      damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3);
      growth = 2;
      isStale = true;
    } else {
      damping *= growth;
      growth *= 2;
      if (damping > LARGEST_DAMPING) converged = step !== null;
      if (damping > LARGEST_DAMPING) break;
    }
  }
  jacobianOf(parameters, jacobian);
  normalEquations(jacobian, current, n, m, normal, gradient);
  for (let k = 0; k < n; k++) free[k] = lower[k] < upper[k] && normal[k * n + k] > 0 ? 1 : 0;
  return { parameters, covariance: invert(normal, free, n), chi2, iterations, converged };
}

function check(problem: LeastSquaresProblem, lower: Float64Array, upper: Float64Array): void {
  const n = problem.start.length;
  for (const [name, array] of [
    ['lower', lower],
    ['upper', upper],
    ['scales', problem.scales],
  ] as const) {
    if (array && array.length !== n) {
      throw new RangeError(`${name} has ${array.length} values for ${n} parameters`);
    }
  }
  if (!(problem.residualCount >= n)) {
    throw new RangeError(
      `residualCount must be at least the ${n} parameters, not ${problem.residualCount}`,
    );
  }
  for (let k = 0; k < n; k++) {
    if (!(lower[k] <= upper[k])) {
      throw new RangeError(`lower[${k}] = ${lower[k]} is above upper[${k}] = ${upper[k]}`);
    }
    if (!Number.isFinite(problem.start[k])) {
      throw new RangeError(`start[${k}] must be finite, not ${problem.start[k]}`);
    }
  }
}

/** Step of the cube root of the precision balances truncation against rounding. */
const DIFFERENCE_STEP = Math.cbrt(Number.EPSILON);

function centralDifferences(
  problem: LeastSquaresProblem,
  lower: Float64Array,
  upper: Float64Array,
): (parameters: Float64Array, out: Float64Array) => void {
  const { residualCount: m, residuals, scales } = problem;
  const high = new Float64Array(m);
  const low = new Float64Array(m);
  return (parameters, out) => {
    const moved = Float64Array.from(parameters);
    for (let k = 0; k < parameters.length; k++) {
      const step = DIFFERENCE_STEP * (scales?.[k] || Math.abs(parameters[k]) || 1);
      // At a bound the difference becomes one-sided.
      const above = Math.min(parameters[k] + step, upper[k]);
      const below = Math.max(parameters[k] - step, lower[k]);
      moved[k] = above;
      residuals(moved, high);
      moved[k] = below;
      residuals(moved, low);
      moved[k] = parameters[k];
      for (let i = 0; i < m; i++) {
        out[k * m + i] = above > below ? (high[i] - low[i]) / (above - below) : 0;
      }
    }
  };
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

function normalEquations(
  jacobian: Float64Array,
  residual: Float64Array,
  n: number,
  m: number,
  normal: Float64Array,
  gradient: Float64Array,
): void {
  for (let a = 0; a < n; a++) {
    let slope = 0;
    for (let i = 0; i < m; i++) slope += jacobian[a * m + i] * residual[i];
    gradient[a] = slope;
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += jacobian[a * m + i] * jacobian[b * m + i];
      normal[a * n + b] = sum;
      normal[b * n + a] = sum;
    }
  }
}

/** Solves for the free parameters by Cholesky; null where the matrix is not positive definite. */
function solve(
  matrix: Float64Array,
  right: Float64Array,
  free: Uint8Array,
  n: number,
): Float64Array | null {
  const index = freeIndices(free);
  const factor = cholesky(matrix, index, n, 0);
  if (!factor) return null;
  const size = index.length;
  const y = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = right[index[i]];
    for (let k = 0; k < i; k++) sum -= factor[i * size + k] * y[k];
    y[i] = sum / factor[i * size + i];
  }
  const solution = new Float64Array(n);
  for (let i = size - 1; i >= 0; i--) {
    let sum = y[i];
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i] * solution[index[k]];
    solution[index[i]] = sum / factor[i * size + i];
  }
  return solution;
}

/** Inverse over the free parameters, scaled to a unit diagonal first; NaN elsewhere. */
function invert(matrix: Float64Array, free: Uint8Array, n: number): Float64Array {
  const covariance = new Float64Array(n * n).fill(NaN);
  const index = freeIndices(free);
  const size = index.length;
  const scaled = Float64Array.from(matrix);
  for (const a of index) {
    for (const b of index) {
      scaled[a * n + b] /= Math.sqrt(matrix[a * n + a] * matrix[b * n + b]);
    }
  }
  const factor = cholesky(scaled, index, n, SINGULAR_PIVOT);
  if (!factor) return covariance;
  const unit = new Float64Array(n);
  for (let column = 0; column < size; column++) {
    unit.fill(0);
    unit[index[column]] = 1;
    const solution = solve(scaled, unit, free, n);
    if (!solution) return covariance;
    for (let row = 0; row < size; row++) {
      const a = index[row];
      const b = index[column];
      covariance[a * n + b] = solution[a] / Math.sqrt(matrix[a * n + a] * matrix[b * n + b]);
    }
  }
  return covariance;
}

function freeIndices(free: Uint8Array): number[] {
  const index: number[] = [];
  for (let k = 0; k < free.length; k++) if (free[k]) index.push(k);
  return index;
}

function cholesky(
  matrix: Float64Array,
  index: readonly number[],
  n: number,
  smallestPivot: number,
): Float64Array | null {
  const size = index.length;
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[index[i] * n + index[j]];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (i === j) {
        if (!(sum > smallestPivot)) return null;
        factor[i * size + i] = Math.sqrt(sum);
      } else {
        factor[i * size + j] = sum / factor[j * size + j];
      }
    }
  }
  return factor;
}
