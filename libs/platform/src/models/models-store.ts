/**
 * The registry of models of an installation: rows in PostgreSQL, files in the object store. Models
 * that came with the platform belong to no team and are seen by all; a team sees its own beside them.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import {
  filesOfVersion,
  type ModelAlias,
  type ModelFile,
  type ModelMetadata,
  modelMetadata,
} from '#contracts';
import { Database } from '../database/database.js';
import { uuid7 } from '../jobs/uuid7.js';
import { ObjectNotFoundError, ObjectStore } from '../storage/index.js';
import { MODEL_FILE_TYPE, modelFileKey } from './file-keys.js';
import { addMove, lockBundling, lockModel, nameOfUser } from './model-rows.js';

/** Rung by triggers on the rows of models. */
export const MODELS_CHANNEL = 'lightfold_models';

export interface StoredVersion {
  readonly id: string;
  readonly metadata: ModelMetadata;
  readonly createdBy: string;
  readonly registeredAt: Date;
}

export interface StoredMove {
  readonly alias: ModelAlias;
  readonly version: string | null;
  readonly at: string;
  readonly by: string;
  readonly note: string;
}

export interface StoredModel {
  readonly id: string;
  /** null: it came with the platform. */
  readonly teamId: string | null;
  readonly name: string;
  /** Registered ones, the oldest first. */
  readonly versions: readonly StoredVersion[];
  /** The oldest first. */
  readonly moves: readonly StoredMove[];
}

/** A version that comes with the platform, as a registry in a folder has it. */
export interface BundledVersion {
  readonly metadata: ModelMetadata;
  read(file: ModelFile): Promise<Uint8Array>;
}

export interface BundledModel {
  readonly name: string;
  readonly versions: ReadonlyMap<string, BundledVersion>;
  readonly moves: readonly StoredMove[];
}

/** A version that is bundled again with other contents. */
export class BundledVersionChangedError extends Error {
  override readonly name = 'BundledVersionChangedError';
  constructor(reference: string) {
    super(
      `${reference} is registered with other contents than MODEL_REGISTRY_PATH has: give what changed a new version.`,
    );
  }
}

/** As PostgreSQL puts it together; null where there is nothing of a kind. */
interface VisibleModel {
  readonly id: string;
  readonly teamId: string | null;
  readonly name: string;
  readonly versions:
    readonly { id: string; metadata: unknown; createdBy: string; registeredAt: string }[] | null;
  readonly moves:
    | readonly { alias: ModelAlias; version: string | null; at: string; by: string; note: string }[]
    | null;
}

@Injectable()
export class ModelsStore {
  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * What a team sees: the platform's models and its own, by name. A name that the platform took after
   * the team did means the platform's.
   */
  async listVisible(teamId: string): Promise<StoredModel[]> {
    const { rows: models } = await this.database.pool.query<VisibleModel>(
      `SELECT DISTINCT ON (m.name) m.id, m.team_id AS "teamId", m.name,
         (SELECT json_agg(json_build_object('id', v.id, 'metadata', v.metadata,
                            'createdBy', v.created_by, 'registeredAt', v.registered_at)
                          ORDER BY v.registered_at)
          FROM model_versions v WHERE v.model_id = m.id AND v.registered_at IS NOT NULL) AS versions,
         (SELECT json_agg(json_build_object('alias', a.alias, 'version', v.version,
                            'at', a.created_at, 'by', a.moved_by, 'note', a.note) ORDER BY a.id)
          FROM model_alias_moves a LEFT JOIN model_versions v ON v.id = a.version_id
          WHERE a.model_id = m.id) AS moves
       FROM models m WHERE m.team_id IS NULL OR m.team_id = $1
       ORDER BY m.name, m.team_id NULLS FIRST`,
      [teamId],
    );
    return models.map(({ id, teamId: owner, name, versions, moves }) => ({
      id,
      teamId: owner,
      name,
      versions: (versions ?? []).map((version) => ({
        ...version,
        metadata: modelMetadata.parse(version.metadata),
        registeredAt: new Date(version.registeredAt),
      })),
      moves: (moves ?? []).map((move) => ({ ...move, at: new Date(move.at).toISOString() })),
    }));
  }

  /** A file of a version whole; null where the store has none. */
  async readFile(versionId: string, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const { stream } = await this.objects.get(modelFileKey(versionId, file));
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return null;
      throw error;
    }
  }

  /**
   * Lets an alias stand for another version, unless it stands for another than `present` by now;
   * answers whether it does.
   *
   * @param present version number; null: the alias stood for none
   */
  move(
    modelId: string,
    alias: ModelAlias,
    versionId: string,
    userId: string,
    note: string,
    present: string | null,
  ): Promise<boolean> {
    return this.database.inTransaction(async (client) => {
      await lockModel(client, modelId);
      const { rows } = await client.query<{ version: string | null }>(
        `SELECT v.version FROM model_alias_moves m LEFT JOIN model_versions v ON v.id = m.version_id
         WHERE m.model_id = $1 AND m.alias = $2 ORDER BY m.id DESC LIMIT 1`,
        [modelId, alias],
      );
      if ((rows[0]?.version ?? null) !== present) return false;
      const by = await nameOfUser(client, userId);
      await addMove(client, modelId, { alias, by, note }, versionId);
      return true;
    });
  }

  /**
   * Takes in the models that came with the platform, those that are not there yet. A history goes on
   * where the folder's is longer; what was moved here meanwhile stays.
   *
   * @throws {BundledVersionChangedError}
   */
  async publish(models: readonly BundledModel[]): Promise<void> {
    for (const model of models) {
      await this.database.inTransaction(async (client) => {
        await lockBundling(client);
        await this.publishOne(client, model);
      });
    }
  }

  private async publishOne(client: ClientBase, model: BundledModel): Promise<void> {
    const modelId = await platformModelId(client, model.name);
    const { rows } = await client.query<{ id: string; version: string; metadata: unknown }>(
      'SELECT id, version, metadata FROM model_versions WHERE model_id = $1',
      [modelId],
    );
    const known = new Map(rows.map((row) => [row.version, row]));
    const ids = new Map(rows.map(({ version, id }) => [version, id]));
    for (const [version, bundled] of model.versions) {
      const there = known.get(version);
      if (!there) ids.set(version, await this.addVersion(client, modelId, bundled));
      else if (digestOf(there.metadata) !== digestOf(bundled.metadata)) {
        throw new BundledVersionChangedError(`${model.name} ${version}`);
      }
    }
    const { rows: counted } = await client.query<{ moves: number }>(
      `SELECT count(*)::int AS moves FROM model_alias_moves
       WHERE model_id = $1 AND moved_by = 'platform'`,
      [modelId],
    );
    for (const move of model.moves.slice(counted[0].moves)) {
      const versionId = move.version === null ? null : (ids.get(move.version) ?? null);
      await addMove(client, modelId, { ...move, by: 'platform' }, versionId);
    }
  }

  private async addVersion(
    client: ClientBase,
    modelId: string,
    version: BundledVersion,
  ): Promise<string> {
    const id = uuid7();
    for (const file of filesOfVersion(version.metadata)) {
      await this.objects.put(
        modelFileKey(id, file.file),
        await version.read(file),
        MODEL_FILE_TYPE,
      );
    }
    await client.query(
      `INSERT INTO model_versions (id, model_id, version, metadata, created_by, registered_at)
       VALUES ($1, $2, $3, $4, 'platform', now())`,
      [id, modelId, version.metadata.version, JSON.stringify(version.metadata)],
    );
    return id;
  }
}

async function platformModelId(client: ClientBase, name: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM models WHERE team_id IS NULL AND name = $1',
    [name],
  );
  if (rows.length > 0) return rows[0].id;
  const id = uuid7();
  await client.query('INSERT INTO models (id, name) VALUES ($1, $2)', [id, name]);
  return id;
}

/** Of the same facts in any order of their keys: PostgreSQL keeps none. */
function digestOf(metadata: unknown): string {
  const text = JSON.stringify(modelMetadata.parse(metadata), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
