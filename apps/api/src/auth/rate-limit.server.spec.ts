import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInTeam,
  call,
  type Client,
  PASSWORD,
  startApi,
  type TestApi,
} from '../../../../test/support/api.js';
import { AppModule } from '../app.module.js';
import { createApp } from '../http/create-app.js';
import { routesOf } from '../http/routes.js';

describe('the limits of the api', () => {
  let api: TestApi;
  let team: Client;
  beforeAll(async () => {
    api = await startApi(createApp, AppModule, {
      RATE_LIMIT_PER_MINUTE: '8',
      LOGIN_RATE_LIMIT_PER_MINUTE: '10',
      CORS_ORIGINS: 'https://lightfold.example.org',
    });
    team = await aLoggedInTeam(api); // two of the ten of 127.0.0.1
  });
  afterAll(() => api.close());

  const login = (headers: Record<string, string> = {}) =>
    call(api, 'POST', '/api/v1/auth/login', {
      body: { email: `${randomUUID()}@example.org`, password: PASSWORD },
      headers,
    });

  it('B.38 hold for a user, over all tokens, and for each api key on its own', async () => {
    const { body: key } = await team.post('/api/v1/auth/api-keys', { name: 'a' });
    const answers = [];
    for (let n = 0; n < 8; n++) answers.push(await team.get('/api/v1/auth/me'));
    expect(answers.map(({ status }) => status)).toEqual([...Array(7).fill(200), 429]);
    expect(answers[0].headers.get('ratelimit-limit')).toBe('8');
    expect(answers[0].headers.get('ratelimit-remaining')).toBe('6');
    const refused = answers[7];
    expect(refused.body.type).toBe('/problems/too-many-requests');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const byKey = await call(api, 'GET', '/api/v1/auth/me', { headers: { 'x-api-key': key.key } });
    expect(byKey.status).toBe(200);
    expect((await call(api, 'GET', '/openapi.json')).status).toBe(200);
  });

  it('B.38 hold for an address that logs in, as a proxy that we trust names it', async () => {
    const answers = [];
    for (let n = 0; n < 9; n++) answers.push(await login());
    expect(answers.map(({ status }) => status)).toEqual([...Array(8).fill(401), 429]);
    const another = { 'x-forwarded-for': '203.0.113.7' };
    expect((await login(another)).status).toBe(401);
    // What the client itself wrote before the proxy added its address changes nothing.
    for (let n = 0; n < 9; n++) await login({ 'x-forwarded-for': `198.51.100.${n}, 203.0.113.7` });
    expect((await login(another)).status).toBe(429);
  });

  it('B.38 let browsers of the named origins in, and no others', async () => {
    const preflight = (origin: string) =>
      fetch(`${api.url}/api/v1/auth/me`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
    const allowed = await preflight('https://lightfold.example.org');
    expect(allowed.headers.get('access-control-allow-origin')).toBe(
      'https://lightfold.example.org',
    );
    // Every method that a route has: without their names a browser sends GET and POST only.
    const methods = allowed.headers.get('access-control-allow-methods')?.split(/, */);
    expect(methods).toEqual(
      expect.arrayContaining([...new Set(routesOf(api.app).map(({ method }) => method))]),
    );
    const other = await preflight('https://evil.example.com');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});
