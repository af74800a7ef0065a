import { Injectable } from '@nestjs/common';
import {
  ensemblePrediction,
  prediction,
  type PredictionPayload,
  predictions,
  taskPayload,
  toWire,
} from '#contracts';
import {
  type Answer,
  BatchQueueFullError,
  InputError,
  InvalidVersionError,
  ModelNotFoundError,
  NoModelFitsError,
  parseReference,
  predictionFacts,
  shadowFacts,
  shownEnsemble,
  shownPrediction,
} from '#inference';
import type { ClaimedTask } from '#platform/jobs';
import { PredictionsStore, type PredictionRow } from '#platform/models';
import { TaskError } from '../tasks/task-error.js';
import type { FinishedTask, TaskContext, TaskHandler } from '../tasks/task-handler.js';
import { WorkerServing } from './worker-serving.js';

interface Found {
  /** As the wire shows it. */
  readonly result: object;
  readonly rows: readonly PredictionRow[];
}

/** A prediction that nobody waits for: the same as over HTTP, with its rows in the task's end. */
@Injectable()
export class PredictionHandler implements TaskHandler {
  readonly kind = 'prediction';

  constructor(
    private readonly serving: WorkerServing,
    private readonly store: PredictionsStore,
  ) {}

  async run(task: ClaimedTask, context: TaskContext): Promise<FinishedTask> {
    const payload = taskPayload.prediction.parse(task.payload);
    const { result, rows } = await this.predict(task, payload, context.signal).catch(asTaskError);
    return { result, write: async (client) => void (await this.store.insert(client, rows)) };
  }

  private async predict(
    task: ClaimedTask,
    payload: PredictionPayload,
    signal: AbortSignal,
  ): Promise<Found> {
    const { model, asked, inputs, subject, return_probabilities: withProbabilities } = payload;
    const models = await this.serving.shelf.visibleTo(task.teamId);
    const { predictor } = this.serving;
    const row = (answer: Answer, i: number, variant: string): PredictionRow => ({
      teamId: task.teamId,
      requestId: task.requestId,
      input: inputs[i],
      variant,
      ...predictionFacts(answer),
    });
    if (asked === 'all_models') {
      const answers = await predictor.predictWithAll(models, inputs[0], signal);
      return {
        result: toWire(ensemblePrediction, shownEnsemble(answers, withProbabilities)) as object,
        rows: answers.map((answer) => row(answer, 0, 'champion')),
      };
    }
    const reference = parseReference(model);
    const found = await predictor.predict(models, reference, inputs, { subject, signal });
    const shown = found.map((each) => shownPrediction(each, withProbabilities));
    const rows = await Promise.all(
      found.map(async (each, i) => ({
        ...row(each, i, each.variant),
        shadow: each.shadow && shadowFacts(each, await each.shadow),
      })),
    );
    const result =
      asked === 'one' ? toWire(prediction, shown[0]) : toWire(predictions, { predictions: shown });
    return { result: result as object, rows };
  }
}

/** What its owner can mend, and what time may. */
function asTaskError(error: unknown): never {
  const fail = (kind: 'usage' | 'transient', code: string): never => {
    throw new TaskError(kind, code, (error as Error).message, { cause: error });
  };
  if (error instanceof InputError) fail('usage', 'invalid_input');
  if (error instanceof NoModelFitsError) fail('usage', 'no_model_fits');
  if (error instanceof ModelNotFoundError) fail('usage', 'model_gone');
  if (error instanceof InvalidVersionError) fail('transient', 'model_unavailable');
  if (error instanceof BatchQueueFullError) fail('transient', 'predictions_busy');
  throw error;
}
