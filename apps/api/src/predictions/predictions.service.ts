import { Injectable } from '@nestjs/common';
import type { EnsembleAnswer, Predict, PredictBatch, PredictionAnswer } from '#contracts';
import {
  type Answer,
  type ClassAnswer,
  ensembleOf,
  InputError,
  type ModelInput,
  type ModelRecord,
  parseReference,
  type Prediction,
} from '#inference';
import { Settings } from '#platform/config';
import { Logger, logContext } from '#platform/telemetry';
import { InvalidRequestError } from '../http/http.errors.js';
import { PredictionMetrics } from './prediction-metrics.js';
import { asProblem, BatchTooLargeError } from './predictions.errors.js';
import { type PredictionRow, PredictionsRepository } from './predictions.repository.js';
import { Serving } from './serving.js';

/** Where in a request its inputs stand. */
type Field = 'inputs' | 'features' | 'predictions' | 'samples';

@Injectable()
export class PredictionsService {
  constructor(
    private readonly serving: Serving,
    private readonly rows: PredictionsRepository,
    private readonly metrics: PredictionMetrics,
    private readonly settings: Settings,
    private readonly logger: Logger,
  ) {}

  /** One input, by one model or by all that take it. */
  async predict(teamId: string, request: Predict): Promise<PredictionAnswer | EnsembleAnswer> {
    const field = request.inputs ? 'inputs' : 'features';
    const input = request.inputs ?? request.features!;
    if (request.returnAllModels) return this.predictWithAll(teamId, request, input, field);
    const stop = this.metrics.startTimer('one');
    const { model, subject, returnProbabilities } = request;
    const [prediction] = await this.ask(teamId, model, [input], field, subject);
    stop();
    return answerOf(prediction, returnProbabilities);
  }

  /** Many inputs, in their order. */
  async predictBatch(teamId: string, request: PredictBatch): Promise<PredictionAnswer[]> {
    const inputs: readonly ModelInput[] = request.samples ?? request.predictions!;
    const { MAX_BATCH_SIZE: most } = this.settings;
    if (inputs.length > most) throw new BatchTooLargeError(inputs.length, most);
    const stop = this.metrics.startTimer('batch');
    const field = request.samples ? 'samples' : 'predictions';
    const predictions = await this.ask(teamId, request.model, inputs, field);
    stop();
    return predictions.map((each) => answerOf(each, request.returnProbabilities));
  }

  private async predictWithAll(
    teamId: string,
    { returnProbabilities }: Predict,
    input: ModelInput,
    field: Field,
  ): Promise<EnsembleAnswer> {
    const stop = this.metrics.startTimer('all_models');
    const models = await this.serving.shelf.visibleTo(teamId);
    const answers = await this.inTime(field, (signal) =>
      this.serving.predictor.predictWithAll(models, input, signal),
    );
    await this.keep(
      teamId,
      models,
      answers.map((answer) => ({ input, answer, variant: 'champion' })),
    );
    stop();
    return ensembleAnswerOf(answers, returnProbabilities);
  }

  private async ask(
    teamId: string,
    model: string,
    inputs: readonly ModelInput[],
    field: Field,
    subject?: string,
  ): Promise<Prediction[]> {
    const models = await this.serving.shelf.visibleTo(teamId);
    const predictions = await this.inTime(field, (signal) =>
      this.serving.predictor.predict(models, parseReference(model), inputs, { subject, signal }),
    );
    const kept = predictions.map((answer, i) => ({
      input: inputs[i],
      answer,
      variant: answer.variant,
    }));
    const ids = await this.keep(teamId, models, kept);
    predictions.forEach((each, i) => void this.keepShadow(ids[i], models, each));
    return predictions;
  }

  /** Gives up after a while, and makes problems of what models refuse. */
  private async inTime<T>(field: Field, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const seconds = this.settings.PREDICT_TIMEOUT_SECONDS;
    const signal = AbortSignal.timeout(1000 * seconds);
    try {
      return await work(signal);
    } catch (error) {
      if (error instanceof InputError) throw invalidRequest(error, field);
      const problem = asProblem(error, signal, seconds);
      const outcome = problem ? problem.slug : 'failed';
      this.metrics.predictions.inc({ model: 'none', variant: 'none', outcome });
      throw problem ?? error;
    }
  }

  /** No prediction is told that was not kept. */
  private async keep(
    teamId: string,
    models: readonly ModelRecord[],
    predictions: readonly { input: ModelInput; answer: Answer; variant: string }[],
  ): Promise<string[]> {
    const requestId = logContext().requestId ?? null;
    for (const { answer, variant } of predictions) {
      const model = labelOf(models, answer);
      this.metrics.predictions.inc({ model, variant, outcome: 'answered' });
      if (answer.drift.length > 0) this.metrics.drift.inc({ model });
    }
    return this.rows.add(
      predictions.map(({ input, answer, variant }) => ({
        teamId,
        requestId,
        input,
        variant,
        ...factsOf(answer),
      })),
    );
  }

  private async keepShadow(
    id: string,
    models: readonly ModelRecord[],
    prediction: Prediction,
  ): Promise<void> {
    const shadow = await prediction.shadow;
    if (prediction.shadow === null) return;
    const verdict = shadow === null ? 'failed' : agrees(prediction, shadow) ? 'same' : 'other';
    this.metrics.shadows.inc({ model: labelOf(models, prediction), verdict });
    const facts = shadow && shownInShadow(shadow);
    try {
      await this.rows.addShadow(id, { verdict, ...facts });
    } catch (error) {
      this.logger.warn({ error, predictionId: id }, 'What a challenger said was not kept');
    }
  }
}

function factsOf({
  version,
  schema,
  output,
  drift,
}: Answer): Omit<PredictionRow, 'teamId' | 'requestId' | 'input' | 'variant'> {
  return {
    modelName: version.metadata.name,
    modelVersion: version.metadata.version,
    modelSha256: schema.model.sha256,
    inputSchema: schema.name,
    output:
      'value' in output ? output : { class_name: output.className, ...probabilitiesOf(output) },
    drift,
  };
}

function shownInShadow(shadow: Answer) {
  const { modelVersion: version, modelSha256: sha256, output } = factsOf(shadow);
  return { version, sha256, output };
}

/** Names of teams' own models are no label: there is no end to them. */
const labelOf = (models: readonly ModelRecord[], { version }: Answer) => {
  const { name } = version.metadata;
  return models.find((each) => each.name === name)?.owner === 'platform' ? name : 'own';
};

function agrees({ output }: Answer, shadow: Answer): boolean {
  if ('value' in output || 'value' in shadow.output) {
    return 'value' in output && 'value' in shadow.output && output.value === shadow.output.value;
  }
  return output.className === shadow.output.className;
}

const probabilitiesOf = ({ labels, probabilities }: ClassAnswer) => ({
  probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
});

function classOf(output: ClassAnswer, withProbabilities: boolean) {
  const { className, confidence } = output;
  return { className, confidence, ...(withProbabilities ? probabilitiesOf(output) : {}) };
}

function answerOf(prediction: Prediction, withProbabilities: boolean): PredictionAnswer {
  const { output, version, schema, variant, insteadOf, drift } = prediction;
  const { name, version: number } = version.metadata;
  return {
    prediction: 'value' in output ? output : classOf(output, withProbabilities),
    model: { name, version: number, sha256: schema.model.sha256 },
    inputSchema: schema.name,
    variant,
    insteadOf: insteadOf ?? undefined,
    drift: drift.length > 0 ? { warnings: [...drift] } : undefined,
  };
}

/** Of the classifiers that speak of the same classes as the first. */
function ensembleAnswerOf(answers: readonly Answer[], withProbabilities: boolean): EnsembleAnswer {
  const members = answers.flatMap(({ version, schema, output }) =>
    'value' in output ? [] : [{ version, schema, output }],
  );
  const together = ensembleOf(members.map(({ output }) => output));
  const { className, confidence, agreement, probabilities } = together;
  const { labels } = members[0].output;
  return {
    ensemblePrediction: classOf(
      { className, confidence, labels, probabilities },
      withProbabilities,
    ),
    agreementScore: agreement,
    individualPredictions: Object.fromEntries(
      members.map(({ version, schema, output }) => [
        version.metadata.name,
        {
          ...classOf(output, withProbabilities),
          version: version.metadata.version,
          sha256: schema.model.sha256,
        },
      ]),
    ),
  };
}

function invalidRequest({ faults }: InputError, field: Field): InvalidRequestError {
  const isOne = field === 'inputs' || field === 'features';
  return new InvalidRequestError(
    faults.map(({ pointer, detail }) => ({
      // Of a single input the place is no part of the request.
      pointer: `#/${field}${isOne ? pointer.replace(/^\/0(?=\/|$)/, '') : pointer}`,
      detail,
    })),
  );
}
