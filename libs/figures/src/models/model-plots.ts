import type { ModelPlotName, TrainingReport } from '#contracts';
import type { Figure } from '../charts/figure.js';
import type { PlotOptions } from '../plots/plot-options.js';
import { precisionRecallFigure, reliabilityFigure, rocFigure } from './class-curves.js';
import { confusionFigure } from './confusion.js';
import { importancesFigure } from './importances.js';

const FIGURES: Readonly<
  Record<ModelPlotName, (report: TrainingReport, options?: PlotOptions) => Figure>
> = {
  confusion: confusionFigure,
  roc: rocFigure,
  precision_recall: precisionRecallFigure,
  reliability: reliabilityFigure,
  importances: importancesFigure,
};

/** What each shows, for whoever lists them. */
export const modelPlotTitles: Readonly<Record<ModelPlotName, string>> = {
  confusion: 'Confusion matrix',
  roc: 'ROC curves',
  precision_recall: 'Precision and recall',
  reliability: 'Reliability of probabilities',
  importances: 'What it looks at',
};

/** The plots that a report asks for, by their names. The same report, the same figures. */
export const modelFigures = (
  report: TrainingReport,
  options?: PlotOptions,
): readonly (readonly [ModelPlotName, Figure])[] =>
  report.plots.map((name) => [name, FIGURES[name](report, options)] as const);
