import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import {
  type DatasetKind,
  fileSummary,
  type FileStatus,
  toWire,
  validationIssue,
} from '#contracts';
import { Database, storableJson, storableText } from '#platform/database';

export interface FileToValidate {
  readonly id: string;
  readonly filename: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly announcedSha256: string | null;
  readonly kind: DatasetKind;
}

/** What validation found out about a file. */
export interface FileVerdict {
  readonly status: Extract<FileStatus, 'valid' | 'invalid'>;
  readonly sha256: string | null;
  /** Of the file itself; a target that the client named stays. */
  readonly target: string;
  readonly summary: object | null;
  readonly issues: readonly object[];
}

@Injectable()
export class ValidationRepository {
  constructor(private readonly database: Database) {}

  async findInTeam(teamId: string, fileId: string): Promise<FileToValidate | null> {
    const { rows } = await this.database.pool.query<FileToValidate & { sizeBytes: string }>(
      `SELECT f.id, f.filename, f.object_key AS "objectKey", f.size_bytes AS "sizeBytes",
              f.announced_sha256 AS "announcedSha256", d.kind
       FROM dataset_files f JOIN datasets d ON d.id = f.dataset_id
       WHERE f.id = $1 AND f.team_id = $2`,
      [fileId, teamId],
    );
    return rows.length > 0 ? { ...rows[0], sizeBytes: Number(rows[0].sizeBytes) } : null;
  }

  /** For whoever looks meanwhile. */
  async markBegun(teamId: string, fileId: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE dataset_files SET status = 'validating'
       WHERE id = $1 AND team_id = $2 AND status = 'uploaded'`,
      [fileId, teamId],
    );
  }

  /** A file may say anything, also what no database holds. */
  async writeVerdict(client: ClientBase, fileId: string, verdict: FileVerdict): Promise<void> {
    await client.query(
      `UPDATE dataset_files SET status = $2::"FileStatus", sha256 = $3, target = coalesce(target, $4),
              summary = $5, issues = $6
       WHERE id = $1`,
      [
        fileId,
        verdict.status,
        verdict.sha256,
        storableText(verdict.target),
        verdict.summary && storableJson(toWire(fileSummary, verdict.summary) as object),
        storableJson(verdict.issues.map((issue) => toWire(validationIssue, issue) as object)),
      ],
    );
  }
}
