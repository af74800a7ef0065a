import type { z } from 'zod';
import { answer, type Domain, type Problem, tokens } from '#contracts';
import { ApiProblem, unreachable } from './problem';
import { getSession, type Session, setSession } from './session';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Asks the api; the answer is checked against its contract and comes in camelCase. */
export async function call<S extends z.ZodType>(
  schema: S,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Domain<z.output<S>>> {
  const response = await send(method, path, body);
  return answer(schema, await response.json());
}

/** For answers without a body. */
export async function command(method: Method, path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}

export async function download(path: string): Promise<Blob> {
  return (await send('GET', path)).blob();
}

async function send(method: Method, path: string, body?: unknown): Promise<Response> {
  let response = await request(method, path, body, getSession());
  if (response.status === 401 && getSession()) {
    const renewed = await renewSession();
    response = renewed ? await request(method, path, body, renewed) : response;
  }
  if (response.ok) return response;
  throw new ApiProblem(await problemOf(response));
}

function request(
  method: Method,
  path: string,
  body: unknown,
  session: Session | null,
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (session) headers.authorization = `Bearer ${session.accessToken}`;
  return fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
}

let renewal: Promise<Session | null> | null = null;

/** One renewal at a time, over all tabs: a refresh token used twice ends the session. */
export function renewSession(): Promise<Session | null> {
  renewal ??= withLock(async () => {
    const before = getSession();
    if (!before) return null;
    const stored = JSON.parse(
      localStorage.getItem('lightfold.session') ?? 'null',
    ) as Session | null;
    if (stored && stored.refreshToken !== before.refreshToken) return stored;
    const response = await request(
      'POST',
      '/api/v1/auth/refresh',
      { refresh_token: before.refreshToken },
      null,
    );
    if (!response.ok) {
      setSession(null);
      return null;
    }
    const session = answer(tokens, await response.json());
    setSession(session);
    return session;
  }).finally(() => (renewal = null));
  return renewal;
}

/** `navigator.locks` exists on https and localhost only. */
const withLock = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('lightfold.refresh', work) : work();

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return {
      type: '/problems/unreadable-answer',
      title: 'The server answered unexpectedly',
      status: response.status,
      detail: `The server answered ${response.status} without saying why.`,
    };
  }
}
