import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { z } from 'zod';
import { Settings } from '#platform/config';

/** What an access token says: who, and by which login. The rest is read when it is used. */
export const accessClaims = z.object({ sub: z.uuid(), sid: z.uuid() });
export type AccessClaims = z.output<typeof accessClaims>;

export const TOKEN_RULES = { issuer: 'lightfold', audience: 'lightfold-api' } as const;
export const TOKEN_ALGORITHM = 'HS256';

/** A request whose route takes a token from its address; the guard puts it here. */
export type WithQueryToken = FastifyRequest & { tokenInQuery?: string };

const fromQuery = (request: unknown) => (request as WithQueryToken).tokenInQuery ?? null;

/** Passport's part: find the token and check its signature, life, issuer and audience. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(settings: Settings) {
    super({
      jwtFromRequest: ExtractJwt.fromExtractors([
        ExtractJwt.fromAuthHeaderAsBearerToken(),
        fromQuery,
      ]),
      secretOrKey: settings.JWT_SECRET_KEY,
      algorithms: [TOKEN_ALGORITHM],
      ...TOKEN_RULES,
    });
  }

  validate(payload: unknown): AccessClaims | null {
    return accessClaims.safeParse(payload).data ?? null;
  }
}
