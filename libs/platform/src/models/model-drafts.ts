/**
 * Versions of teams' models on their way into the registry. A draft is a row without `registered_at`
 * and objects that its team may write; nobody can use it. Registering it copies what was checked to
 * where no client writes, and lets the aliases stand for it.
 */
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { bytesOfVersion, type ModelMetadata, modelMetadata } from '#contracts';
import { Database } from '../database/database.js';
import { type StorageTaken, takeStorage } from '../database/team-storage.js';
import { uuid7 } from '../jobs/uuid7.js';
import { ObjectStore } from '../storage/index.js';
import {
  deleteTwice,
  DRAFT_COLUMNS,
  type DraftRow,
  keysOf,
  lockDraft,
  removeDraft,
} from './draft-rows.js';
import { MODEL_FILE_TYPE, modelFileKey } from './file-keys.js';
import { letAliasesStandFor, lockBundling, lockModel, nameOfUser } from './model-rows.js';

export interface Draft {
  readonly id: string;
  readonly teamId: string;
  readonly modelId: string;
  readonly metadata: ModelMetadata;
  readonly expiresAt: Date;
}

/** A version as its row has it. */
export type VersionState =
  { readonly state: 'draft'; readonly draft: Draft } | { readonly state: 'registered' };

/** `full`: the quota has no room for its files. */
export type Announcement =
  | { readonly outcome: 'announced'; readonly draft: Draft }
  | { readonly outcome: 'exists'; readonly isRegistered: boolean }
  | ({ readonly outcome: 'full' } & StorageTaken);

export type Amendment =
  | { readonly outcome: 'amended'; readonly draft: Draft }
  | { readonly outcome: 'gone' }
  | ({ readonly outcome: 'full' } & StorageTaken);

/** Drafts removed in one transaction: short locks. */
const BATCH = 500;
/** Files copied for a registration that never ended, because its process did, go after this. */
const ABANDONED = `interval '1 hour'`;

@Injectable()
export class ModelDrafts {
  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStore,
  ) {}

  /** Takes a name for a team; false: the team or the platform has a model of this name. */
  addModel(teamId: string, name: string): Promise<boolean> {
    return this.database.inTransaction(async (client) => {
      await lockBundling(client); // the platform may be taking the same name
      const added = await client.query(
        `INSERT INTO models (id, team_id, name) SELECT $1, $2, $3
         WHERE NOT EXISTS (SELECT 1 FROM models WHERE team_id IS NULL AND name = $3)
         ON CONFLICT DO NOTHING`,
        [uuid7(), teamId, name],
      );
      return added.rowCount === 1;
    });
  }

  async find(teamId: string, modelId: string, version: string): Promise<VersionState | null> {
    const { rows } = await this.database.pool.query<DraftRow & { is_registered: boolean }>(
      `SELECT ${DRAFT_COLUMNS}, v.registered_at IS NOT NULL AS is_registered
       FROM model_versions v JOIN models m ON m.id = v.model_id
       WHERE m.team_id = $1 AND v.model_id = $2 AND v.version = $3`,
      [teamId, modelId, version],
    );
    if (rows.length === 0) return null;
    const [{ id, expires_at: expiresAt, is_registered: isRegistered, ...row }] = rows;
    if (isRegistered) return { state: 'registered' };
    const metadata = modelMetadata.parse(row.metadata);
    return { state: 'draft', draft: { id, teamId, modelId, metadata, expiresAt } };
  }

  /** Takes the storage and writes the draft, both or neither. One whose time is up makes way. */
  announce(draft: Omit<Draft, 'id'>, userId: string): Promise<Announcement> {
    const { teamId, modelId, metadata, expiresAt } = draft;
    return this.database.inTransaction(async (client) => {
      await lockModel(client, modelId);
      const present = await lockVersion(client, modelId, metadata.version);
      if (present && !present.is_over) {
        return { outcome: 'exists', isRegistered: present.is_registered };
      }
      if (present) await removeDraft(client, teamId, present);
      const sizeBytes = bytesOfVersion(metadata);
      const taken = await takeStorage(client, teamId, sizeBytes);
      if (taken) return { outcome: 'full', ...taken };
      const id = uuid7();
      const by = await nameOfUser(client, userId);
      await client.query(
        `INSERT INTO model_versions (id, model_id, version, metadata, size_bytes, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, modelId, metadata.version, JSON.stringify(metadata), sizeBytes, by, expiresAt],
      );
      return { outcome: 'announced', draft: { ...draft, id } };
    });
  }

  /** Other metadata for a draft: the files that they name no more go, the others stay. */
  amend(draft: Draft, metadata: ModelMetadata): Promise<Amendment> {
    return this.database.inTransaction(async (client) => {
      const row = await lockDraft(client, draft.id);
      if (!row) return { outcome: 'gone' };
      const sizeBytes = bytesOfVersion(metadata);
      const more = sizeBytes - Number(row.size_bytes);
      const taken = await takeStorage(client, draft.teamId, more);
      if (taken) return { outcome: 'full', ...taken };
      await client.query('UPDATE model_versions SET metadata = $2, size_bytes = $3 WHERE id = $1', [
        draft.id,
        JSON.stringify(metadata),
        sizeBytes,
      ]);
      const keys = keysOf({ id: draft.id, metadata });
      const dropped = keysOf(row).filter((key) => !keys.includes(key));
      await deleteTwice(client, dropped, draft.expiresAt);
      // One that was dropped before and is back.
      await client.query('DELETE FROM object_deletions WHERE object_key = ANY($1)', [keys]);
      return { outcome: 'amended', draft: { ...draft, metadata } };
    });
  }

  /** Removes a draft with its objects and gives its storage back; false: there is none any more. */
  discard({ id, teamId }: Draft): Promise<boolean> {
    return this.database.inTransaction(async (client) => {
      const row = await lockDraft(client, id);
      if (row) await removeDraft(client, teamId, row);
      return row !== null;
    });
  }

  /**
   * Registers what was checked: copies its files to where no client writes; then in one transaction
   * it is registered, `latest`, and `champion` where it is the first version of its model. Answers
   * false where the draft is not what was checked any more, or is gone.
   *
   * @param files bytes by file name
   */
  async register(
    draft: Draft,
    files: ReadonlyMap<string, Uint8Array>,
    by: { readonly userId: string; readonly note: string },
  ): Promise<boolean> {
    const versionId = uuid7();
    const deletions = await this.copy(versionId, files);
    return this.database.inTransaction(async (client) => {
      await lockModel(client, draft.modelId);
      const registered = await client.query(
        `UPDATE model_versions SET id = $2, registered_at = clock_timestamp(), expires_at = NULL
         WHERE id = $1 AND registered_at IS NULL AND expires_at > now() AND metadata = $3::jsonb`,
        [draft.id, versionId, JSON.stringify(draft.metadata)],
      );
      if (registered.rowCount === 0) return false;
      const withdrawn = await client.query('DELETE FROM object_deletions WHERE id = ANY($1)', [
        deletions,
      ]);
      if (withdrawn.rowCount !== files.size)
        throw new Error('The copied files are deleted already');
      await letAliasesStandFor(client, draft.modelId, versionId, by);
      await deleteTwice(client, keysOf(draft), draft.expiresAt);
      return true;
    });
  }

  /** Removes drafts whose time is up, a batch of them; answers how many. */
  expire(): Promise<number> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<DraftRow & { team_id: string }>(
        `SELECT ${DRAFT_COLUMNS}, m.team_id FROM model_versions v JOIN models m ON m.id = v.model_id
         WHERE v.registered_at IS NULL AND v.expires_at < now()
         ORDER BY m.team_id, v.id LIMIT ${BATCH} FOR UPDATE OF v SKIP LOCKED`,
      );
      for (const row of rows) await removeDraft(client, row.team_id, row);
      return rows.length;
    });
  }

  /**
   * Copies the files of a version. That they are to be deleted is written down first, and taken back
   * by whoever registers them: of what is not registered nothing stays, whatever becomes of us.
   */
  private async copy(
    versionId: string,
    files: ReadonlyMap<string, Uint8Array>,
  ): Promise<readonly string[]> {
    const keys = [...files.keys()].map((file) => modelFileKey(versionId, file));
    const { rows } = await this.database.pool.query<{ id: string }>(
      `INSERT INTO object_deletions (object_key, not_before)
       SELECT key, now() + ${ABANDONED} FROM unnest($1::text[]) AS key RETURNING id`,
      [keys],
    );
    for (const [file, bytes] of files) {
      await this.objects.put(modelFileKey(versionId, file), bytes, MODEL_FILE_TYPE);
    }
    return rows.map(({ id }) => id);
  }
}

type LockedVersion = DraftRow & { readonly is_registered: boolean; readonly is_over: boolean };

async function lockVersion(
  client: ClientBase,
  modelId: string,
  version: string,
): Promise<LockedVersion | null> {
  const { rows } = await client.query<LockedVersion>(
    `SELECT ${DRAFT_COLUMNS}, v.registered_at IS NOT NULL AS is_registered,
            v.registered_at IS NULL AND v.expires_at <= now() AS is_over
     FROM model_versions v WHERE v.model_id = $1 AND v.version = $2 FOR UPDATE`,
    [modelId, version],
  );
  return rows[0] ?? null;
}
