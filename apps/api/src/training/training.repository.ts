import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import type { DatasetKind, DatasetStatus } from '#contracts';
import { Database } from '#platform/database';
import { createJob, type NewJob } from '#platform/jobs';

export interface TrainableDataset {
  readonly name: string;
  readonly kind: DatasetKind;
  readonly status: DatasetStatus;
  /** The valid ones. */
  readonly tables: readonly {
    readonly fileId: string;
    readonly filename: string;
    readonly rows: number;
    readonly columns: readonly string[];
  }[];
}

/** What there is of a model by the name that is wished for. */
export interface NamedModel {
  readonly isPlatforms: boolean;
  /** Of the team. */
  readonly versions: readonly {
    readonly version: string;
    readonly state: 'registered' | 'draft' | 'training';
  }[];
}

@Injectable()
export class TrainingRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes the job that `plan` makes, in one transaction that keeps the dataset from being deleted
   * and the version from being given away meanwhile. null where the team has no such dataset.
   */
  createFromDataset(
    teamId: string,
    datasetId: string,
    modelName: string,
    plan: (dataset: TrainableDataset, model: NamedModel) => NewJob,
  ): Promise<{ jobId: string; target: string } | null> {
    return this.database.inTransaction(async (client) => {
      const dataset = await findDataset(client, teamId, datasetId);
      if (!dataset) return null;
      const model = await lockModelNamed(client, teamId, modelName);
      const job = plan(dataset, model);
      const { jobId } = await createJob(client, job);
      return { jobId, target: job.tasks[0].target };
    });
  }
}

async function findDataset(
  client: ClientBase,
  teamId: string,
  datasetId: string,
): Promise<TrainableDataset | null> {
  const datasets = await client.query<Omit<TrainableDataset, 'tables'>>(
    'SELECT name, kind, status FROM datasets WHERE id = $1 AND team_id = $2 FOR SHARE',
    [datasetId, teamId],
  );
  if (datasets.rows.length === 0) return null;
  const files = await client.query<TrainableDataset['tables'][number]>(
    `SELECT id AS "fileId", filename, (summary->>'points')::int AS rows,
            coalesce(summary->'columns', '[]') AS columns
     FROM dataset_files
     WHERE dataset_id = $1 AND team_id = $2 AND status = 'valid' ORDER BY position`,
    [datasetId, teamId],
  );
  return { ...datasets.rows[0], tables: files.rows };
}

/** Requests for the same name come one after another, so that each sees the version of the other. */
async function lockModelNamed(
  client: ClientBase,
  teamId: string,
  name: string,
): Promise<NamedModel> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `train ${teamId} ${name}`,
  ]);
  const { rows: versions } = await client.query<NamedModel['versions'][number]>(
    `SELECT v.version, CASE WHEN v.registered_at IS NULL THEN 'draft' ELSE 'registered' END AS state
     FROM model_versions v JOIN models m ON m.id = v.model_id
     WHERE m.team_id = $1 AND m.name = $2
     UNION ALL
     SELECT params->>'version', 'training' FROM jobs
     WHERE team_id = $1 AND type = 'training' AND status IN ('queued', 'running')
       AND params->>'name' = $2`,
    [teamId, name],
  );
  const platforms = await client.query('SELECT 1 FROM models WHERE team_id IS NULL AND name = $1', [
    name,
  ]);
  return { isPlatforms: platforms.rows.length > 0, versions };
}
