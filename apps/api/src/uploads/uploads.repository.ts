import { Injectable } from '@nestjs/common';
import type { DatasetKind, DatasetStatus } from '#contracts';
import { giveStorageBack, type StorageTaken, takeStorage } from '#platform/database';
import { PrismaDatabase } from '#platform/prisma';
import { createJob, uuid7 } from '#platform/jobs';

export interface NewFile {
  readonly id: string;
  readonly filename: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly announcedSha256: string | null;
  readonly target: string | null;
  /** Null: one PUT. */
  readonly partSizeBytes: number | null;
}

export interface NewDataset {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly kind: DatasetKind;
  readonly sizeBytes: number;
  readonly expiresAt: Date;
  readonly files: readonly NewFile[];
}

export interface UploadFile {
  readonly id: string;
  readonly filename: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly partSizeBytes: number | null;
  readonly multipartId: string | null;
}

export interface Upload {
  readonly datasetId: string;
  readonly teamId: string;
  readonly kind: DatasetKind;
  readonly status: DatasetStatus;
  readonly expiresAt: Date | null;
  readonly validationJobId: string | null;
  readonly files: readonly UploadFile[];
}

export interface ArrivedFile {
  readonly id: string;
  readonly etag: string;
}

export type Reservation =
  { readonly outcome: 'reserved' } | ({ readonly outcome: 'full' } & StorageTaken);

/** `begun`: by this call; `had-begun`: by one before, or at the same time. */
export type Completion =
  | { readonly outcome: 'begun' | 'had-begun'; readonly jobId: string }
  | { readonly outcome: 'gone' };

@Injectable()
export class UploadsRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** Takes the storage and writes the dataset with its files, both or neither. */
  reserve(dataset: NewDataset): Promise<Reservation> {
    const { id, teamId, name, kind, sizeBytes, expiresAt, files } = dataset;
    return this.database.inTransaction(async (client) => {
      const taken = await takeStorage(client, teamId, sizeBytes);
      if (taken) return { outcome: 'full', ...taken };
      await client.query(
        `INSERT INTO datasets (id, team_id, name, kind, size_bytes, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, teamId, name, kind, sizeBytes, expiresAt],
      );
      await client.query(
        `INSERT INTO dataset_files (id, dataset_id, team_id, position, filename, object_key,
           size_bytes, content_type, announced_sha256, target, part_size_bytes)
         SELECT f.id, $1, $2, f.position, f.filename, f."objectKey", f."sizeBytes",
                f."contentType", f."announcedSha256", f.target, f."partSizeBytes"
         FROM json_to_recordset($3) AS f (id uuid, position int, filename text, "objectKey" text,
           "sizeBytes" bigint, "contentType" text, "announcedSha256" text, target text,
           "partSizeBytes" bigint)`,
        [id, teamId, JSON.stringify(files.map((file, position) => ({ ...file, position })))],
      );
      return { outcome: 'reserved' };
    });
  }

  async findInTeam(teamId: string, datasetId: string): Promise<Upload | null> {
    const row = await this.database.dataset.findFirst({
      where: { id: datasetId, teamId },
      include: { files: { orderBy: { position: 'asc' } } },
    });
    if (!row) return null;
    const { id, files, ...dataset } = row;
    return {
      ...dataset,
      datasetId: id,
      files: files.map((file) => ({
        ...file,
        sizeBytes: Number(file.sizeBytes),
        partSizeBytes: file.partSizeBytes === null ? null : Number(file.partSizeBytes),
      })),
    };
  }

  /** Notes the store's id of a file's parts, unless another request was faster; answers which holds. */
  async rememberMultipart(
    fileId: string,
    instead: string | null,
    multipartId: string,
  ): Promise<string> {
    const changed = await this.database.datasetFile.updateMany({
      where: { id: fileId, multipartId: instead },
      data: { multipartId },
    });
    if (changed.count > 0) return multipartId;
    const file = await this.database.datasetFile.findUniqueOrThrow({ where: { id: fileId } });
    return file.multipartId ?? multipartId;
  }

  /**
   * The upload is over: its files are there, and their validation is queued. However many ask at
   * once, the first does it and the others get its job.
   */
  complete(
    { datasetId, teamId }: Pick<Upload, 'datasetId' | 'teamId'>,
    arrived: readonly ArrivedFile[],
    requestId: string | null,
  ): Promise<Completion> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<{ status: DatasetStatus; job_id: string | null }>(
        `SELECT status, validation_job_id AS job_id FROM datasets
         WHERE id = $1 AND team_id = $2 FOR UPDATE`,
        [datasetId, teamId],
      );
      const dataset = rows[0];
      if (dataset?.job_id) return { outcome: 'had-begun', jobId: dataset.job_id };
      if (dataset?.status !== 'pending_upload') return { outcome: 'gone' };
      const files = await client.query<{ id: string; filename: string }>(
        `UPDATE dataset_files f SET status = 'uploaded', etag = a.etag, multipart_id = NULL
         FROM json_to_recordset($2) AS a (id uuid, etag text)
         WHERE f.id = a.id AND f.dataset_id = $1
         RETURNING f.id, f.filename`,
        [datasetId, JSON.stringify(arrived)],
      );
      const { jobId } = await createJob(client, {
        teamId,
        datasetId,
        type: 'validation',
        params: {},
        requestId,
        tasks: files.rows.map(({ id, filename }) => ({
          target: filename,
          payload: { file_id: id },
        })),
      });
      await client.query(
        `UPDATE datasets SET status = 'validating', validation_job_id = $2, expires_at = NULL
         WHERE id = $1`,
        [datasetId, jobId],
      );
      return { outcome: 'begun', jobId };
    });
  }

  /** Takes back an upload that could not be begun, and what it had reserved. */
  discard({ id, teamId, sizeBytes }: Pick<NewDataset, 'id' | 'teamId' | 'sizeBytes'>) {
    return this.database.inTransaction(async (client) => {
      await client.query(
        `INSERT INTO object_deletions (object_key, multipart_id)
         SELECT object_key, multipart_id FROM dataset_files
         WHERE dataset_id = $1 AND multipart_id IS NOT NULL`,
        [id],
      );
      const deleted = await client.query(
        `DELETE FROM datasets WHERE id = $1 AND status = 'pending_upload'`,
        [id],
      );
      if (deleted.rowCount === 0) return; // who ended it meanwhile has given the storage back
      await giveStorageBack(client, teamId, sizeBytes);
    });
  }

  /** Uploads under way, of all teams. */
  async countOpen(): Promise<number> {
    const { rows } = await this.database.pool.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM datasets
       WHERE status = 'pending_upload' AND expires_at > now()`,
    );
    return rows[0].open;
  }
}

export const newId = uuid7;
