import { featureNames } from '#inference';
import { seededRandom } from '#transit';
import { describe, expect, it } from 'vitest';
import { areaUnder, curveOf } from '../metrics/curves.js';
import { rolesOf } from '../table/roles.js';
import { tableOf } from '../table/table.js';
import { targetOf } from '../table/target.js';
import { examplesOf, learntExamplesOf } from './features.js';
import { type Encoding, fitPreprocessing } from './fit.js';

const random = seededRandom(5);
const records = Array.from({ length: 1500 }, () => [
  `star ${random.integer(300)}`,
  random.uniform() < 0.1 ? '' : (10 + random.normal()).toFixed(6),
  random.uniform() < 0.5 ? 'yes' : 'no',
]);
const table = tableOf(['star', 'x', 'label'], records);
const roles = rolesOf(table, 'label', { star: 'category' });
const target = targetOf(table, 'label', 'classification');
const members = Int32Array.from({ length: 1000 }, (_, i) => i);

const fitted = (encoding: Encoding, isTree: boolean) =>
  fitPreprocessing(table, roles, target, members, { isTree, encoding, encodings: {} });

/** How well the first feature alone tells the class of the rows that are learnt from. */
function areaOfCodes(values: Float32Array, features: number): number {
  const codes = Float64Array.from(members, (i) => values[i * features]);
  return areaUnder(
    curveOf(
      codes,
      Uint8Array.from(members, (i) => target.values[i]),
    ),
  );
}

describe('features that are learnt from', () => {
  it('D.3 hold no code that a row’s own target went into', () => {
    const spec = fitted('target', true);
    const own = learntExamplesOf(table, spec, target, members, seededRandom(1));
    expect(areaOfCodes(own.values, own.features)).toBeLessThan(0.55);
    // Which the codes that are served would do, on the rows that made them.
    const served = examplesOf(table, spec, target, members);
    expect(areaOfCodes(served.values, served.features)).toBeGreaterThan(0.65);
  });

  it('E.21 take missing values as they are for trees, else as the median with a flag', () => {
    const forTrees = examplesOf(table, fitted('ordinal', true), target, members);
    expect(forTrees.features).toBe(2);
    expect(forTrees.values.some(Number.isNaN)).toBe(true);
    const spec = fitted('ordinal', false);
    const scaled = examplesOf(table, spec, target, members);
    expect(featureNames(spec)).toEqual(['star', 'x', 'x is missing']);
    const present = Array.from(members)
      .filter((i) => scaled.values[i * 3 + 2] === 0)
      .map((i) => scaled.values[i * 3 + 1]);
    const mean = present.reduce((a, b) => a + b, 0) / present.length;
    const squares = present.reduce((a, b) => a + (b - mean) ** 2, 0) / present.length;
    expect(mean).toBeCloseTo(0, 4);
    expect(squares).toBeCloseTo(1, 4);
  });

  it('turn to codes where a word of many would be a feature each', () => {
    const [star] = fitted('one_hot', true).columns;
    expect(star.kind === 'category' && star.encoding.method).toBe('target');
    const asked = fitPreprocessing(table, roles, target, members, {
      ...{ isTree: true, encoding: 'one_hot' as const },
      encodings: { star: 'one_hot' },
    });
    expect(asked.columns[0].kind === 'category' && asked.columns[0].encoding.method).toBe(
      'one_hot',
    );
  });
});
