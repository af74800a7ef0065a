/** What a classifier is worth at every threshold, and what its probabilities mean, class by class. */
import type { TrainingReport } from '#contracts';
import type { Figure } from '../charts/figure.js';
import { UNKNOWN } from '../charts/number-text.js';
import type { PlotOptions } from '../plots/plot-options.js';
import { squareFigure } from './unit-square.js';

type Class = TrainingReport['classes'][number];

const areaText = ({ auc }: Class) => (auc === null ? UNKNOWN : auc.toFixed(3));

/** True over false positive rate (receiver operating characteristic). */
export const rocFigure = (report: TrainingReport, options?: PlotOptions): Figure =>
  squareFigure(
    report,
    {
      name: 'ROC curves',
      x: 'False positive rate',
      y: 'True positive rate',
      line: ({ curve }) =>
        curve.flatMap(({ falsePositiveRate, truePositiveRate }) => [
          falsePositiveRate,
          truePositiveRate,
        ]),
      words: (each) => `${each.label}, area ${areaText(each)}`,
      diagonal: 'chance',
      hasDots: false,
    },
    options,
  );

/** Precision over recall. */
export const precisionRecallFigure = (report: TrainingReport, options?: PlotOptions): Figure =>
  squareFigure(
    report,
    {
      name: 'precision and recall',
      x: 'Recall',
      y: 'Precision',
      line: ({ curve }) =>
        curve.flatMap(({ truePositiveRate, precision }) => [truePositiveRate, precision]),
      words: ({ label, rows }) => `${label}, ${rows} rows`,
      diagonal: null,
      hasDots: false,
    },
    options,
  );

/** The share that is of a class, where it was given such a probability. */
export const reliabilityFigure = (report: TrainingReport, options?: PlotOptions): Figure =>
  squareFigure(
    report,
    {
      name: 'reliability of probabilities',
      x: 'Probability that was given',
      y: 'Share that is of the class',
      line: ({ reliability }) =>
        reliability.flatMap(({ predicted, observed }) =>
          predicted === null || observed === null ? [] : [predicted, observed],
        ),
      words: ({ label, rows }) => `${label}, ${rows} rows`,
      diagonal: 'as it should be',
      hasDots: true,
    },
    options,
  );
