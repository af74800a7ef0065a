import { Injectable } from '@nestjs/common';
import type { ApiKey, CreateApiKey, CreatedApiKey, PageQuery } from '#contracts';
import { API_KEY_PREFIX, hashSecret, newSecret } from '#platform/auth';
import type { Caller } from '../http/access.js';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { RoleTooHighError } from './auth.errors.js';
import { mayDoMore } from './roles.js';

/** Enough of a key to tell it from others, far too little to guess it. */
const SHOWN_LETTERS = 10;

@Injectable()
export class ApiKeysService {
  constructor(private readonly keys: ApiKeysRepository) {}

  async create(caller: Caller, { name, role = caller.role }: CreateApiKey): Promise<CreatedApiKey> {
    if (mayDoMore(role, caller.role)) throw new RoleTooHighError(role, caller.role);
    const key = newSecret(API_KEY_PREFIX);
    const id = await this.keys.create({
      teamId: caller.teamId,
      userId: caller.userId,
      name,
      role,
      prefix: key.slice(0, SHOWN_LETTERS),
      keyHash: hashSecret(key),
    });
    return { id, name, role, key };
  }

  async list(
    caller: Caller,
    page: PageQuery,
  ): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
    return pageOf(await this.keys.list(caller.teamId, makerOf(caller), page), page.limit);
  }

  async delete(caller: Caller, id: string): Promise<void> {
    const wasThere = await this.keys.revoke(caller.teamId, makerOf(caller), id);
    if (!wasThere) throw new NotFoundError('api key', id);
  }
}

/** An owner sees the keys of the whole team, everybody else their own. */
const makerOf = ({ role, userId }: Caller) => (role === 'owner' ? undefined : userId);
