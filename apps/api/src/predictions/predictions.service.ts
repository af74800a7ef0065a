import { Injectable } from '@nestjs/common';
import type {
  EnsembleAnswer,
  Predict,
  PredictBatch,
  PredictionAccepted,
  PredictionAnswer,
  PredictionPayload,
  PredictionsAnswer,
} from '#contracts';
import {
  type Answer,
  InputError,
  type ModelInput,
  ModelNotFoundError,
  type ModelRecord,
  parseReference,
  type Prediction,
  predictionFacts,
  shadowFacts,
  shownEnsemble,
  shownPrediction,
  versionAt,
} from '#inference';
import { Settings } from '#platform/config';
import { PredictionsStore } from '#platform/models';
import { Logger, logContext } from '#platform/telemetry';
import { InvalidRequestError } from '../http/http.errors.js';
import { NoSuchModelError } from '../models/models.errors.js';
import { PredictionJobsRepository } from './prediction-jobs.repository.js';
import { PredictionMetrics } from './prediction-metrics.js';
import { asProblem, BatchTooLargeError } from './predictions.errors.js';
import { ApiServing } from './api-serving.js';

/** Where in a request its inputs stand. */
type Field = 'inputs' | 'features' | 'predictions' | 'samples';

@Injectable()
export class PredictionsService {
  constructor(
    private readonly serving: ApiServing,
    private readonly rows: PredictionsStore,
    private readonly jobs: PredictionJobsRepository,
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
    return shownPrediction(prediction, returnProbabilities);
  }

  /** Many inputs, in their order. */
  async predictBatch(teamId: string, request: PredictBatch): Promise<PredictionsAnswer> {
    const inputs: readonly ModelInput[] = request.samples ?? request.predictions!;
    const { MAX_BATCH_SIZE: most } = this.settings;
    if (inputs.length > most) throw new BatchTooLargeError(inputs.length, most);
    const stop = this.metrics.startTimer('batch');
    const field = request.samples ? 'samples' : 'predictions';
    const predictions = await this.ask(teamId, request.model, inputs, field);
    stop();
    return {
      predictions: predictions.map((each) => shownPrediction(each, request.returnProbabilities)),
    };
  }

  /** The same by a worker, when it comes to it. */
  async start(
    teamId: string,
    payload: PredictionPayload,
    requestId: string | null,
  ): Promise<PredictionAccepted> {
    const { MAX_BATCH_SIZE: most } = this.settings;
    if (payload.inputs.length > most) throw new BatchTooLargeError(payload.inputs.length, most);
    await this.refuseUnknown(teamId, payload.model);
    const { jobId, taskId } = await this.jobs.create(teamId, payload, requestId);
    return { taskId, jobId, status: 'queued' };
  }

  /** A name that is wrong now will be wrong later. */
  private async refuseUnknown(teamId: string, model: string): Promise<void> {
    try {
      const reference = parseReference(model);
      if (reference.kind === 'auto') return;
      const models = await this.serving.shelf.visibleTo(teamId);
      const found = models.find(({ name }) => name === reference.name);
      if (!found || !versionAt(found, reference.at)) throw new ModelNotFoundError(model);
    } catch (error) {
      if (error instanceof ModelNotFoundError) throw new NoSuchModelError(error.reference);
      throw error;
    }
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
    return shownEnsemble(answers, returnProbabilities);
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
        ...predictionFacts(answer),
      })),
    );
  }

  private async keepShadow(
    id: string,
    models: readonly ModelRecord[],
    prediction: Prediction,
  ): Promise<void> {
    if (prediction.shadow === null) return;
    const shadow = shadowFacts(prediction, await prediction.shadow);
    this.metrics.shadows.inc({ model: labelOf(models, prediction), verdict: shadow.verdict });
    try {
      await this.rows.addShadow(id, shadow);
    } catch (error) {
      this.logger.warn({ error, predictionId: id }, 'What a challenger said was not kept');
    }
  }
}

/** Names of teams' own models are no label: there is no end to them. */
const labelOf = (models: readonly ModelRecord[], { version }: Answer) => {
  const { name } = version.metadata;
  return models.find((each) => each.name === name)?.owner === 'platform' ? name : 'own';
};

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
