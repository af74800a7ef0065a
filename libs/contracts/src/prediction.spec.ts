import { describe, expect, it } from 'vitest';
import { predict, predictBatch } from './prediction.js';

const faultsOf = (result: ReturnType<typeof predictBatch.safeParse>) =>
  result.error?.issues.map(({ path, message }) => [path.join('/'), message]);
const parse = (...predictions: unknown[]) => predictBatch.safeParse({ predictions });

describe('inputs of a prediction', () => {
  it('A.26 are numbers, texts and nothing, by the names of their columns', () => {
    const inputs = { period: 3.5, source: 'KEPLER', radius_err: null, 'A B': -0 };
    expect(predict.parse({ inputs })).toMatchObject({ model: 'auto', inputs });
  });

  it('A.26, A.27 names row and column of each value that is none of them', () => {
    const cell = 'Expected a number, a text of at most 1000 characters or null';
    const bad = { deep: { a: 1 }, list: [1], flag: true, long: 'x'.repeat(1001) };
    expect(faultsOf(parse({ period: 1 }, bad))).toEqual([
      ['predictions/1/deep', cell],
      ['predictions/1/list', cell],
      ['predictions/1/flag', cell],
      ['predictions/1/long', cell],
    ]);
    expect(faultsOf(parse({ period: Infinity }))).toEqual([['predictions/0/period', cell]]);
  });

  it('A.27 refuses what is no row, and names of no or endless length', () => {
    const row = 'Expected an object: columns by their names';
    expect(faultsOf(parse([1, 2], null, 'x'))).toEqual([
      ['predictions/0', row],
      ['predictions/1', row],
      ['predictions/2', row],
    ]);
    const name = 'The name of a column has 1 to 200 characters';
    expect(faultsOf(parse({ '': 1, ['x'.repeat(201)]: 1 }))?.map(([, message]) => message)).toEqual(
      [name, name],
    );
  });
});
