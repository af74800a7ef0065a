/** Predictions as the wire shows them, and as they are kept. */
import type { EnsembleAnswer, PredictionAnswer } from '#contracts';
import { ensembleOf } from './ensemble.js';
import type { Answer, ClassAnswer, Prediction } from './prediction.js';

/** What is kept of an answer: which version said what. */
export interface PredictionFacts {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly inputSchema: string;
  /** In the names of the wire. */
  readonly output: object;
  readonly drift: readonly object[];
}

export function predictionFacts({ version, schema, output, drift }: Answer): PredictionFacts {
  const { name, version: number } = version.metadata;
  return {
    modelName: name,
    modelVersion: number,
    modelSha256: schema.model.sha256,
    inputSchema: schema.name,
    output:
      'value' in output ? output : { class_name: output.className, ...probabilitiesOf(output) },
    drift,
  };
}

export function shownPrediction(
  prediction: Prediction,
  withProbabilities: boolean,
): PredictionAnswer {
  const { output, version, schema, variant, insteadOf, drift } = prediction;
  const { name, version: number } = version.metadata;
  return {
    prediction: 'value' in output ? output : shownClass(output, withProbabilities),
    model: { name, version: number, sha256: schema.model.sha256 },
    inputSchema: schema.name,
    variant,
    insteadOf: insteadOf ?? undefined,
    drift: drift.length > 0 ? { warnings: [...drift] } : undefined,
  };
}

/**
 * What classifiers say together. Those of other classes than the first, and regressions, have no
 * part in it.
 *
 * @throws {RangeError} where no answer is of a classifier
 */
export function shownEnsemble(
  answers: readonly Answer[],
  withProbabilities: boolean,
): EnsembleAnswer {
  const classifiers = answers.flatMap(({ version, schema, output }) =>
    'value' in output ? [] : [{ version, schema, output }],
  );
  const spoken = new Set(classifiers[0]?.output.labels);
  const members = classifiers.filter(
    ({ output }) =>
      output.labels.length === spoken.size && output.labels.every((label) => spoken.has(label)),
  );
  const together = ensembleOf(members.map(({ output }) => output));
  const { className, confidence, probabilities, agreement } = together;
  const { labels } = members[0].output;
  return {
    ensemblePrediction: shownClass(
      { className, confidence, labels, probabilities },
      withProbabilities,
    ),
    agreementScore: agreement,
    individualPredictions: Object.fromEntries(
      members.map(({ version, schema, output }) => [
        version.metadata.name,
        {
          ...shownClass(output, withProbabilities),
          version: version.metadata.version,
          sha256: schema.model.sha256,
        },
      ]),
    ),
  };
}

/** What is kept of a challenger that ran in the shadow. `same`: it came to the same. */
export interface ShadowFacts {
  readonly verdict: 'same' | 'other' | 'failed';
  readonly version?: string;
  readonly sha256?: string;
  readonly output?: object;
}

/** @param shadow null: it could not answer */
export function shadowFacts(answer: Answer, shadow: Answer | null): ShadowFacts {
  if (!shadow) return { verdict: 'failed' };
  const { modelVersion: version, modelSha256: sha256, output } = predictionFacts(shadow);
  return { verdict: isSameAnswer(answer, shadow) ? 'same' : 'other', version, sha256, output };
}

function isSameAnswer({ output }: Answer, { output: other }: Answer): boolean {
  if ('value' in output) return 'value' in other && output.value === other.value;
  return !('value' in other) && output.className === other.className;
}

const probabilitiesOf = ({ labels, probabilities }: ClassAnswer) => ({
  probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
});

function shownClass(output: ClassAnswer, withProbabilities: boolean) {
  const { className, confidence } = output;
  return { className, confidence, ...(withProbabilities ? probabilitiesOf(output) : {}) };
}
