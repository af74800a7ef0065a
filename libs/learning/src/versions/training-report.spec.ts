import { describe, expect, it } from 'vitest';
import { toWire, trainingReport } from '#contracts';
import { aConfig, aTable } from '../fixtures/made-up.js';
import { train, type TrainedModel } from '../train.js';
import { trainingReportOf } from './training-report.js';

const table = aTable({ rows: 300, missingShare: 0.1 });
const onTheWire = (trained: TrainedModel) =>
  trainingReport.parse(
    JSON.parse(JSON.stringify(toWire(trainingReport, trainingReportOf(trained)))),
  );

describe('a training report', () => {
  it('D.3 carries over the wire what a classification found', async () => {
    const trained = await train(table, aConfig({ folds: 2 }));
    const report = onTheWire(trained);
    expect(report).toMatchObject({
      metrics: trained.evaluation.metrics,
      confusion: trained.classification!.confusion,
      fold_scores: trained.foldScores,
      rows: { learnt: trained.trainingRows, tested: trained.evaluation.set.rows },
    });
    expect(report.classes.map(({ label }) => label)).toEqual(['FALSE', 'PLANET']);
    expect(report.classes[0].curve[0].threshold).toBeNull();
    expect(report.classes[0].curve.at(-1)).toMatchObject({ true_positive_rate: 1 });
    expect(report.plots).toContain('confusion');
  });

  it('says null where a class has no curve, and a bin no rows', async () => {
    const trained = await train(table, aConfig());
    const [first, ...rest] = trained.classification!.classes;
    const classes = [{ ...first, auc: NaN }, ...rest];
    const report = onTheWire({
      ...trained,
      classification: { ...trained.classification!, classes },
    });
    expect(report.classes[0]).toMatchObject({ auc: null, curve: [] });
    const empty = report.classes[0].reliability.filter(({ rows }) => rows === 0);
    expect(empty.length).toBeGreaterThan(0);
    for (const bin of empty) expect(bin).toMatchObject({ predicted: null, observed: null });
  });

  it('has neither classes nor their plots for a regression', async () => {
    const config = aConfig({ taskType: 'regression', targetColumn: 'temperature', roles: {} });
    const report = onTheWire(await train(table, config));
    expect(report).toMatchObject({ confusion: null, classes: [], plots: ['importances'] });
    expect(report.metrics.r2).toBeGreaterThan(0.5);
  });
});
