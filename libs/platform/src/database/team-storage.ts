/** What a team's files take of its quota: changed in the transaction that adds or removes them. */
import type { ClientBase } from 'pg';

export interface StorageTaken {
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/** Takes storage where the quota has room for it; null: taken, else what is taken already. */
export async function takeStorage(
  client: ClientBase,
  teamId: string,
  sizeBytes: number,
): Promise<StorageTaken | null> {
  const taken = await client.query(
    `UPDATE teams SET storage_used_bytes = storage_used_bytes + $2
     WHERE id = $1 AND storage_used_bytes + $2 <= storage_quota_bytes`,
    [teamId, sizeBytes],
  );
  if (taken.rowCount !== 0) return null;
  const { rows } = await client.query<{ used: string; quota: string }>(
    'SELECT storage_used_bytes AS used, storage_quota_bytes AS quota FROM teams WHERE id = $1',
    [teamId],
  );
  return { usedBytes: Number(rows[0].used), quotaBytes: Number(rows[0].quota) };
}

export async function giveStorageBack(
  client: ClientBase,
  teamId: string,
  sizeBytes: number | string,
): Promise<void> {
  await client.query(
    'UPDATE teams SET storage_used_bytes = storage_used_bytes - $2 WHERE id = $1',
    [teamId, sizeBytes],
  );
}
