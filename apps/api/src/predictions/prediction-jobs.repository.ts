import { Injectable } from '@nestjs/common';
import type { PredictionPayload } from '#contracts';
import { Database } from '#platform/database';
import { createJob } from '#platform/jobs';

@Injectable()
export class PredictionJobsRepository {
  constructor(private readonly database: Database) {}

  /** A job with one task, and its message. */
  async create(
    teamId: string,
    payload: PredictionPayload,
    requestId: string | null,
  ): Promise<{ jobId: string; taskId: string }> {
    const { model, asked, inputs } = payload;
    const created = await this.database.inTransaction((client) =>
      createJob(client, {
        teamId,
        datasetId: null,
        type: 'prediction',
        params: { model, asked, inputs: inputs.length },
        requestId,
        tasks: [{ target: model, payload }],
      }),
    );
    return { jobId: created.jobId, taskId: created.taskIds[0] };
  }
}
