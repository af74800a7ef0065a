import { describe, expect, it } from 'vitest';
import type { Sensitivity } from '#contracts';
import { sensitivityColumns } from './sensitivity-columns';

const aMap = (fields: Partial<Sensitivity> = {}): Sensitivity => ({
  periodEdgesDays: [1, 10, 100],
  radiusRatioEdges: [0.01, 0.02, 0.04],
  radiusEdgesEarth: [1, 2, 4],
  minSnr: 7.1,
  planned: 8,
  injected: 7,
  interrupted: false,
  cells: [
    { periodBin: 0, radiusBin: 0, injected: 2, recovered: 1, low: 0.2, high: 0.8 },
    { periodBin: 1, radiusBin: 0, injected: 2, recovered: 0, low: 0, high: 0.33 },
    { periodBin: 0, radiusBin: 1, injected: 3, recovered: 3, low: 0.75, high: 1 },
    { periodBin: 1, radiusBin: 1, injected: 0, recovered: 0, low: 0, high: 1 },
  ],
  halfRadiusRatio: [0.014, null],
  halfRadiusEarth: [Math.SQRT2, null],
  ...fields,
});

describe('sensitivityColumns', () => {
  it('B.18 lays the cells out by the logarithms of period and radius, small planets at the bottom', () => {
    const { cells } = sensitivityColumns(aMap());
    expect(cells.map(({ left, top, width, height }) => [left, top, width, height])).toEqual([
      [0, 50, 50, 50],
      [50, 50, 50, 50],
      [0, 0, 50, 50],
      [50, 0, 50, 50],
    ]);
    expect(cells.map(({ share, count }) => [share, count])).toEqual([
      [0.5, '1/2'],
      [0, '0/2'],
      [1, '3/3'],
      [null, ''],
    ]);
    expect(cells[0].title).toBe(
      '1 to 10 d, 1 to 2 R⊕: 1 of 2 found, 20 % to 80 % with 68 % confidence',
    );
    expect(cells[3].title).toBe('10 to 100 d, 2 to 4 R⊕: not tried');
  });

  it('draws the line of half where it is known, and joins only neighbours', () => {
    const of = (halfRadiusEarth: (number | null)[]) =>
      sensitivityColumns(aMap({ halfRadiusEarth })).half.map(({ joins }) => joins);
    expect(sensitivityColumns(aMap()).half).toEqual([{ left: 25, top: 75, joins: false }]);
    expect(of([1.5, 2])).toEqual([false, true]);
    expect(of([null, 2])).toEqual([false]);
  });

  it('says the whole in a sentence, in the unit that is known', () => {
    expect(sensitivityColumns(aMap({ interrupted: true })).summary).toBe(
      'Half of all planets would have been found from 1.4 R⊕ at 1 to 10 d. ' +
        '7 planets injected, then interrupted; found: SNR from 7.1 on.',
    );
    const unknown = sensitivityColumns(aMap({ radiusEdgesEarth: null, halfRadiusEarth: null }));
    expect(unknown.summary).toContain('from 1.4 % of the star at 1 to 10 d');
    expect(unknown.radii.map(({ label }) => label)).toEqual(['1', '2', '4']);
    const none = aMap({ halfRadiusRatio: [null, null], halfRadiusEarth: [null, null] });
    expect(sensitivityColumns(none).summary).toBe('7 planets injected; found: SNR from 7.1 on.');
  });
});
