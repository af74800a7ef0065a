import { describe, expect, it } from 'vitest';
import type { SensitivityMap } from '#transit';
import { cases } from '../fixtures/cases.js';
import { notFinite, texts, textsOutside, textsOverlapping } from '../fixtures/figure-check.js';
import type { ReportProvenance } from '../report/provenance.js';
import { reportModel } from '../report/report-model.js';
import { targetPages } from '../report/target-page.js';
import { sensitivityFigure } from './sensitivity.js';

/** Two period bins, three radius bins: nothing, a quarter, everything. */
function aMap(fields: Partial<SensitivityMap> = {}): SensitivityMap {
  const counts = [0, 0, 1, 1, 4, 4];
  return {
    periodEdgesDays: [0.5, 2.5, 12.5],
    radiusRatioEdges: [0.005, 0.01, 0.02, 0.04],
    starRadiusSun: 0.8,
    minSnr: 7.1,
    planned: 24,
    interrupted: false,
    injected: 24,
    cells: counts.map((recovered, i) => ({
      periodBin: i % 2,
      radiusBin: Math.floor(i / 2),
      injected: 4,
      recovered,
      low: 0,
      high: 1,
    })),
    halfRadiusRatio: [0.018, null],
    ...fields,
  };
}

const provenance: ReportProvenance = {
  codeVersion: '0.1.0',
  inputs: [],
  parameters: {},
  seed: 1,
};

describe('sensitivityFigure', () => {
  it.each([
    ['a whole map', aMap()],
    ['one in radius ratios', aMap({ starRadiusSun: null })],
    ['an interrupted one', aMap({ injected: 7, interrupted: true })],
    ['an empty one', aMap({ injected: 0 })],
  ])('draws %s without a cut or hidden word', (_, map) => {
    for (const options of [{}, { width: 527, height: 236, fontSize: 6.4, bare: true }]) {
      const figure = sensitivityFigure(map, options);
      expect(textsOutside(figure)).toEqual([]);
      expect(textsOverlapping(figure)).toEqual([]);
      expect(notFinite(figure)).toBe(0);
    }
  });

  it('says how many of how many were found, in the unit that is known', () => {
    const words = texts(sensitivityFigure(aMap()));
    expect(words.filter((text) => /^\d\/4$/.test(text))).toEqual([
      ...['0/4', '0/4', '1/4', '1/4', '4/4', '4/4'],
    ]);
    expect(words).toContain('Planet radius (R⊕)');
    expect(texts(sensitivityFigure(aMap({ starRadiusSun: null })))).toContain(
      'Planet radius (% of the star’s)',
    );
  });

  it('says that it was interrupted', () => {
    expect(texts(sensitivityFigure(aMap({ injected: 7, interrupted: true })))).toContain(
      '7 planets injected, then interrupted',
    );
  });

  it('stands on the page of a target without candidates, and on one of its own beside some', () => {
    const pages = (name: 'no candidate' | 'one planet', sensitivity: SensitivityMap | null) =>
      targetPages(reportModel({ ...cases[name](), sensitivity }, provenance));
    const heading = 'Planets that could have been found, by injection and recovery';
    const [alone, ...noMore] = pages('no candidate', aMap());
    expect(noMore).toEqual([]);
    expect(texts(alone)).toContain(heading);
    const [first, second] = pages('one planet', aMap());
    expect(texts(first)).not.toContain(heading);
    expect(texts(second)).toContain(heading);
    for (const page of [alone, second]) {
      expect(textsOutside(page)).toEqual([]);
      expect(textsOverlapping(page)).toEqual([]);
    }
    expect(pages('one planet', null)).toHaveLength(1);
  });
});
