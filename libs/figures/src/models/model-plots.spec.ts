import { describe, expect, it } from 'vitest';
import type { ModelPlotName, TrainingReport } from '#contracts';
import { figureToSvg } from '../charts/figure-svg.js';
import {
  notFinite,
  texts,
  textsOutside,
  textsOverlapping,
  xmlOffence,
} from '../fixtures/figure-check.js';
import { aClassReport, aTrainingReport } from '../fixtures/training-report.js';
import { modelFigures } from './model-plots.js';

const manyLabels = Array.from({ length: 30 }, (_, i) => `class ${i + 1}`);
const longLabel = (k: number) => `${k}: a contaminated eclipsing binary, or something else still`;

const cases: Readonly<Record<string, TrainingReport>> = {
  'three classes': aTrainingReport(),
  'two classes': aTrainingReport(['no', 'yes']),
  'thirty classes': aTrainingReport(manyLabels),
  'long names': aTrainingReport([1, 2, 3].map(longLabel), {
    importances: [{ column: longLabel(4), permutation: 0.2, gain: null }],
  }),
  'a class that no row is of': aTrainingReport(['no', 'yes'], {
    classes: [
      aClassReport('no', { auc: null, curve: [] }),
      aClassReport('yes', { rows: 0, auc: null, curve: [] }),
    ],
  }),
  'a column that does harm alone': aTrainingReport(['no', 'yes'], {
    importances: [{ column: 'noise', permutation: -0.2, gain: 0 }],
  }),
  'forty columns': aTrainingReport(['no', 'yes'], {
    importances: Array.from({ length: 40 }, (_, i) => ({
      column: `column ${i}`,
      permutation: 0.4 - i / 100,
      gain: null,
    })),
  }),
  'a regression': aTrainingReport([], { confusion: null, plots: ['importances'] }),
};

const drawn = (report: TrainingReport) =>
  Object.fromEntries(modelFigures(report, { target: 'my-model 1.0.0' }));

describe.each(Object.entries(cases))('plots of a model: %s', (_, report) => {
  it('D.21 cut no word and write none on another', () => {
    const small = { width: 360, height: 300, fontSize: 7, bare: true };
    for (const options of [{ target: 'my-model 1.0.0' }, small]) {
      for (const [, figure] of modelFigures(report, options)) {
        expect(textsOutside(figure), figure.title).toEqual([]);
        expect(textsOverlapping(figure), figure.title).toEqual([]);
        expect(notFinite(figure), figure.title).toBe(0);
      }
    }
  });

  it('D.21 are well-formed and the same each time', () => {
    const svgs = () => Object.values(drawn(report)).map(figureToSvg);
    expect(svgs()).toEqual(svgs());
    for (const svg of svgs()) expect(xmlOffence(svg)).toBeNull();
  });
});

describe('plots of a model', () => {
  const words = (report: TrainingReport, name: ModelPlotName) => texts(drawn(report)[name]);

  it('counts what rows are and what they are called', () => {
    const shown = words(cases['three classes'], 'confusion');
    expect(shown.filter((text) => text === '54')).toHaveLength(3);
    expect(shown.filter((text) => text === '10 %')).toHaveLength(3);
    expect(shown.filter((text) => text === 'CONFIRMED')).toHaveLength(2);
  });

  it('names each class with its area, and says where some are left out', () => {
    expect(words(cases['two classes'], 'roc')).toEqual(
      expect.arrayContaining(['no, area 0.950', 'yes, area 0.950', 'chance']),
    );
    expect(words(cases['thirty classes'], 'roc')).toContain('the 6 most frequent of 30 classes');
    expect(words(cases['thirty classes'], 'confusion')).toContain(
      'the 12 most frequent of 30 classes',
    );
  });

  it('says so where there is no curve', () => {
    const report = cases['a class that no row is of'];
    expect(words(report, 'roc')).toContain('Not one class has rows inside and outside of it.');
  });

  it('shows how much each column matters, also what does harm', () => {
    const shown = words(cases['three classes'], 'importances');
    expect(shown).toEqual(expect.arrayContaining(['depth', '0.310', 'source', '−0.020']));
    expect(words(cases['forty columns'], 'importances')).toContain('the first 20 of 40 columns');
    expect(words(cases['a regression'], 'importances')).toContain(
      'Fall of R² where the column is shuffled',
    );
  });
});
