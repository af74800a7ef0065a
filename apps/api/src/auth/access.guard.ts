import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { Role } from '#contracts';
import { API_KEY_PREFIX } from '#platform/auth';
import { ACCEPTS_TOKEN_IN_QUERY, type Caller, PUBLIC, ROLES } from '../http/access.js';
import { ForbiddenError, UnauthenticatedError } from '../http/http.errors.js';
import type { AccessClaims, WithQueryToken } from './access-token.strategy.js';
import { Authenticator } from './authenticator.js';

/** Every route asks who you are, unless it is marked `@Public()`. */
@Injectable()
export class AccessGuard extends AuthGuard('access-token') {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = <T>(mark: string) =>
      this.reflector.getAllAndOverride<T | undefined>(mark, [
        context.getHandler(),
        context.getClass(),
      ]);
    // A gateway admits its clients itself, once, when they connect.
    if (context.getType() !== 'http' || marked<boolean>(PUBLIC)) return true;

    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Caller }>();
    const caller = await this.callerOf(context, request, marked<boolean>(ACCEPTS_TOKEN_IN_QUERY));
    if (!caller) throw new UnauthenticatedError('The token is not valid any more; log in again.');
    const roles = marked<readonly Role[]>(ROLES);
    if (roles && !roles.includes(caller.role)) throw new ForbiddenError(caller.role, roles);
    request.user = caller;
    return true;
  }

  private async callerOf(
    context: ExecutionContext,
    request: FastifyRequest,
    acceptsQuery = false,
  ): Promise<Caller | null> {
    const query = (request.query as { access_token?: unknown }).access_token;
    const inQuery = acceptsQuery && typeof query === 'string' ? query : undefined;
    const key = apiKeyOf(request, inQuery);
    if (key !== null) return this.authenticator.callerOfApiKey(key);
    (request as WithQueryToken).tokenInQuery = inQuery;
    await super.canActivate(context); // Passport leaves the claims where a user is expected.
    return this.authenticator.callerOfSession((request as unknown as { user: AccessClaims }).user);
  }

  override handleRequest<T>(error: unknown, claims: T | false, info: unknown): T {
    if (error) throw error;
    if (claims) return claims;
    throw new UnauthenticatedError(sentenceOf(info));
  }
}

/** `X-API-Key`, or a key in the place of an access token: many clients can only send that. */
function apiKeyOf(request: FastifyRequest, inQuery: string | undefined): string | null {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? inQuery;
  return bearer?.startsWith(API_KEY_PREFIX) ? bearer : null;
}

/** Why Passport found nobody, by the names of jsonwebtoken's errors. */
function sentenceOf(info: unknown): string | undefined {
  const name = (info as { name?: string } | null)?.name;
  if (name === 'TokenExpiredError') return 'The access token has expired; refresh it.';
  if (name === 'JsonWebTokenError') return 'The access token is not one of ours.';
  return undefined;
}
