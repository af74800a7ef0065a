import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import {
  type Dataset,
  type DatasetFile,
  type DatasetStatus,
  fileSummary,
  type FileSummary,
  fromWire,
  type ListDatasets,
  type StorageUsage,
  type ValidationIssue,
  validationIssue,
  type ValidationLog,
} from '#contracts';
import { giveStorageBack } from '#platform/database';
import { PrismaDatabase, type Dataset as DatasetRow } from '#platform/prisma';
import { afterCursor, newestFirst } from '../http/cursor.js';

export type Deletion =
  | { readonly outcome: 'deleted' | 'not-found' }
  | { readonly outcome: 'busy'; readonly jobId: string };

const MOST_LOGS = 1000;

@Injectable()
export class DatasetsRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** One more than asked for where there are more. */
  async listInTeam(teamId: string, query: ListDatasets): Promise<Dataset[]> {
    const { status, kind, limit, cursor } = query;
    const rows = await this.database.dataset.findMany({
      where: { teamId, status, kind, ...afterCursor(cursor) },
      orderBy: newestFirst,
      take: limit + 1,
    });
    const files = await this.countFiles(rows.map(({ id }) => id));
    return rows.map((row) => datasetOf(row, files));
  }

  async findInTeam(teamId: string, datasetId: string): Promise<Dataset | null> {
    const row = await this.database.dataset.findFirst({
      where: { id: datasetId, teamId },
    });
    return row && datasetOf(row, await this.countFiles([row.id]));
  }

  async listFiles(teamId: string, datasetId: string): Promise<DatasetFile[]> {
    const rows = await this.database.datasetFile.findMany({
      where: { datasetId, teamId },
      orderBy: { position: 'asc' },
    });
    return rows.map((row) => ({
      fileId: row.id,
      filename: row.filename,
      sizeBytes: Number(row.sizeBytes),
      sha256: row.sha256,
      target: row.target,
      status: row.status,
      summary: fromWire(fileSummary, row.summary) as FileSummary | null,
      issues: (row.issues as unknown[]).map(
        (issue) => fromWire(validationIssue, issue) as ValidationIssue,
      ),
    }));
  }

  async findProgress(teamId: string, jobId: string): Promise<number | null> {
    const job = await this.database.job.findFirst({
      where: { id: jobId, teamId },
      select: { progress: true },
    });
    return job && job.progress;
  }

  /** What the events of a job said, the latest last. */
  async listLogs(teamId: string, jobId: string): Promise<ValidationLog[]> {
    const { rows } = await this.database.pool.query<ValidationLog>(
      `SELECT e.created_at AS at,
              CASE WHEN e.body->>'type' = 'failed' THEN 'error' ELSE 'info' END AS level,
              CASE e.body->>'type' WHEN 'failed' THEN e.body->'problem'->>'detail'
                                   WHEN 'complete' THEN 'Validation completed'
                                   ELSE e.body->>'message' END AS message
       FROM job_events e JOIN jobs j ON j.id = e.job_id
       WHERE j.id = $1 AND j.team_id = $2
         AND (e.body->>'type' <> 'progress' OR e.body->>'message' <> '')
       ORDER BY e.seq DESC LIMIT ${MOST_LOGS}`,
      [jobId, teamId],
    );
    return rows.reverse();
  }

  /**
   * Deletes a dataset, gives its storage back and queues the deletion of its objects: all or
   * nothing. An expired one has given both back already.
   */
  delete(teamId: string, datasetId: string): Promise<Deletion> {
    return this.database.inTransaction(async (client) => {
      // A job that is just being made on this dataset waits for the lock, and so do we for it.
      const { rows } = await client.query<{ status: DatasetStatus; size_bytes: string }>(
        'SELECT status, size_bytes FROM datasets WHERE id = $1 AND team_id = $2 FOR UPDATE',
        [datasetId, teamId],
      );
      if (rows.length === 0) return { outcome: 'not-found' };
      const [dataset] = rows;
      const busy = await client.query<{ id: string }>(
        `SELECT id FROM jobs WHERE dataset_id = $1 AND status IN ('queued', 'running') LIMIT 1`,
        [datasetId],
      );
      if (busy.rows.length > 0) return { outcome: 'busy', jobId: busy.rows[0].id };
      if (dataset.status !== 'expired') {
        await giveBack(client, { teamId, datasetId, sizeBytes: dataset.size_bytes });
      }
      await client.query('DELETE FROM datasets WHERE id = $1', [datasetId]);
      return { outcome: 'deleted' };
    });
  }

  async getUsage(teamId: string): Promise<StorageUsage> {
    const team = await this.database.team.findUniqueOrThrow({ where: { id: teamId } });
    return {
      usedBytes: Number(team.storageUsedBytes),
      quotaBytes: Number(team.storageQuotaBytes),
    };
  }

  /** Of these datasets alone: Prisma's own `_count` counts the files of everybody first. */
  private async countFiles(datasetIds: string[]): Promise<ReadonlyMap<string, number>> {
    const counted = await this.database.datasetFile.groupBy({
      by: 'datasetId',
      where: { datasetId: { in: datasetIds } },
      _count: true,
    });
    return new Map(counted.map(({ datasetId, _count }) => [datasetId, _count]));
  }
}

const datasetOf = (
  { sizeBytes, ...row }: DatasetRow,
  files: ReadonlyMap<string, number>,
): Dataset => ({
  ...row,
  files: files.get(row.id) ?? 0,
  sizeBytes: Number(sizeBytes),
});

async function giveBack(
  client: pg.PoolClient,
  dataset: { teamId: string; datasetId: string; sizeBytes: string },
): Promise<void> {
  await client.query(
    `INSERT INTO object_deletions (object_key, multipart_id)
     SELECT object_key, multipart_id FROM dataset_files WHERE dataset_id = $1`,
    [dataset.datasetId],
  );
  await giveStorageBack(client, dataset.teamId, dataset.sizeBytes);
}
