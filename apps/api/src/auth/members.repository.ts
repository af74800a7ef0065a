import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Role, User } from '#contracts';
import { PrismaDatabase } from '#platform/prisma';
import { afterCursor, newestFirst } from '../http/cursor.js';
import { nullIfTaken, USER } from './auth.repository.js';

export type Member = User & { readonly createdAt: Date };

export type Change = 'done' | 'not-found' | 'last-owner';

@Injectable()
export class MembersRepository {
  constructor(private readonly database: PrismaDatabase) {}

  /** One more than asked for where there are more. */
  list(teamId: string, page: { limit: number; cursor?: string }): Promise<Member[]> {
    return this.database.user.findMany({
      where: { teamId, removedAt: null, ...afterCursor(page.cursor) },
      orderBy: newestFirst,
      take: page.limit + 1,
      select: { ...USER, createdAt: true },
    });
  }

  findInTeam(teamId: string, userId: string): Promise<User | null> {
    return this.database.user.findFirst({
      where: { id: userId, teamId, removedAt: null },
      select: USER,
    });
  }

  /** Null where the address is taken. */
  create(
    teamId: string,
    member: { email: string; passwordHash: string; role: Role },
  ): Promise<User | null> {
    return nullIfTaken(() =>
      this.database.user.create({ data: { teamId, ...member }, select: USER }),
    );
  }

  changeRole(teamId: string, userId: string, role: Role): Promise<Change> {
    return this.change(teamId, userId, role !== 'owner', async (client) => {
      await client.query('UPDATE users SET role = $2 WHERE id = $1', [userId, role]);
    });
  }

  /** Ends the member's sessions and keys, too. */
  remove(teamId: string, userId: string): Promise<Change> {
    return this.change(teamId, userId, true, async (client) => {
      await client.query(`UPDATE users SET removed_at = now(), password_hash = '' WHERE id = $1`, [
        userId,
      ]);
      for (const table of ['refresh_tokens', 'api_keys']) {
        await client.query(
          `UPDATE ${table} SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`,
          [userId],
        );
      }
    });
  }

  /** One change of a team's members at a time: two owners cannot remove each other at once. */
  private change(
    teamId: string,
    userId: string,
    takesOwnerAway: boolean,
    apply: (client: pg.PoolClient) => Promise<void>,
  ): Promise<Change> {
    return this.database.inTransaction(async (client) => {
      await client.query('SELECT 1 FROM teams WHERE id = $1 FOR UPDATE', [teamId]);
      const { rows } = await client.query<{ id: string; role: Role }>(
        'SELECT id, role FROM users WHERE team_id = $1 AND removed_at IS NULL',
        [teamId],
      );
      const member = rows.find(({ id }) => id === userId);
      if (!member) return 'not-found';
      const owners = rows.filter(({ role }) => role === 'owner');
      if (takesOwnerAway && member.role === 'owner' && owners.length === 1) return 'last-owner';
      await apply(client);
      return 'done';
    });
  }
}
