import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import {
  fromWire,
  type ModelAlias,
  type ModelMetadata,
  toWire,
  trainingReport,
  type TrainingReport,
} from '#contracts';
import { Database } from '../database/database.js';
import { storableJson } from '../database/storable.js';
import { uuid7 } from '../jobs/uuid7.js';
import { addMove } from './model-rows.js';

/** A version whose files are in the store already, under its id. */
export interface TrainedVersion {
  readonly id: string;
  readonly teamId: string;
  readonly metadata: ModelMetadata;
  readonly report: TrainingReport;
  /** User in whose name it was trained. */
  readonly requestedBy: string;
}

/** Versions that were made by a training of the team. */
@Injectable()
export class TrainedVersions {
  constructor(private readonly database: Database) {}

  /**
   * Registers a version in the caller's transaction; false where the model has one of that number.
   * It is `latest`; the first of its model is `champion` as well, since it steps back from nothing.
   */
  async register(client: ClientBase, version: TrainedVersion): Promise<boolean> {
    const { metadata, teamId } = version;
    const modelId = await lockedModelId(client, teamId, metadata.name);
    const { rows } = await client.query<{ by: string; isFirst: boolean }>(
      `SELECT coalesce((SELECT email FROM users WHERE id = $2), $2::text) AS by,
              NOT EXISTS (SELECT 1 FROM model_versions
                          WHERE model_id = $1 AND registered_at IS NOT NULL) AS "isFirst"`,
      [modelId, version.requestedBy],
    );
    const [{ by, isFirst }] = rows;
    const { rowCount } = await client.query(
      `INSERT INTO model_versions
         (id, model_id, version, metadata, training_report, created_by, registered_at)
       VALUES ($1, $2, $3, $4, $5, $6, now()) ON CONFLICT (model_id, version) DO NOTHING`,
      [
        version.id,
        modelId,
        metadata.version,
        storableJson(metadata),
        storableJson(toWire(trainingReport, version.report)),
        by,
      ],
    );
    if (rowCount === 0) return false;
    const aliases: readonly ModelAlias[] = isFirst ? ['latest', 'champion'] : ['latest'];
    for (const alias of aliases) {
      await addMove(client, modelId, { alias, by, note: 'trained' }, version.id);
    }
    return true;
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

/** The team's model of that name, made where there is none; locked, so that one version is first. */
async function lockedModelId(client: ClientBase, teamId: string, name: string): Promise<string> {
  await client.query(
    `INSERT INTO models (id, team_id, name) VALUES ($1, $2, $3)
     ON CONFLICT (team_id, name) DO NOTHING`,
    [uuid7(), teamId, name],
  );
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM models WHERE team_id = $1 AND name = $2 FOR UPDATE',
    [teamId, name],
  );
  return rows[0].id;
}
