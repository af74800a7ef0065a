import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Role } from '#contracts';

/** Who is asking: a user by access token, or an api key on behalf of the user who made it. */
export interface Caller {
  readonly userId: string;
  readonly teamId: string;
  readonly role: Role;
  /** Which login the access token belongs to; an api key has none. */
  readonly sessionId?: string;
  readonly apiKeyId?: string;
}

export const PUBLIC = 'lightfold:public';
/** Opens a route to everybody. Without it a route asks who you are. */
export const Public = () => SetMetadata(PUBLIC, true);

export const ROLES = 'lightfold:roles';
/** Roles that may use a route. Without it every member of the team may. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES, roles);

export const ACCEPTS_TOKEN_IN_QUERY = 'lightfold:token-in-query';
/**
 * Lets a route take `?access_token=` where a browser cannot set a header (EventSource). Nowhere
 * else: addresses end up in logs and histories.
 */
export const AcceptsTokenInQuery = () => SetMetadata(ACCEPTS_TOKEN_IN_QUERY, true);

export const LIMITED_BY_ADDRESS = 'lightfold:limited-by-address';
/** Limits how often one address may use a route that knows no caller. */
export const LimitedByAddress = () => SetMetadata(LIMITED_BY_ADDRESS, true);

export const SECRET_ANSWER = 'lightfold:secret-answer';
/** An answer that is never kept, not even for who repeats a request with its Idempotency-Key. */
export const SecretAnswer = () => SetMetadata(SECRET_ANSWER, true);

export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context),
);

export const TeamId = createParamDecorator(
  (_: unknown, context: ExecutionContext) => callerOf(context).teamId,
);

/** The guard has set it; a route that asks for it cannot be public. */
function callerOf(context: ExecutionContext): Caller {
  const { user } = context.switchToHttp().getRequest<{ user?: Caller }>();
  if (!user) throw new Error('A public route has no caller');
  return user;
}
