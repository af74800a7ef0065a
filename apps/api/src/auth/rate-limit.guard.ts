import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RateLimit, RateLimiter } from '#platform/auth';
import { Settings } from '#platform/config';
import { type Caller, LIMITED_BY_ADDRESS } from '../http/access.js';
import { TooManyRequestsError } from '../http/http.errors.js';

/** Comes after the guard that finds the caller: limits a user or key, or else an address. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
    private readonly settings: Settings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const limited = this.limitFor(context, http.getRequest());
    if (!limited) return true;
    const verdict = await this.limiter.use(limited.key, limited.limit);
    if (!verdict.isAllowed) throw new TooManyRequestsError(verdict.resetSeconds);
    void http.getResponse<FastifyReply>().headers({
      'RateLimit-Limit': limited.limit.limit,
      'RateLimit-Remaining': verdict.remaining,
      'RateLimit-Reset': verdict.resetSeconds,
    });
    return true;
  }

  private limitFor(
    context: ExecutionContext,
    request: FastifyRequest & { user?: Caller },
  ): { key: string; limit: RateLimit } | null {
    const { user } = request;
    if (user) {
      const key = user.apiKeyId ? `key:${user.apiKeyId}` : `user:${user.userId}`;
      return { key, limit: { limit: this.settings.RATE_LIMIT_PER_MINUTE, windowSeconds: 60 } };
    }
    if (!this.reflector.get<boolean>(LIMITED_BY_ADDRESS, context.getHandler())) return null;
    const limit = { limit: this.settings.LOGIN_RATE_LIMIT_PER_MINUTE, windowSeconds: 60 };
    return { key: `address:${request.ip}`, limit };
  }
}
