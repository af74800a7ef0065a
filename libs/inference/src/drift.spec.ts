import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '#contracts';
import { aCategory, aNumber, evenly } from '../../../test/support/models.js';
import { driftOf } from './drift.js';

const spec: Preprocessing = {
  kind: 'columns',
  columns: [
    aNumber('period', { distribution: evenly(0, 1000), when_missing: 'nan' }),
    aNumber('radius', { missing_share: 0.2, when_missing: 'nan' }),
    aCategory('source', ['KEPLER', 'TESS'], {
      categories: [
        { value: 'KEPLER', share: 1 },
        { value: 'TESS', share: 0 },
      ],
      when_unknown: 'unknown',
    }),
  ],
};
const columnsOf = (input: Record<string, number | string | null>) =>
  driftOf(spec, input).map(({ column }) => column);

describe('the drift of an input', () => {
  it('is none where the model has seen such values', () => {
    expect(driftOf(spec, { period: 10, radius: 2, source: 'KEPLER' })).toEqual([]);
  });

  it('warns of a number beyond what nearly all training rows span', () => {
    const usual = { radius: 2, source: 'KEPLER' };
    expect(columnsOf({ ...usual, period: 998.9 })).toEqual([]);
    expect(driftOf(spec, { ...usual, period: 999.5 })).toEqual([
      {
        column: 'period',
        value: 999.5,
        message: '99.8 % of the training rows lie between 1 and 999.',
      },
    ]);
    expect(columnsOf({ ...usual, period: 0.5 })).toEqual(['period']);
  });

  it('warns of a category that no training row had, known by name or not', () => {
    const usual = { period: 10, radius: 2 };
    expect(columnsOf({ ...usual, source: 'TESS' })).toEqual(['source']);
    expect(columnsOf({ ...usual, source: 'PLATO' })).toEqual(['source']);
  });

  it('warns of a missing value only where none was missing', () => {
    expect(columnsOf({ period: null, radius: null, source: 'KEPLER' })).toEqual(['period']);
  });

  it('looks at the mean and the scatter of each part of a vector', () => {
    const part = { length: 4, mean: evenly(-1, 0), deviation: evenly(0, 1) };
    const views: Preprocessing = {
      kind: 'vector',
      parts: [
        { name: 'global_view', ...part },
        { name: 'local_view', ...part },
      ],
    };
    const flat = [0, -1, 0, -1];
    expect(driftOf(views, [...flat, ...flat])).toEqual([]);
    const found = driftOf(views, [...flat, 8, -9, 8, -9]);
    expect(found.map(({ column, value }) => [column, value])).toEqual([
      ['deviation of local_view', 8.5],
    ]);
  });

  it('has nothing to say of features whose columns are no longer known', () => {
    expect(driftOf(spec, [1, 2, 3, 4])).toEqual([]);
  });
});
