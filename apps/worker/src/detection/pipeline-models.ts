import { Injectable } from '@nestjs/common';
import { candidateModels, InvalidVersionError, ModelNotFoundError } from '#inference';
import type { CandidateModels } from '#inference/candidates';
import { WorkerServing } from '../predictions/worker-serving.js';
import { TaskError } from '../tasks/task-error.js';

/** The models that a search hands to its thread. */
@Injectable()
export class PipelineModels {
  constructor(private readonly serving: WorkerServing) {}

  /** @throws {TaskError} where no version serves: nothing that the owner of the task can mend. */
  async forTeam(teamId: string): Promise<CandidateModels> {
    try {
      return await candidateModels(await this.serving.shelf.visibleTo(teamId));
    } catch (cause) {
      const isForeseen =
        cause instanceof InvalidVersionError || cause instanceof ModelNotFoundError;
      if (!isForeseen) throw cause;
      throw new TaskError('transient', 'model_unavailable', cause.message, { cause });
    }
  }
}
