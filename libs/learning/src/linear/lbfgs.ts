/**
 * Minimises a smooth function: L-BFGS, Nocedal & Wright 2006, Numerical Optimization, algorithms 7.4
 * and 7.5, with a backtracking search that keeps the curvature condition by skipping updates.
 *
 * Pure: no I/O, no clock, no randomness. D is parameters.
 */

/** Writes the gradient (D,) and returns the value. */
export type Objective = (parameters: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly parameters: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const MEMORY = 10;
/** Armijo's condition: the share of the promised decrease that a step must keep. */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 40;

/** @param onIteration after each step that was taken */
export function minimise(
  objective: Objective,
  start: Float64Array,
  maxIterations: number,
  tolerance: number,
  onIteration?: (iteration: number, value: number, parameters: Float64Array) => void,
): Minimum {
  const x = Float64Array.from(start);
  const gradient = new Float64Array(x.length);
  const trial = new Float64Array(x.length);
  const trialGradient = new Float64Array(x.length);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let value = objective(x, gradient);
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (largest(gradient) <= tolerance) {
      return { parameters: x, value, iterations: iteration - 1, converged: true };
    }
    let direction = twoLoops(gradient, pairs);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction = gradient.map((g) => -g);
      slope = dot(direction, gradient);
    }
    let step = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    let next = Infinity;
    let halvings = 0;
    for (; halvings < MOST_HALVINGS; halvings++, step /= 2) {
      for (let d = 0; d < x.length; d++) trial[d] = x[d] + step * direction[d];
      next = objective(trial, trialGradient);
      if (next <= value + SUFFICIENT * step * slope) break;
    }
    // No step lowers it: the minimum is found to rounding.
    if (halvings === MOST_HALVINGS) {
      return { parameters: x, value, iterations: iteration, converged: true };
    }
    const s = trial.map((to, d) => to - x[d]);
    const y = trialGradient.map((to, d) => to - gradient[d]);
    const curvature = dot(s, y);
    if (curvature > Number.EPSILON * dot(y, y)) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    x.set(trial);
    gradient.set(trialGradient);
    value = next;
    onIteration?.(iteration, value, x);
  }
  return { parameters: x, value, iterations: maxIterations, converged: false };
}

/** The inverse Hessian, as the last steps tell it, times minus the gradient. */
function twoLoops(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let d = 0; d < q.length; d++) q[d] -= alpha * y[d];
  }
  const last = pairs.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let d = 0; d < q.length; d++) q[d] *= scale;
  for (const { s, y, rho } of pairs) {
    const beta = rho * dot(y, q);
    const alpha = alphas.pop()!;
    for (let d = 0; d < q.length; d++) q[d] += (alpha - beta) * s[d];
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
