import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { Logger } from '#platform/telemetry';
import { type Caller, SECRET_ANSWER } from '../http/access.js';
import { InvalidRequestError } from '../http/http.errors.js';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './idempotency.errors.js';
import { IdempotencyRepository, type KeyedRequest } from './idempotency.repository.js';

/** Printable ASCII, as draft-ietf-httpapi-idempotency-key-header has it. */
const KEY = /^[\x21-\x7e]{1,255}$/;

type Request = FastifyRequest & { user?: Caller };

/**
 * A POST with an `Idempotency-Key` is done once: who sends it again, because the answer was lost,
 * gets the first answer. It stands around everything else, so what it keeps is what was sent.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyRepository,
    private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    const isSecret = this.reflector.get<boolean>(SECRET_ANSWER, context.getHandler());
    if (request.method !== 'POST' || !request.user || key === undefined || isSecret) {
      return next.handle();
    }
    const keyed = keyedRequest(request, request.user, key);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return defer(() => from(this.once(keyed, reply, next)));
  }

  private async once(request: KeyedRequest, reply: FastifyReply, next: CallHandler) {
    const claim = await this.keys.claim(request);
    switch (claim.outcome) {
      case 'under-way':
        throw new IdempotencyKeyInUseError();
      case 'other-request':
        throw new IdempotencyKeyReusedError();
      case 'answered':
        void reply.status(claim.answer.status).header('Idempotent-Replayed', 'true');
        return claim.answer.body;
      case 'begun':
        return this.first(request, claim.claim, reply, next);
    }
  }

  private async first(request: KeyedRequest, claim: Date, reply: FastifyReply, next: CallHandler) {
    let body: unknown;
    try {
      body = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.keys.release(request, claim).catch((cause: unknown) => this.warn(cause));
      throw error;
    }
    // It is done, and must be answered; whether a repetition finds that out is second.
    const answer = { status: reply.statusCode, body };
    await this.keys.keep(request, claim, answer).catch((cause: unknown) => this.warn(cause));
    return body;
  }

  private warn(error: unknown): void {
    this.logger.warn({ error }, 'Idempotency-Key could not be settled');
  }
}

function keyedRequest(
  { url, body }: Request,
  { teamId }: Caller,
  key: string | string[],
): KeyedRequest {
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new InvalidRequestError([
      { pointer: '#/Idempotency-Key', detail: 'Is not 1 to 255 printable ASCII characters' },
    ]);
  }
  const requestHash = createHash('sha256').update(canonicalJson(body)).digest('hex');
  return { teamId, key, route: url.split('?')[0], requestHash };
}

/** Two bodies that mean the same read the same: keys in order. */
function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, item: unknown) =>
      item !== null && typeof item === 'object' && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ) ?? ''
  );
}
