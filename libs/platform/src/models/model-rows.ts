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
