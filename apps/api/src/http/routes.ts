import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { z } from 'zod';
import type { Role } from '#contracts';
import { PUBLIC, ROLES, SECRET_ANSWER } from './access.js';
import { RETURNS, RETURNS_BYTES, RETURNS_NOTHING } from './returns.decorator.js';

/** A route as its decorators describe it. */
export interface Route {
  readonly method: string;
  /** With parameters as `:id`. */
  readonly path: string;
  readonly controller: string;
  readonly handler: string;
  readonly isPublic: boolean;
  readonly roles: readonly Role[] | null;
  readonly keepsAnswer: boolean;
  readonly body: z.ZodType | null;
  readonly returns: z.ZodType | 'nothing' | 'bytes' | null;
}

/** Every route of an app: what all of them promise is tested, and documented, from here. */
export function routesOf(app: INestApplication): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers
    .flatMap(({ metatype }) => (metatype ? routesOfController(metatype as Type) : []))
    .sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

function routesOfController(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, () => unknown>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const marked = <T>(mark: string): T | undefined =>
      (Reflect.getMetadata(mark, handler) ?? Reflect.getMetadata(mark, controller)) as
        T | undefined;
    return pathsOf(controller).flatMap((prefix) =>
      pathsOf(handler).map((path) => ({
        method: RequestMethod[method],
        path: joined(prefix, path),
        controller: controller.name,
        handler: name,
        isPublic: marked<boolean>(PUBLIC) ?? false,
        roles: marked<readonly Role[]>(ROLES) ?? null,
        keepsAnswer: marked<boolean>(SECRET_ANSWER) !== true,
        body: bodyOf(controller, name),
        returns: answerOf(marked),
      })),
    );
  });
}

const pathsOf = (decorated: object): string[] =>
  [Reflect.getMetadata(PATH_METADATA, decorated) as string | string[]].flat();

const joined = (...paths: string[]): string =>
  `/${paths
    .flatMap((path) => path.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

function bodyOf(controller: Type, handler: string): z.ZodType | null {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ??
    {}) as Record<string, { schema?: z.ZodType }>;
  const body = Object.entries(parameters).find(
    ([key]) => Number(key.split(':')[0]) === Number(RouteParamtypes.BODY),
  );
  return body?.[1].schema ?? null;
}

function answerOf(marked: <T>(mark: string) => T | undefined): Route['returns'] {
  if (marked(RETURNS_NOTHING)) return 'nothing';
  if (marked(RETURNS_BYTES)) return 'bytes';
  return marked<z.ZodType>(RETURNS) ?? null;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
