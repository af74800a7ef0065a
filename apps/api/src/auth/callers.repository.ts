import { Injectable } from '@nestjs/common';
import type { Role } from '#contracts';
import { Database } from '#platform/database';
import type { Caller } from '../http/access.js';
import { lesserOf } from './roles.js';

/** Plain SQL, because every request asks: one round trip, by index. */
@Injectable()
export class CallersRepository {
  constructor(private readonly database: Database) {}

  async findBySession(userId: string, sessionId: string): Promise<Caller | null> {
    const { rows } = await this.database.pool.query<{ team_id: string; role: Role }>({
      name: 'caller-by-session',
      text: `SELECT u.team_id, u.role FROM users u
             WHERE u.id = $1 AND u.removed_at IS NULL AND EXISTS (
               SELECT 1 FROM refresh_tokens t
               WHERE t.family_id = $2 AND t.user_id = u.id AND t.revoked_at IS NULL)`,
      values: [userId, sessionId],
    });
    if (rows.length === 0) return null;
    return { userId, teamId: rows[0].team_id, role: rows[0].role, sessionId };
  }

  /** Notes the use, too, but at most once a minute: a key in use would write all the time. */
  async findByApiKey(keyHash: string): Promise<Caller | null> {
    const { rows } = await this.database.pool.query<{
      id: string;
      user_id: string;
      team_id: string;
      key_role: Role;
      user_role: Role;
      is_stale: boolean;
    }>({
      name: 'caller-by-api-key',
      text: `SELECT k.id, k.user_id, k.team_id, k.role AS key_role, u.role AS user_role,
                    coalesce(k.last_used_at < now() - interval '1 minute', true) AS is_stale
             FROM api_keys k JOIN users u ON u.id = k.user_id
             WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND u.removed_at IS NULL`,
      values: [keyHash],
    });
    if (rows.length === 0) return null;
    const [key] = rows;
    if (key.is_stale) {
      await this.database.pool.query('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [
        key.id,
      ]);
    }
    return {
      userId: key.user_id,
      teamId: key.team_id,
      role: lesserOf(key.key_role, key.user_role),
      apiKeyId: key.id,
    };
  }
}
