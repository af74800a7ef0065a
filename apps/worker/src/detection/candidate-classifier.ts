import { Injectable } from '@nestjs/common';
import { BatchQueueFullError, InvalidVersionError, ModelNotFoundError } from '#inference';
import type { Classification, ClassifierInput } from '#transit';
import { WorkerServing } from '../predictions/worker-serving.js';
import { TaskError } from '../tasks/task-error.js';

const FORESEEN = [InvalidVersionError, ModelNotFoundError, BatchQueueFullError];

/** The models of the pipeline, for the threads that search. */
@Injectable()
export class CandidateClassifier {
  constructor(private readonly serving: WorkerServing) {}

  /** @throws {TaskError} where no version serves: nothing that the owner of the task can mend. */
  async classify(
    teamId: string,
    candidate: ClassifierInput,
    signal: AbortSignal,
  ): Promise<Classification> {
    try {
      const models = await this.serving.shelf.visibleTo(teamId);
      return await this.serving.candidates.score(models, candidate, { signal });
    } catch (cause) {
      if (!FORESEEN.some((kind) => cause instanceof kind)) throw cause;
      throw new TaskError('transient', 'model_unavailable', (cause as Error).message, { cause });
    }
  }
}
