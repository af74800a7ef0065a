/**
 * Cholesky's factor of a positive definite matrix, and what is solved with it. Lower triangles, row by
 * row: element (i, j), j <= i, lies at i (i + 1) / 2 + j.
 *
 * Pure: no I/O, no clock, no randomness. D is the size of the matrix.
 */

export const triangle = (size: number): number => (size * (size + 1)) / 2;

/**
 * (D (D + 1) / 2,) L with L L' = `matrix`.
 *
 * @throws {RangeError} where the matrix is not positive definite
 */
export function cholesky(matrix: ArrayLike<number>, size: number): Float64Array {
  const factor = new Float64Array(triangle(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[triangle(i) + j];
      for (let k = 0; k < j; k++) sum -= factor[triangle(i) + k] * factor[triangle(j) + k];
      if (i === j && !(sum > 0)) {
        throw new RangeError(`matrix must be positive definite; its pivot ${i} is ${sum}`);
      }
      factor[triangle(i) + j] = i === j ? Math.sqrt(sum) : sum / factor[triangle(j) + j];
    }
  }
  return factor;
}

/** (D,) y with L y = `right`. */
export function solveLower(factor: ArrayLike<number>, right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(right.length);
  for (let i = 0; i < right.length; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= factor[triangle(i) + k] * solution[k];
    solution[i] = sum / factor[triangle(i) + i];
  }
  return solution;
}

/** (D,) x with L L' x = `right`. */
export function solve(factor: ArrayLike<number>, right: ArrayLike<number>): Float64Array {
  const solution = solveLower(factor, right);
  for (let i = right.length - 1; i >= 0; i--) {
    let sum = solution[i];
    for (let k = i + 1; k < right.length; k++) sum -= factor[triangle(k) + i] * solution[k];
    solution[i] = sum / factor[triangle(i) + i];
  }
  return solution;
}
