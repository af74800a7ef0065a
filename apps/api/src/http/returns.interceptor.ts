import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import { toWire } from '#contracts';
import { RETURNS } from './returns.decorator.js';

/** Shows of a result what the route's contract shows, in the contract's names. */
@Injectable()
export class ReturnsInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const schema = this.reflector.get<z.ZodType | undefined>(RETURNS, context.getHandler());
    return schema ? next.handle().pipe(map((value) => toWire(schema, value))) : next.handle();
  }
}
