import { describe, expect, it } from 'vitest';
import { cholesky, solve, solveLower } from './cholesky.js';

describe("Cholesky's factor", () => {
  // [[4, 2], [2, 10]] = [[2, 0], [1, 3]] [[2, 1], [0, 3]]
  const matrix = [4, 2, 10];

  it('is the lower triangle whose square is the matrix', () => {
    expect([...cholesky(matrix, 2)]).toEqual([2, 1, 3]);
  });

  it('solves what the matrix was multiplied with', () => {
    const factor = cholesky(matrix, 2);
    expect([...solveLower(factor, [2, 7])]).toEqual([1, 2]);
    expect([...solve(factor, [4 * 3 + 2 * -1, 2 * 3 + 10 * -1])]).toEqual([3, -1]);
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => cholesky([1, 2, 4], 2)).toThrow(
      'matrix must be positive definite; its pivot 1 is 0',
    );
  });
});
