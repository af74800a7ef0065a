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

/** The plots that a report asks for, by their names. The same report, the same figures. */
export const modelFigures = (
  report: TrainingReport,
  options?: PlotOptions,
): readonly (readonly [ModelPlotName, Figure])[] =>
  report.plots.map((name) => [name, FIGURES[name](report, options)] as const);
