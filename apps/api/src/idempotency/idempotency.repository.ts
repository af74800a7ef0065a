import { Injectable } from '@nestjs/common';
import { PrismaDatabase } from '#platform/prisma';

export interface KeyedRequest {
  readonly teamId: string;
  readonly key: string;
  readonly route: string;
  readonly requestHash: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** `begun`: ours to do, until another takes it over; `claim` names this attempt. */
export type Claim =
  | { readonly outcome: 'begun'; readonly claim: Date }
  | { readonly outcome: 'under-way' | 'other-request' }
  | { readonly outcome: 'answered'; readonly answer: StoredAnswer };

const LIFE = `interval '1 day'`;
/** A request that was not answered this long has died with its process. */
const ABANDONED = `interval '2 minutes'`;

@Injectable()
export class IdempotencyRepository {
  constructor(private readonly database: PrismaDatabase) {}

  async claim({ teamId, key, route, requestHash }: KeyedRequest): Promise<Claim> {
    const { rows } = await this.database.pool.query<{ created_at: Date }>(
      `INSERT INTO idempotency_keys (team_id, key, route, request_hash, created_at, expires_at)
       VALUES ($1, $2, $3, $4, now(), now() + ${LIFE})
       ON CONFLICT (team_id, key) DO UPDATE
       SET route = excluded.route, request_hash = excluded.request_hash, status = NULL,
           body = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at
       WHERE idempotency_keys.expires_at < now()
          OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < now() - ${ABANDONED})
       RETURNING created_at`,
      [teamId, key, route, requestHash],
    );
    if (rows.length > 0) return { outcome: 'begun', claim: rows[0].created_at };
    const first = await this.database.idempotencyKey.findUnique({
      where: { teamId_key: { teamId, key } },
    });
    if (!first) return { outcome: 'under-way' }; // it has just failed: worth another try
    if (first.route !== route || first.requestHash !== requestHash) {
      return { outcome: 'other-request' };
    }
    if (first.status === null) return { outcome: 'under-way' };
    return { outcome: 'answered', answer: { status: first.status, body: first.body } };
  }

  async keep({ teamId, key }: KeyedRequest, claim: Date, answer: StoredAnswer): Promise<void> {
    await this.database.pool.query(
      `UPDATE idempotency_keys SET status = $4, body = $5
       WHERE team_id = $1 AND key = $2 AND created_at = $3`,
      [teamId, key, claim, answer.status, JSON.stringify(answer.body ?? null)],
    );
  }

  /** A request that failed has made nothing: its key may be used again. */
  async release({ teamId, key }: KeyedRequest, claim: Date): Promise<void> {
    await this.database.pool.query(
      'DELETE FROM idempotency_keys WHERE team_id = $1 AND key = $2 AND created_at = $3',
      [teamId, key, claim],
    );
  }
}
