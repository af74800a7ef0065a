import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';

/** The table, as validation has recorded it. */
export interface TableToLearn {
  readonly filename: string;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

@Injectable()
export class TrainingRepository {
  constructor(private readonly database: Database) {}

  async findTable(teamId: string, fileId: string): Promise<TableToLearn | null> {
    const { rows } = await this.database.pool.query<TableToLearn>(
      `SELECT filename, object_key AS "objectKey", size_bytes::float8 AS "sizeBytes", sha256
       FROM dataset_files
       WHERE id = $1 AND team_id = $2 AND status = 'valid' AND sha256 IS NOT NULL`,
      [fileId, teamId],
    );
    return rows[0] ?? null;
  }
}
