import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import {
  bytesOfVersion,
  fromWire,
  type ModelMetadata,
  toWire,
  trainingReport,
  type TrainingReport,
} from '#contracts';
import { Database } from '../database/database.js';
import { storableJson } from '../database/storable.js';
import { takeStorage } from '../database/team-storage.js';
import { uuid7 } from '../jobs/uuid7.js';
import { letAliasesStandFor, lockBundling, lockModel, nameOfUser } from './model-rows.js';

/** A version whose files are in the store already, under its id. */
export interface TrainedVersion {
  readonly id: string;
  readonly teamId: string;
  readonly metadata: ModelMetadata;
  readonly report: TrainingReport;
  /** User in whose name it was trained. */
  readonly requestedBy: string;
}

/** `taken`: another has its name and number by now; `full`: the quota has no room for its files. */
export type Registration = 'registered' | 'taken' | 'full';

/** Versions that were made by a training of the team. */
@Injectable()
export class TrainedVersions {
  constructor(private readonly database: Database) {}

  /**
   * Registers a version in the caller's transaction, which is to be rolled back where it is not
   * registered. It is `latest`; the first of its model is `champion` as well.
   */
  async register(client: ClientBase, version: TrainedVersion): Promise<Registration> {
    const { id, teamId, metadata, report, requestedBy } = version;
    const modelId = await modelIdOf(client, teamId, metadata.name);
    if (modelId === null) return 'taken';
    await lockModel(client, modelId);
    const sizeBytes = bytesOfVersion(metadata);
    const { rowCount } = await client.query(
      `INSERT INTO model_versions
         (id, model_id, version, metadata, training_report, size_bytes, created_by, registered_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
       ON CONFLICT (model_id, version) DO NOTHING`,
      [
        id,
        modelId,
        metadata.version,
        storableJson(metadata),
        storableJson(toWire(trainingReport, report)),
        sizeBytes,
        await nameOfUser(client, requestedBy),
      ],
    );
    if (rowCount === 0) return 'taken';
    if (await takeStorage(client, teamId, sizeBytes)) return 'full';
    await letAliasesStandFor(client, modelId, id, { userId: requestedBy, note: 'trained' });
    return 'registered';
  }

  /** What the training of a version found; null where it was not trained here. */
  async findReport(versionId: string): Promise<TrainingReport | null> {
    const { rows } = await this.database.pool.query<{ report: unknown }>(
      'SELECT training_report AS report FROM model_versions WHERE id = $1',
      [versionId],
    );
    const report = rows[0]?.report;
    return report ? (fromWire(trainingReport, report) as TrainingReport) : null;
  }
}

/** The team's model of that name, made where there is none; null: the platform has taken the name. */
async function modelIdOf(client: ClientBase, teamId: string, name: string): Promise<string | null> {
  await lockBundling(client); // the platform may be taking the same name
  await client.query(
    `INSERT INTO models (id, team_id, name) SELECT $1, $2, $3
     WHERE NOT EXISTS (SELECT 1 FROM models WHERE team_id IS NULL AND name = $3)
     ON CONFLICT DO NOTHING`,
    [uuid7(), teamId, name],
  );
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM models WHERE team_id = $1 AND name = $2',
    [teamId, name],
  );
  return rows[0]?.id ?? null;
}
