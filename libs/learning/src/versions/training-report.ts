import type { ModelPlotName, TrainingReport } from '#contracts';
import type { TrainedModel } from '../train.js';

/** What a training found, as it is kept beside the version: a number that is none becomes null. */
export function trainingReportOf(trained: TrainedModel): TrainingReport {
  const { classification, evaluation } = trained;
  return {
    rows: { learnt: trained.trainingRows, tested: evaluation.set.rows },
    metrics: evaluation.metrics,
    foldScores: [...trained.foldScores],
    confusion: classification && classification.confusion.map((row) => [...row]),
    classes: (classification?.classes ?? []).map(({ curve, reliability, auc, ...rest }) => ({
      ...rest,
      auc: known(auc),
      curve: known(auc) === null ? [] : curve.map(shownPoint),
      reliability: reliability.map((bin) => ({
        ...bin,
        predicted: known(bin.predicted),
        observed: known(bin.observed),
      })),
    })),
    importances: trained.importances.map((each) => ({ ...each })),
    roles: trained.roles.map((each) => ({ ...each })),
    warnings: [...trained.warnings],
    plots: classification ? OF_CLASSES : OF_REGRESSION,
  };
}

const OF_REGRESSION: ModelPlotName[] = ['importances'];
const OF_CLASSES: ModelPlotName[] = [
  'confusion',
  'roc',
  'precision_recall',
  'reliability',
  ...OF_REGRESSION,
];

const known = (value: number) => (Number.isNaN(value) ? null : value);

/** The first point of a curve has a threshold above all scores. */
const shownPoint = <P extends { readonly threshold: number }>(point: P) => ({
  ...point,
  threshold: Number.isFinite(point.threshold) ? point.threshold : null,
});
