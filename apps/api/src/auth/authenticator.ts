import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { API_KEY_PREFIX, hashSecret } from '#platform/auth';
import type { Caller } from '../http/access.js';
import {
  type AccessClaims,
  accessClaims,
  TOKEN_ALGORITHM,
  TOKEN_RULES,
} from './access-token.strategy.js';
import { AskedTogether } from './asked-together.js';
import { CallersRepository } from './callers.repository.js';

/**
 * Tells who is calling, from an access token or an api key: one indexed query each, or one for all
 * requests of the same caller that come at the same time.
 */
@Injectable()
export class Authenticator {
  private readonly asked = new AskedTogether<Caller | null>();

  constructor(
    private readonly jwt: JwtService,
    private readonly callers: CallersRepository,
  ) {}

  /** For what does not come by HTTP headers: a WebSocket. Null: nobody we know (any more). */
  async authenticate(token: string): Promise<Caller | null> {
    if (token.startsWith(API_KEY_PREFIX)) return this.callerOfApiKey(token);
    const payload = await this.jwt
      .verifyAsync<object>(token, { algorithms: [TOKEN_ALGORITHM], ...TOKEN_RULES })
      .catch(() => null);
    const claims = accessClaims.safeParse(payload);
    return claims.success ? this.callerOfSession(claims.data) : null;
  }

  /** The user of a session that was not logged out, with the role of this moment. */
  callerOfSession(claims: AccessClaims): Promise<Caller | null> {
    const { sub, sid } = claims;
    return this.asked.ask(`${sub} ${sid}`, () => this.callers.findBySession(sub, sid));
  }

  callerOfApiKey(key: string): Promise<Caller | null> {
    const hash = hashSecret(key);
    return this.asked.ask(hash, () => this.callers.findByApiKey(hash));
  }

  /** A token for one login of a user. */
  sign(userId: string, sessionId: string, lifeSeconds: number): Promise<string> {
    return this.jwt.signAsync(
      { sid: sessionId },
      { subject: userId, expiresIn: lifeSeconds, algorithm: TOKEN_ALGORITHM, ...TOKEN_RULES },
    );
  }
}
