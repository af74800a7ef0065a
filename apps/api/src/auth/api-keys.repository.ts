import { Injectable } from '@nestjs/common';
import type { ApiKey, Role } from '#contracts';
import { PrismaDatabase } from '#platform/prisma';
import { afterCursor, newestFirst } from '../http/cursor.js';

export interface NewApiKey {
  readonly teamId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly prefix: string;
  readonly keyHash: string;
}

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: PrismaDatabase) {}

  async create(key: NewApiKey): Promise<string> {
    const { id } = await this.database.apiKey.create({ data: key, select: { id: true } });
    return id;
  }

  /** Keys that work, of one maker or of all; one more than asked for where there are more. */
  list(
    teamId: string,
    userId: string | undefined,
    page: { limit: number; cursor?: string },
  ): Promise<ApiKey[]> {
    return this.database.apiKey.findMany({
      where: { teamId, userId, revokedAt: null, ...afterCursor(page.cursor) },
      orderBy: newestFirst,
      take: page.limit + 1,
      select: { id: true, name: true, role: true, prefix: true, createdAt: true, lastUsedAt: true },
    });
  }

  /** Whether there was such a key, of this maker or of anybody in the team. */
  async revoke(teamId: string, userId: string | undefined, id: string): Promise<boolean> {
    const { count } = await this.database.apiKey.updateMany({
      where: { id, teamId, userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}
