/**
 * The posterior of bandit.ts from the definition: the precision as a full matrix, inverted by Gauss and
 * Jordan's elimination, and every draw made.
 */
import type { Random } from '../random.js';
import type { Action } from '../types.js';
import type { Lesson } from './bandit.js';
import { priorReward, REWARDS } from './rewards.js';

export function referencePosterior(
  lessons: readonly Lesson[],
  size: number,
  action: Action,
): { mean: number[]; inverse: number[][] } {
  const precision = identity(size);
  const right = new Array<number>(size).fill(0);
  right[0] = priorReward(action);
  for (const { context, review } of lessons) {
    for (let i = 0; i < size; i++) {
      right[i] += context[i] * REWARDS[action][review];
      for (let j = 0; j < size; j++) precision[i][j] += context[i] * context[j];
    }
  }
  const inverse = invert(precision);
  return { inverse, mean: inverse.map((row) => product(row, right)) };
}

/** How often each of some independent normals is the largest. */
export function referenceShares(
  normals: readonly { readonly mean: number; readonly deviation: number }[],
  random: Random,
  draws: number,
): number[] {
  const wins = normals.map(() => 0);
  for (let draw = 0; draw < draws; draw++) {
    const values = normals.map(({ mean, deviation }) => mean + deviation * random.normal());
    wins[values.indexOf(Math.max(...values))]++;
  }
  return wins.map((count) => count / draws);
}

export const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));

function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const unit = identity(size);
  const rows = matrix.map((row, i) => [...row, ...unit[i]]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i][i];
    rows[i] = rows[i].map((value) => value / pivot);
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const factor = rows[k][i];
      rows[k] = rows[k].map((value, j) => value - factor * rows[i][j]);
    }
  }
  return rows.map((row) => row.slice(size));
}
