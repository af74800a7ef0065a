import { describe, expect, it } from 'vitest';
import type { CategoryColumn, NumberColumn, Preprocessing } from '#contracts';
import { aCategory, aNumber, evenly } from '../../../test/support/models.js';
import { InputError } from './input-error.js';
import { featureCount, featureNames, featuresOf, type ModelInput } from './preprocessing.js';

const columns = (...list: (NumberColumn | CategoryColumn)[]): Preprocessing => ({
  kind: 'columns',
  columns: list,
});
const vector: Preprocessing = {
  kind: 'vector',
  parts: [
    { name: 'global_view', length: 3, mean: evenly(0, 1), deviation: evenly(0, 1) },
    { name: 'local_view', length: 2, mean: evenly(0, 1), deviation: evenly(0, 1) },
  ],
};

function faultsOf(spec: Preprocessing, input: ModelInput) {
  try {
    featuresOf(spec, input);
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  return [];
}

describe('E.21 preprocessing by a specification', () => {
  const rows = (spec: Preprocessing, ...inputs: ModelInput[]) =>
    inputs.map((input) => [...featuresOf(spec, input)]);

  it('writes numbers in the order of the columns, whatever the order of the request', () => {
    const spec = columns(aNumber('period'), aNumber('radius'));
    expect(rows(spec, { radius: 2, period: 10 })).toEqual([[10, 2]]);
  });

  it('transforms, then scales', () => {
    const scale = { center: 1, width: 2 };
    const spec = columns(
      aNumber('period', { transform: 'log10', scale }),
      aNumber('offset', { transform: 'signed_log1p', scale: { center: 0, width: 1 } }),
    );
    const [[period, offset]] = rows(spec, { period: 1000, offset: -(Math.E - 1) });
    expect([period, offset]).toEqual([1, -1]);
  });

  it('fills in what is missing, in the unit of the input, and says so where it is asked to', () => {
    const imputed = aNumber('period', {
      when_missing: { impute: 100 },
      has_missing_flag: true,
      transform: 'log10',
    });
    const spec = columns(imputed, aNumber('radius', { when_missing: 'nan' }));
    expect(rows(spec, { period: null }, { period: 10, radius: 3 })).toEqual([
      [2, 1, NaN],
      [1, 0, 3],
    ]);
    expect(featureCount(spec)).toBe(3);
  });

  it('encodes categories one by one, by their place, or by what their training rows were', () => {
    const unknown = { when_missing: 'unknown', when_unknown: 'unknown' } as const;
    const values = ['KEPLER', 'K2', 'TESS'];
    const codes = [
      [0.25, 0.75],
      [0.5, 0.5],
      [1, 0],
    ];
    const spec = columns(
      aCategory('mission', values, unknown),
      aCategory('order', values, { ...unknown, encoding: { method: 'ordinal' } }),
      aCategory('target', values, { ...unknown, encoding: { method: 'target', codes } }),
    );
    const all = (value: string | null) => ({ mission: value, order: value, target: value });
    expect(rows(spec, all('TESS'), all('PLATO'), all(null))).toEqual([
      [0, 0, 1, 2, 1, 0],
      [0, 0, 0, NaN, NaN, NaN],
      [0, 0, 0, NaN, NaN, NaN],
    ]);
  });

  it('names its features after their columns', () => {
    const spec = columns(
      aNumber('period', { has_missing_flag: true }),
      aCategory('mission', ['KEPLER', 'TESS']),
    );
    expect(featureNames(spec)).toEqual([
      'period',
      'period is missing',
      'mission = KEPLER',
      'mission = TESS',
    ]);
    expect(featureNames(vector)).toHaveLength(5);
  });

  it('takes NaN for a missing value, as a table has it', () => {
    expect(rows(columns(aNumber('radius', { when_missing: 'nan' })), { radius: NaN })).toEqual([
      [NaN],
    ]);
  });

  it('leaves nothing of an earlier row in an array that is used again', () => {
    const spec = columns(aCategory('mission', ['KEPLER', 'TESS']));
    const into = Float32Array.of(9, 9, 9, 9);
    featuresOf(spec, { mission: 'TESS' }, into, 2);
    expect([...into]).toEqual([9, 9, 0, 1]);
  });

  it('E.8 takes a vector as it is, for a model of vectors and for one of columns', () => {
    expect(rows(vector, [1, 2, 3, 4, 5])).toEqual([[1, 2, 3, 4, 5]]);
    const scaled = columns(aNumber('period', { scale: { center: 5, width: 2 } }));
    expect(rows(scaled, [7])).toEqual([[7]]);
  });

  it('names every fault of an input at once, by its place', () => {
    const spec = columns(
      aNumber('period', { least: 0.1, unit: 'd' }),
      aNumber('radius', { most: 30 }),
      aNumber('depth', { transform: 'log10' }),
      aNumber('snr'),
      aCategory('source', ['KEPLER', 'TESS']),
      aCategory('band', ['V']),
    );
    const input = { period: 0.01, radius: 31, depth: 0, snr: 'high', source: 'PLATO', mass: 1 };
    expect(faultsOf(spec, input)).toEqual([
      { pointer: '/period', detail: 'must be at least 0.1 d, not 0.01' },
      { pointer: '/radius', detail: 'must be at most 30, not 31' },
      { pointer: '/depth', detail: 'must be above 0, not 0' },
      { pointer: '/snr', detail: 'must be a number, not "high"' },
      { pointer: '/source', detail: 'must be one of KEPLER, TESS, not "PLATO"' },
      { pointer: '/band', detail: 'is missing' },
      { pointer: '/mass', detail: 'is none of period, radius, depth, snr, source, band' },
    ]);
  });

  it.each([
    [[1, 2, 3], '', 'must have 5 numbers, not 3'],
    [[1, 2, 3, NaN, 5], '/3', 'must be a finite number, not NaN'],
    [[1, 2, 3, 4, 1e39], '/4', 'must be a finite number, not 1e+39'],
    [{ period: 1 }, '', 'must be 5 numbers, not columns'],
  ])('refuses the vector %j', (input, pointer, detail) => {
    expect(faultsOf(vector, input as ModelInput)).toEqual([{ pointer, detail }]);
  });

  it('takes no name for a column that an object has by itself', () => {
    const spec = columns(aNumber('toString', { when_missing: 'nan' }));
    expect(rows(spec, {})).toEqual([[NaN]]);
  });
});
