import { Injectable } from '@nestjs/common';
import type { AddMember, PageQuery, Role, User } from '#contracts';
import { hashPassword } from '#platform/auth';
import { pageOf } from '../http/cursor.js';
import { NotFoundError } from '../http/http.errors.js';
import { EmailTakenError, LastOwnerError } from './auth.errors.js';
import { type Change, type Member, MembersRepository } from './members.repository.js';

@Injectable()
export class MembersService {
  constructor(private readonly members: MembersRepository) {}

  async list(
    teamId: string,
    page: PageQuery,
  ): Promise<{ items: Member[]; nextCursor: string | null }> {
    return pageOf(await this.members.list(teamId, page), page.limit);
  }

  async add(teamId: string, { email, password, role }: AddMember): Promise<User> {
    const passwordHash = await hashPassword(password);
    const member = await this.members.create(teamId, { email, passwordHash, role });
    if (!member) throw new EmailTakenError();
    return member;
  }

  async changeRole(teamId: string, userId: string, role: Role): Promise<User> {
    refuse(await this.members.changeRole(teamId, userId, role), userId);
    const member = await this.members.findInTeam(teamId, userId);
    if (!member) throw new NotFoundError('member', userId);
    return member;
  }

  async remove(teamId: string, userId: string): Promise<void> {
    refuse(await this.members.remove(teamId, userId), userId);
  }
}

function refuse(change: Change, userId: string): void {
  if (change === 'not-found') throw new NotFoundError('member', userId);
  if (change === 'last-owner') throw new LastOwnerError();
}
