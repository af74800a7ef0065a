import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { withLogContext } from '#platform/telemetry';
import type { Caller } from './access.js';

/** Names the team in every line that a handler logs. */
@Injectable()
export class CallerLogInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { user } = context.switchToHttp().getRequest<{ user?: Caller }>();
    if (context.getType() !== 'http' || !user) return next.handle();
    return new Observable((subscriber) =>
      withLogContext({ teamId: user.teamId }, () => next.handle().subscribe(subscriber)),
    );
  }
}
