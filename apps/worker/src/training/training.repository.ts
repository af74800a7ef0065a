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
    const file = await this.database.datasetFile.findFirst({
      where: { id: fileId, teamId, status: 'valid' },
    });
    if (!file?.sha256) return null;
    const { filename, objectKey, sizeBytes, sha256 } = file;
    return { filename, objectKey, sizeBytes: Number(sizeBytes), sha256 };
  }
}
