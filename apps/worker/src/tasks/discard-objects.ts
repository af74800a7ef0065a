import type { ClientBase, Pool } from 'pg';
import type { Lease } from '#platform/jobs';

/**
 * Leaves objects to the housekeeping to delete; those of an attempt that did complete stay. (A
 * commit whose answer got lost looks like a failure from here.)
 */
export async function discardObjects(
  client: Pick<ClientBase | Pool, 'query'>,
  keys: readonly string[],
  lease?: Lease,
): Promise<void> {
  if (keys.length === 0) return;
  await client.query(
    `INSERT INTO object_deletions (object_key)
     SELECT unnest($1::text[])
     WHERE NOT EXISTS (
       SELECT 1 FROM tasks WHERE id = $2::uuid AND attempt = $3::int AND status = 'completed'
     )`,
    [keys, lease?.taskId ?? null, lease?.attempt ?? null],
  );
}
