import { Injectable } from '@nestjs/common';
import type { Login, Me, Register, Registered, Tokens } from '#contracts';
import { hashPassword, hashSecret, newSecret, verifyPassword } from '#platform/auth';
import { Settings } from '#platform/config';
import type { Caller } from '../http/access.js';
import {
  EmailTakenError,
  InvalidCredentialsError,
  InvalidRefreshTokenError,
  NoSessionError,
} from './auth.errors.js';
import { AuthRepository, type NewRefreshToken } from './auth.repository.js';
import { Authenticator } from './authenticator.js';

const DAY_MS = 86_400_000;

@Injectable()
export class AuthService {
  constructor(
    private readonly accounts: AuthRepository,
    private readonly authenticator: Authenticator,
    private readonly settings: Settings,
  ) {}

  async register({ teamName, email, password }: Register): Promise<Registered> {
    const registered = await this.accounts.createTeam({
      name: teamName,
      quotaBytes: this.settings.TEAM_QUOTA_BYTES,
      email,
      passwordHash: await hashPassword(password),
    });
    if (!registered) throw new EmailTakenError();
    return registered;
  }

  async login({ email, password }: Login): Promise<Tokens> {
    const account = await this.accounts.findAccount(email);
    const isRight = await verifyPassword(account?.passwordHash ?? null, password);
    if (!account || !isRight) throw new InvalidCredentialsError();
    const { secret, stored } = this.newRefreshToken();
    const sessionId = await this.accounts.beginSession(account.id, stored);
    return this.tokens(account.id, sessionId, secret);
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    const { secret, stored } = this.newRefreshToken();
    const rotation = await this.accounts.rotate(hashSecret(refreshToken), stored);
    if (rotation.outcome !== 'rotated') {
      throw new InvalidRefreshTokenError(REFUSALS[rotation.outcome]);
    }
    return this.tokens(rotation.userId, rotation.familyId, secret);
  }

  async logout(caller: Caller): Promise<void> {
    if (!caller.sessionId) throw new NoSessionError();
    await this.accounts.endSession(caller.sessionId);
  }

  me(caller: Caller): Promise<Me> {
    return this.accounts.getMe(caller.userId);
  }

  private async tokens(userId: string, sessionId: string, refreshToken: string): Promise<Tokens> {
    const expiresIn = this.settings.ACCESS_TOKEN_TTL_SECONDS;
    const accessToken = await this.authenticator.sign(userId, sessionId, expiresIn);
    return { accessToken, tokenType: 'Bearer', expiresIn, refreshToken };
  }

  private newRefreshToken(): { secret: string; stored: NewRefreshToken } {
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + this.settings.REFRESH_TOKEN_TTL_DAYS * DAY_MS);
    return { secret, stored: { tokenHash: hashSecret(secret), expiresAt } };
  }
}

const REFUSALS = {
  unknown: 'This is not a refresh token of ours.',
  expired: 'The refresh token has expired; log in again.',
  revoked: 'The session has ended; log in again.',
  reused: 'The refresh token was used before. The session has ended for safety; log in again.',
} as const;
