import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Me, Registered, Role } from '#contracts';
import { PrismaDatabase, Prisma } from '#platform/prisma';

export interface Account {
  readonly id: string;
  readonly passwordHash: string;
}

export interface NewRefreshToken {
  readonly tokenHash: string;
  readonly expiresAt: Date;
}

/** What a refresh token turned out to be. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly userId: string; readonly familyId: string }
  | { readonly outcome: 'unknown' | 'expired' | 'revoked' | 'reused' };

interface TokenRow {
  readonly id: string;
  readonly user_id: string;
  readonly family_id: string;
  readonly is_used: boolean;
  readonly is_revoked: boolean;
  readonly is_expired: boolean;
}

@Injectable()
export class AuthRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** A team with its first owner; null where the address is taken. */
  async createTeam(team: {
    name: string;
    quotaBytes: number;
    email: string;
    passwordHash: string;
  }): Promise<Registered | null> {
    const { name, quotaBytes, email, passwordHash } = team;
    return nullIfTaken(async () => {
      const { users, ...created } = await this.database.team.create({
        data: {
          name,
          storageQuotaBytes: quotaBytes,
          users: { create: { email, passwordHash, role: 'owner' } },
        },
        select: { id: true, name: true, users: { select: USER } },
      });
      return { team: created, user: users[0] };
    });
  }

  findAccount(email: string): Promise<Account | null> {
    return this.database.user.findFirst({
      where: { email, removedAt: null },
      select: { id: true, passwordHash: true },
    });
  }

  async getMe(userId: string): Promise<Me> {
    const { team, ...user } = await this.database.user.findUniqueOrThrow({
      where: { id: userId },
      select: { ...USER, team: { select: { id: true, name: true } } },
    });
    return { user, team };
  }

  /** Begins a session: the first refresh token of a family. Answers the family. */
  async beginSession(userId: string, token: NewRefreshToken): Promise<string> {
    const familyId = randomUUID();
    await this.database.refreshToken.create({ data: { userId, familyId, ...token } });
    return familyId;
  }

  /**
   * Uses up a refresh token and stores the next of its family. One that was used before is in two
   * hands, one of them a thief's: the whole family ends.
   */
  rotate(tokenHash: string, next: NewRefreshToken): Promise<Rotation> {
    return this.database.inTransaction(async (client) => {
      const found = await client.query<{ family_id: string }>(
        'SELECT family_id FROM refresh_tokens WHERE token_hash = $1',
        [tokenHash],
      );
      if (found.rows.length === 0) return { outcome: 'unknown' };
      await client.query(LOCK_FAMILY, [found.rows[0].family_id]);
      const { rows } = await client.query<TokenRow>(
        `SELECT id, user_id, family_id, used_at IS NOT NULL AS is_used,
                revoked_at IS NOT NULL AS is_revoked, expires_at < now() AS is_expired
         FROM refresh_tokens WHERE token_hash = $1 FOR UPDATE`,
        [tokenHash],
      );
      if (rows.length === 0) return { outcome: 'unknown' };
      const [token] = rows;
      if (token.is_revoked) return { outcome: 'revoked' };
      if (token.is_used) {
        await client.query(REVOKE_FAMILY, [token.family_id]);
        return { outcome: 'reused' };
      }
      if (token.is_expired) return { outcome: 'expired' };
      await client.query('UPDATE refresh_tokens SET used_at = now() WHERE id = $1', [token.id]);
      await client.query(
        `INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5)`,
        [randomUUID(), token.user_id, token.family_id, next.tokenHash, next.expiresAt],
      );
      return { outcome: 'rotated', userId: token.user_id, familyId: token.family_id };
    });
  }

  endSession(familyId: string): Promise<void> {
    return this.database.inTransaction(async (client) => {
      await client.query(LOCK_FAMILY, [familyId]);
      await client.query(REVOKE_FAMILY, [familyId]);
    });
  }
}

/**
 * One change of a family at a time. Locks on its rows would not do: who ends a family does not see
 * the token that a rotation is just adding to it.
 */
const LOCK_FAMILY = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

const REVOKE_FAMILY =
  'UPDATE refresh_tokens SET revoked_at = now() WHERE family_id = $1 AND revoked_at IS NULL';

export const USER = { id: true, email: true, role: true } as const;

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
}

/** Null where the unique index on addresses refuses. */
export async function nullIfTaken<T>(create: () => Promise<T>): Promise<T | null> {
  try {
    return await create();
  } catch (error) {
    const isTaken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
    if (isTaken) return null;
    throw error;
  }
}
