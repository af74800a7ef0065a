/** Drafts of versions as rows, and the objects that go with them. */
import type { ClientBase } from 'pg';
import { distinctFiles, modelMetadata } from '#contracts';
import { giveStorageBack } from '../database/team-storage.js';
import { draftFileKey } from './file-keys.js';

export interface DraftRow {
  readonly id: string;
  readonly metadata: unknown;
  /** As PostgreSQL tells a bigint. */
  readonly size_bytes: string;
  readonly expires_at: Date;
}

export const DRAFT_COLUMNS = 'v.id, v.metadata, v.size_bytes, v.expires_at';

/** A draft that nobody else changes until the transaction ends; null: there is none any more. */
export async function lockDraft(client: ClientBase, draftId: string): Promise<DraftRow | null> {
  const { rows } = await client.query<DraftRow>(
    `SELECT ${DRAFT_COLUMNS} FROM model_versions v
     WHERE v.id = $1 AND v.registered_at IS NULL FOR UPDATE`,
    [draftId],
  );
  return rows[0] ?? null;
}

/** Deletes a draft that is locked: its storage is free again, its objects go. */
export async function removeDraft(
  client: ClientBase,
  teamId: string,
  draft: DraftRow,
): Promise<void> {
  await client.query('DELETE FROM model_versions WHERE id = $1', [draft.id]);
  await giveStorageBack(client, teamId, draft.size_bytes);
  await deleteTwice(client, keysOf(draft), draft.expires_at);
}

/** Every key that clients were given to write its files to. */
export const keysOf = ({ id, metadata }: Pick<DraftRow, 'id' | 'metadata'>): string[] =>
  distinctFiles(modelMetadata.parse(metadata)).map(({ file }) => draftFileKey(id, file));

/** Now, and again when no URL is left that could have put them back. */
export async function deleteTwice(
  client: ClientBase,
  keys: readonly string[],
  again: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO object_deletions (object_key, not_before)
     SELECT key, at FROM unnest($1::text[]) AS key, unnest(ARRAY[now(), $2::timestamptz]) AS at`,
    [keys, again],
  );
}
