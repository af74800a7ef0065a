import { type Preprocessing, preprocessing, QUANTILE_SHARES } from '#contracts';
import { describe, expect, it } from 'vitest';
import { driftOf } from './drift.js';
import { InputError } from './input-error.js';
import { featureCount, featureNames, featuresOf, type ModelInput } from './preprocessing.js';

const uniform = QUANTILE_SHARES.map((share) => 100 * share);

const spec: Preprocessing = preprocessing.parse({
  kind: 'columns',
  columns: [
    {
      name: 'period',
      kind: 'number',
      least: 0,
      most: 1000,
      missing_share: 0,
      when_missing: 'refuse',
      transform: 'log10',
      scale: { center: 1, width: 2 },
      distribution: uniform,
    },
    {
      name: 'depth',
      kind: 'number',
      missing_share: 0.2,
      when_missing: { impute: 50 },
      has_missing_flag: true,
      distribution: uniform,
    },
    {
      name: 'a/b',
      kind: 'category',
      missing_share: 0,
      categories: [
        { value: 'x', share: 0.5 },
        { value: 'y', share: 0.5 },
      ],
      encoding: { method: 'one_hot' },
      when_missing: 'unknown',
      when_unknown: 'refuse',
    },
    {
      name: 'mission',
      kind: 'category',
      missing_share: 0,
      categories: [{ value: 'Kepler', share: 1 }],
      encoding: { method: 'target', codes: [[0.25, 0.75]] },
      when_missing: 'unknown',
      when_unknown: 'unknown',
    },
  ],
});

const vector: Preprocessing = {
  kind: 'vector',
  parts: [{ name: 'view', length: 3, mean: [...uniform], deviation: [...uniform] }],
};

function faultsOf(input: ModelInput, of: Preprocessing = spec): string[] {
  try {
    featuresOf(of, input);
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

describe('preprocessing', () => {
  const input = { period: 100, depth: 7, 'a/b': 'y', mission: 'Kepler' };

  it('E.21 imputes, flags, transforms, scales and encodes as its specification says', () => {
    expect([...featuresOf(spec, input)]).toEqual([0.5, 7, 0, 0, 1, 0.25, 0.75]);
    const missing = { period: 10, depth: null, 'a/b': null, mission: 'K2' };
    expect([...featuresOf(spec, missing)]).toEqual([0, 50, 1, 0, 0, NaN, NaN]);
  });

  it('names as many features as it writes', () => {
    expect(featureCount(spec)).toBe(7);
    expect(featureNames(spec)).toHaveLength(7);
    expect(featureNames(vector)).toEqual(['view[0]', 'view[1]', 'view[2]']);
  });

  it('writes into a row of a batch and nowhere else', () => {
    const batch = new Float32Array(16).fill(9);
    featuresOf(spec, input, batch, 8);
    expect([batch[7], batch[8], batch[15]]).toEqual([9, 0.5, 9]);
  });

  it('E.21 lists every fault of an input with its place', () => {
    const bad = { Period: 3, depth: 'deep', 'a/b': 'z', mission: 4 };
    expect(faultsOf(bad)).toEqual(['/period', '/depth', '/a~1b', '/mission', '/Period']);
    expect(faultsOf({ ...input, depth: Infinity, period: -1 })).toEqual(['/period', '/depth']);
    expect(faultsOf({ ...input, period: 1001 })).toEqual(['/period']);
    expect(faultsOf({ ...input, period: 0 })).toEqual(['/period']);
    expect(faultsOf({ ...input, depth: 1e39 })).toEqual(['/depth']);
  });

  it('reads no column from what every object inherits', () => {
    expect(faultsOf({ ...input, toString: 'x' })).toEqual(['/toString']);
  });

  it('E.8 takes a vector of just its length and of finite numbers', () => {
    expect([...featuresOf(vector, [1, 2, 3])]).toEqual([1, 2, 3]);
    expect(faultsOf([1, 2], vector)).toEqual(['/features']);
    expect(faultsOf([1, NaN, 3], vector)).toEqual(['/features/1']);
    expect(faultsOf(input, vector)).toEqual(['']);
    expect(faultsOf([1], spec)).toEqual(['']);
  });
});

describe('drift', () => {
  it('is seen outside the central 99.8 %, in unknown categories and in unusual gaps', () => {
    const usual = { period: 99.9, depth: 0.1, 'a/b': 'x', mission: 'Kepler' };
    expect(driftOf(spec, usual)).toEqual([]);
    const unusual = { period: 99.95, depth: null, 'a/b': null, mission: 'TESS' };
    expect(driftOf(spec, unusual).map(({ column }) => column)).toEqual([
      'period',
      'a/b',
      'mission',
    ]);
  });

  it('is seen in the mean and the spread of a part of a vector', () => {
    expect(driftOf(vector, [40, 50, 60])).toEqual([]);
    expect(driftOf(vector, [200, 200, 200]).map(({ value }) => value)).toEqual([200, 0]);
  });
});
