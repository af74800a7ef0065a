/** The api, listening, on a database of its own; and those who talk to it. */
import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { PrismaDatabase } from '#platform/prisma';
import { createTestDatabase } from './database.js';

export interface TestApi {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly database: PrismaDatabase;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

type CreateApp = (module: Type) => Promise<NestFastifyApplication>;

/**
 * Starts an app as `main.ts` does, with `settings` besides those of the environment. One a test
 * file: the metrics of a process are one of a kind.
 */
export async function startApi(
  createApp: CreateApp,
  module: Type,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestApi> {
  const { database, url: databaseUrl, drop } = await createTestDatabase();
  Object.assign(process.env, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '8',
    QUEUE_PREFIX: `${randomUUID()}.`, // limits are counted in a Redis that test files share
    LOGIN_RATE_LIMIT_PER_MINUTE: '10000',
    RATE_LIMIT_PER_MINUTE: '10000',
    ...settings,
  });
  const app = await createApp(module);
  await app.listen(0, '127.0.0.1');
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    app,
    database,
    close: async () => {
      await app.close();
      await drop();
    },
  };
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request; `body` goes out as JSON, and comes back parsed where it is JSON. */
export async function call(
  api: Pick<TestApi, 'url'>,
  method: string,
  path: string,
  { body, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const answer = await fetch(api.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

/** Somebody who is logged in. */
export interface Client {
  readonly teamId: string;
  readonly userId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  get(path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export const PASSWORD = 'correct horse battery staple';

/** Registers a team and logs its owner in, over HTTP. */
export async function aLoggedInTeam(api: TestApi): Promise<Client> {
  const email = `${randomUUID()}@example.org`;
  const registered = await call(api, 'POST', '/api/v1/auth/register', {
    body: { team_name: 'Team', email, password: PASSWORD },
  });
  if (registered.status !== 201) throw new Error(`register: ${JSON.stringify(registered.body)}`);
  return logIn(api, { email, teamId: registered.body.team.id, userId: registered.body.user.id });
}

/** A further member of a team, logged in. */
export async function aLoggedInMember(
  api: TestApi,
  owner: Client,
  role: 'owner' | 'member' | 'reviewer',
): Promise<Client> {
  const email = `${randomUUID()}@example.org`;
  const added = await owner.post('/api/v1/team/members', { email, password: PASSWORD, role });
  if (added.status !== 201) throw new Error(`add member: ${JSON.stringify(added.body)}`);
  return logIn(api, { email, teamId: owner.teamId, userId: added.body.id });
}

async function logIn(
  api: TestApi,
  who: { email: string; teamId: string; userId: string },
): Promise<Client> {
  const { status, body } = await call(api, 'POST', '/api/v1/auth/login', {
    body: { email: who.email, password: PASSWORD },
  });
  if (status !== 200) throw new Error(`login: ${JSON.stringify(body)}`);
  const authorization = { authorization: `Bearer ${body.access_token}` };
  const ask = (method: string, path: string, options: CallOptions = {}) =>
    call(api, method, path, { ...options, headers: { ...authorization, ...options.headers } });
  return {
    ...who,
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
    get: (path, options) => ask('GET', path, options),
    post: (path, body, options) => ask('POST', path, { ...options, body }),
    patch: (path, body) => ask('PATCH', path, { body }),
    delete: (path) => ask('DELETE', path),
  };
}
