import { Injectable } from '@nestjs/common';
import type { DatasetKind, DatasetStatus } from '#contracts';
import { Database } from '#platform/database';
import { createJob, type NewJob } from '#platform/jobs';

export interface SearchableDataset {
  readonly kind: DatasetKind;
  readonly status: DatasetStatus;
  /** The valid ones, in the order of the upload. */
  readonly files: readonly {
    readonly id: string;
    readonly filename: string;
    target: string | null;
  }[];
}

@Injectable()
export class DetectionsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes the job that `plan` makes of the dataset, in one transaction that keeps the dataset from
   * being deleted or changed meanwhile. null where the team has no such dataset.
   */
  createFromDataset(
    teamId: string,
    datasetId: string,
    plan: (dataset: SearchableDataset) => NewJob,
  ): Promise<{ jobId: string } | null> {
    return this.database.inTransaction(async (client) => {
      const datasets = await client.query<{ kind: DatasetKind; status: DatasetStatus }>(
        'SELECT kind, status FROM datasets WHERE id = $1 AND team_id = $2 FOR SHARE',
        [datasetId, teamId],
      );
      if (datasets.rows.length === 0) return null;
      const files = await client.query<SearchableDataset['files'][number]>(
        `SELECT id, filename, target FROM dataset_files
         WHERE dataset_id = $1 AND team_id = $2 AND status = 'valid' ORDER BY position`,
        [datasetId, teamId],
      );
      return createJob(client, plan({ ...datasets.rows[0], files: files.rows }));
    });
  }
}
