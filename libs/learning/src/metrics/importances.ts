/**
 * How much the score falls when one feature, or the features of one column, are shuffled among the
 * rows: Breiman 2001, Machine Learning 45, 5.
 *
 * Pure: no I/O, no clock; randomness is passed in.
 */
import type { Random } from '#transit';
import type { Examples, FittedModel } from '../examples.js';
import { shuffle } from '../split.js';
import { scoreOf } from './score.js';

/**
 * @param columns features that are shuffled together
 * @returns by column: mean fall of accuracy or R^2 over the rounds; negative is chance
 */
export function permutationImportances(
  model: FittedModel,
  examples: Examples,
  columns: readonly { readonly first: number; readonly width: number }[],
  rounds: number,
  random: Random,
): number[] {
  const { rows, features, values } = examples;
  const score = (of: Float32Array) => Object.values(scoreOf(examples, model.predict(of)))[0];
  const whole = score(values);
  const shuffled = Float32Array.from(values);
  const order = Array.from({ length: rows }, (_, row) => row);
  return columns.map(({ first, width }) => {
    let fall = 0;
    for (let round = 0; round < rounds; round++) {
      shuffle(order, random);
      for (let i = 0; i < rows; i++) {
        const from = order[i] * features + first;
        shuffled.set(values.subarray(from, from + width), i * features + first);
      }
      fall += whole - score(shuffled);
    }
    for (let i = 0; i < rows; i++) {
      const at = i * features + first;
      shuffled.set(values.subarray(at, at + width), at);
    }
    return fall / rounds;
  });
}
