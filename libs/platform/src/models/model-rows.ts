/** What several transactions on the rows of models do. */
import type { ClientBase } from 'pg';
import type { ModelAlias } from '#contracts';

/** Any number; the same for all who bundle. */
const BUNDLING_LOCK = 7_305_201_127;

export interface NewMove {
  readonly alias: ModelAlias;
  readonly by: string;
  readonly note: string;
}

/** The platform's models are taken in by one process at a time. */
export async function lockBundling(client: ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [BUNDLING_LOCK]);
}

/** Of two who move aliases of a model the second waits for the first. */
export async function lockModel(client: ClientBase, modelId: string): Promise<void> {
  await client.query('SELECT 1 FROM models WHERE id = $1 FOR UPDATE', [modelId]);
}

/** @param versionId null: the alias is taken away */
export async function addMove(
  client: ClientBase,
  modelId: string,
  { alias, by, note }: NewMove,
  versionId: string | null,
): Promise<void> {
  await client.query(
    `INSERT INTO model_alias_moves (model_id, alias, version_id, moved_by, note)
     VALUES ($1, $2, $3, $4, $5)`,
    [modelId, alias, versionId, by, note],
  );
}

/** Who is written into the history. */
export async function nameOfUser(client: ClientBase, userId: string): Promise<string> {
  const { rows } = await client.query<{ email: string }>('SELECT email FROM users WHERE id = $1', [
    userId,
  ]);
  return rows[0]?.email ?? userId;
}

/** A version that was just registered is `latest`, and `champion` where its model had none before. */
export async function letAliasesStandFor(
  client: ClientBase,
  modelId: string,
  versionId: string,
  { userId, note }: { readonly userId: string; readonly note: string },
): Promise<void> {
  const { rows } = await client.query<{ versions: number }>(
    `SELECT count(*)::int AS versions FROM model_versions
     WHERE model_id = $1 AND registered_at IS NOT NULL`,
    [modelId],
  );
  const by = await nameOfUser(client, userId);
  await addMove(client, modelId, { alias: 'latest', by, note }, versionId);
  if (rows[0].versions > 1) return;
  await addMove(client, modelId, { alias: 'champion', by, note }, versionId);
}
