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
    const file = await this.database.datasetFile.findFirst({
      where: { id: fileId, teamId },
      include: { dataset: { select: { kind: true } } },
    });
    return (
      file && {
        id: file.id,
        filename: file.filename,
        objectKey: file.objectKey,
        sizeBytes: Number(file.sizeBytes),
        announcedSha256: file.announcedSha256,
        kind: file.dataset.kind,
      }
    );
  }

  /** For whoever looks meanwhile. */
  async markBegun(teamId: string, fileId: string): Promise<void> {
    await this.database.datasetFile.updateMany({
      where: { id: fileId, teamId, status: 'uploaded' },
      data: { status: 'validating' },
    });
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
