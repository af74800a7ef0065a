import { Injectable } from '@nestjs/common';
import { Database, giveStorageBack } from '#platform/database';
import { leastUuid7 } from '#platform/jobs';
import type { ObjectStore } from '#platform/storage';

/** Rows per transaction: short locks, and no more objects at a time than one request deletes. */
const BATCH = 500;
/** Predictions forgotten in one statement. */
const PREDICTIONS_BATCH = 5000;
const DAY_MS = 24 * 3600 * 1000;
/** Requests to the store at once: one after another, a batch would outlive its transaction. */
const AT_ONCE = 25;

@Injectable()
export class HousekeepingRepository {
  constructor(private readonly database: Database) {}

  /**
   * Ends uploads whose time is up: the dataset expires, its objects and multipart uploads are left
   * for deletion, the team gets its storage back. Answers how many.
   */
  expireUploads(): Promise<number> {
    return this.database.inTransaction(async (client) => {
      const { rows } = await client.query<{ id: string; teamId: string; sizeBytes: string }>(
        `SELECT id, team_id AS "teamId", size_bytes AS "sizeBytes" FROM datasets
         WHERE status = 'pending_upload' AND expires_at < now()
         ORDER BY team_id, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      );
      for (const { id, teamId, sizeBytes } of rows) {
        await client.query(
          `INSERT INTO object_deletions (object_key, multipart_id)
           SELECT object_key, multipart_id FROM dataset_files WHERE dataset_id = $1`,
          [id],
        );
        await client.query(`UPDATE datasets SET status = 'expired' WHERE id = $1`, [id]);
        await giveStorageBack(client, teamId, sizeBytes);
      }
      return rows.length;
    });
  }

  /**
   * Deletes objects that no row names any more. The rows that ask for it go when the store has
   * answered; deleting twice does no harm. Answers how many.
   */
  async deleteObjects(store: Pick<ObjectStore, 'abortMultipart' | 'delete'>): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await this.database.inTransaction(async (client) => {
        const { rows } = await client.query<{
          id: string;
          key: string;
          multipartId: string | null;
        }>(
          `SELECT id, object_key AS key, multipart_id AS "multipartId" FROM object_deletions
           WHERE not_before <= now() ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
        );
        if (rows.length === 0) return 0;
        const open = rows.filter((row) => row.multipartId !== null);
        for (let i = 0; i < open.length; i += AT_ONCE) {
          const few = open.slice(i, i + AT_ONCE);
          await Promise.all(few.map((row) => store.abortMultipart(row.key, row.multipartId!)));
        }
        await store.delete([...new Set(rows.map((row) => row.key))]);
        await client.query('DELETE FROM object_deletions WHERE id = ANY($1::bigint[])', [
          rows.map((row) => row.id),
        ]);
        return rows.length;
      });
      total += count;
      if (count < BATCH) return total;
    }
  }

  /**
   * Forgets predictions that are older than `days`; 0: none. A batch at a time, so that what is
   * predicted meanwhile does not wait. Answers how many.
   */
  async forgetPredictions(days: number): Promise<number> {
    if (days === 0) return 0;
    let total = 0;
    for (;;) {
      const { rowCount } = await this.database.pool.query(
        `DELETE FROM predictions WHERE id IN (
           SELECT id FROM predictions WHERE id < $1
           ORDER BY id LIMIT ${PREDICTIONS_BATCH} FOR UPDATE SKIP LOCKED)`,
        [leastUuid7(Date.now() - days * DAY_MS)],
      );
      total += rowCount ?? 0;
      if ((rowCount ?? 0) < PREDICTIONS_BATCH) return total;
    }
  }

  /** Tokens, answers and workers that nobody will ask for again. */
  async forgetExpired(): Promise<number> {
    let total = 0;
    for (const statement of [
      'DELETE FROM refresh_tokens WHERE expires_at < now()',
      'DELETE FROM idempotency_keys WHERE expires_at < now()',
      `DELETE FROM workers WHERE last_heartbeat_at < now() - interval '10 minutes'`,
    ]) {
      total += (await this.database.pool.query(statement)).rowCount ?? 0;
    }
    return total;
  }
}
