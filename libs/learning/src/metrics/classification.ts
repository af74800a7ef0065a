/**
 * What probabilities are worth.
 *
 * Brier 1950, Mon. Weather Rev. 78, 1; the others as in Sokolova & Lapalme 2009, Inf. Process. Manag.
 * 45, 427. Of no rows a share is 0.
 *
 * Pure: no I/O, no clock, no randomness. N is rows, C classes.
 */
import { areaUnder, type CurvePoint, curveOf, thinned } from './curves.js';
import { mostProbable } from './score.js';

export interface ClassReport {
  readonly label: string;
  readonly rows: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1Score: number;
  /** Against the rest; NaN where all rows or none are of it. */
  readonly auc: number;
  /** At most 200 points. */
  readonly curve: readonly CurvePoint[];
  readonly reliability: readonly ReliabilityBin[];
}

/** Rows to which the class was given a probability between two bounds. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean of the probabilities, and the share that is of the class; NaN where there are no rows. */
  readonly predicted: number;
  readonly observed: number;
}

const RELIABILITY_BINS = 10;

export interface ClassificationReport {
  /** accuracy, balanced_accuracy, precision, recall, f1_score (macro), macro_auc, log_loss, brier. */
  readonly metrics: Readonly<Record<string, number>>;
  /** (C, C) true class, then what was said. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly ClassReport[];
}

const LEAST_PROBABILITY = 1e-15;

/**
 * @param truth (N,) index of the class
 * @param probabilities (N * C,)
 */
export function classificationReport(
  truth: Float64Array,
  probabilities: Float64Array,
  labels: readonly string[],
): ClassificationReport {
  const classes = labels.length;
  const confusion = labels.map(() => labels.map(() => 0));
  for (let i = 0; i < truth.length; i++) {
    confusion[truth[i]][mostProbable(probabilities, i * classes, classes)]++;
  }
  const reports = labels.map((label, k) => {
    const said = confusion.reduce((sum, row) => sum + row[k], 0);
    const rows = confusion[k].reduce((a, b) => a + b, 0);
    const precision = shareOf(confusion[k][k], said);
    const recall = shareOf(confusion[k][k], rows);
    const scores = Float64Array.from(truth, (_, i) => probabilities[i * classes + k]);
    const isOfClass = Uint8Array.from(truth, (own) => (own === k ? 1 : 0));
    const points = curveOf(scores, isOfClass);
    return {
      label,
      rows,
      precision,
      recall,
      f1Score: shareOf(2 * precision * recall, precision + recall),
      auc: areaUnder(points),
      curve: thinned(points),
      reliability: reliabilityOf(scores, isOfClass),
    };
  });
  const present = reports.filter(({ rows }) => rows > 0);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const aucs = reports.map(({ auc }) => auc).filter((auc) => !Number.isNaN(auc));
  return {
    metrics: {
      accuracy: shareOf(
        confusion.reduce((sum, row, k) => sum + row[k], 0),
        truth.length,
      ),
      balanced_accuracy: mean(present.map(({ recall }) => recall)),
      precision: mean(reports.map(({ precision }) => precision)),
      recall: mean(reports.map(({ recall }) => recall)),
      f1_score: mean(reports.map(({ f1Score }) => f1Score)),
      macro_auc: aucs.length > 0 ? mean(aucs) : 0.5,
      log_loss: logLoss(truth, probabilities, classes),
      brier: brierScore(truth, probabilities, classes),
    },
    confusion,
    classes: reports,
  };
}

/** In ten bins of the same width, the last one closed. */
function reliabilityOf(scores: Float64Array, isOfClass: Uint8Array): ReliabilityBin[] {
  return Array.from({ length: RELIABILITY_BINS }, (_, bin) => {
    const [from, to] = [bin / RELIABILITY_BINS, (bin + 1) / RELIABILITY_BINS];
    const isLast = bin === RELIABILITY_BINS - 1;
    let [rows, predicted, observed] = [0, 0, 0];
    for (let i = 0; i < scores.length; i++) {
      if (scores[i] < from || !(scores[i] < to || isLast)) continue;
      rows += 1;
      predicted += scores[i];
      observed += isOfClass[i];
    }
    return { from, to, rows, predicted: predicted / rows, observed: observed / rows };
  });
}

const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

/** Mean of -ln p of the true class. */
export function logLoss(
  truth: Float64Array,
  probabilities: ArrayLike<number>,
  classes: number,
): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    sum -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[i * classes + truth[i]]));
  }
  return sum / truth.length;
}

/** Mean of the squared distance to the truth, summed over classes: 0 to 2. */
function brierScore(truth: Float64Array, probabilities: Float64Array, classes: number): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    for (let k = 0; k < classes; k++) {
      sum += (probabilities[i * classes + k] - (truth[i] === k ? 1 : 0)) ** 2;
    }
  }
  return sum / truth.length;
}
